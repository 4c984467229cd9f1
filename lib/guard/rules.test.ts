import { afterEach, describe, expect, test, vi } from 'vitest'
import { comparable, readRules } from './rules.ts'

const page = 'https://shop.example'
const heldBy = (text: string | undefined, url: string) =>
  readRules(text, page)
    .filter(([, pattern]) => pattern.test(comparable(url)))
    .map(([purpose]) => purpose)
afterEach(() => vi.restoreAllMocks())

describe('rules of the guard', () => {
  const rules = JSON.stringify({
    analytics: ['https://stats.example/*', '*://*.metrics.example/*'],
    ads: ['https://stats.example/ads/*'],
  })
  test.each([
    ['https://stats.example/hit?x=1', ['analytics']],
    ['https://stats.example/ads/1', ['analytics', 'ads']],
    ['http://stats.example/hit', ['analytics']],
    ['wss://stats.example/live', ['analytics']],
    ['wss://eu.metrics.example/live', ['analytics']],
    ['https://stats.example.evil.example/hit', []],
    ['https://statsXexample/hit', []],
    ['https://shop.example/?to=https://stats.example/hit', []],
  ])('%s waits for %j', (url, want) => expect(heldBy(rules, url)).toEqual(want))

  test('without rules nothing waits', () => expect(heldBy(undefined, 'https://stats.example/')).toEqual([]))

  // A slip in the rules must not let through what they were written to hold.
  test.each(['{"analytics": [', '{"analytics": 1}', '{"analytics": [1]}', 'null'])(
    'rules that cannot be read (%s) hold back every other site, and say so',
    (text) => {
      const said = vi.spyOn(console, 'error').mockReturnValue()
      expect(heldBy(text, 'https://stats.example/hit')).toEqual([''])
      expect(heldBy(text, 'https://shop.example.evil.example/')).toEqual([''])
      expect(heldBy(text, 'https://shop.example/own')).toEqual([])
      expect(said).toHaveBeenCalled()
    },
  )
})
