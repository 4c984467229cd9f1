import { expect, test } from 'vitest'
import type { NoticeListed } from '../../../lib/client/client.ts'
import { likeliestFirst } from './options.ts'

const listed = (key: string, differs: Partial<NoticeListed> = {}): NoticeListed => ({
  ...{ key, version: 1, property: null, purposes: [], texts: {}, sha256: '' },
  ...{ published_at: '2026-03-01T00:00:00Z', in_force_until: null, is_invalidated: false, ...differs },
})

test('what people are shown today comes first: in force, everywhere, newest', () => {
  const notices = [
    listed('struck', { is_invalidated: true }),
    listed('of-one-site', { property: 'shop', published_at: '2026-06-01T00:00:00Z' }),
    listed('older'),
    listed('replaced', { in_force_until: '2026-05-01T00:00:00Z' }),
    listed('newest', { published_at: '2026-05-01T00:00:00Z' }),
  ]
  expect(likeliestFirst(notices).map(({ key }) => key)).toEqual([
    ...['newest', 'older', 'of-one-site', 'replaced', 'struck'],
  ])
})
