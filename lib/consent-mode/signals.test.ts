import { afterEach, describe, expect, test, vi } from 'vitest'
import { readMapping, signalsOf } from './signals.ts'

afterEach(() => vi.restoreAllMocks())
const mapping = {
  analytics: ['analytics_storage'],
  ads: ['ad_storage', 'ad_user_data'],
  profiles: ['ad_storage'],
}
const none = {
  ...{ ad_storage: 'denied', ad_user_data: 'denied', ad_personalization: 'denied' },
  analytics_storage: 'denied',
}

describe('consent mode', () => {
  test.each([
    ['nobody said yes', [], none],
    ['one said yes', ['analytics'], { ...none, analytics_storage: 'granted' }],
    ['a signal of two purposes needs both', ['ads'], { ...none, ad_user_data: 'granted' }],
    ['both said yes', ['ads', 'profiles'], { ...none, ad_user_data: 'granted', ad_storage: 'granted' }],
  ])('%s', (_, yes, want) =>
    expect(signalsOf(mapping, (purpose) => (yes as string[]).includes(purpose))).toEqual(want),
  )

  test.each([undefined, '', '{', '{"analytics":"analytics_storage"}', 'null'])(
    'a mapping that cannot be read (%s) grants nothing, and says so',
    (text) => {
      const said = vi.spyOn(console, 'error').mockReturnValue()
      expect(signalsOf(readMapping(text), () => true)).toEqual(none)
      expect(said).toHaveBeenCalled()
    },
  )
})
