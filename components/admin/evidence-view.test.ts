import { describe, expect, test } from 'vitest'
import { actorWords, apiQuery, evidenceHref } from './evidence-view.ts'

describe('the address of the evidence', () => {
  test('names days that are both in, which the API asks for by instants', () => {
    expect(apiQuery({ from: '2026-01-01', to: '2026-01-31', kind: ['granted', 'denied'] }).toString()).toBe(
      'from=2026-01-01&to=2026-02-01T00%3A00%3A00.000Z&kind=granted&kind=denied',
    )
    expect(apiQuery({ to: '2026-01-31T10:00:00Z', actor: '' }).toString()).toBe('to=2026-01-31T10%3A00%3A00Z')
  })

  test('keeps its filters from page to page, and begins anew without a cursor', () => {
    expect(evidenceHref({ kind: 'granted', cursor: 'x' }, 'y')).toBe('/admin/evidence?kind=granted&cursor=y')
    expect(evidenceHref({ kind: 'granted', cursor: 'x' })).toBe('/admin/evidence?kind=granted')
    expect(evidenceHref({})).toBe('/admin/evidence')
  })

  test('calls who did it by name, else by what she is, else by the id', () => {
    expect(actorWords('member:1', 'alice@example.com')).toBe('alice@example.com')
    expect(actorWords('subject')).toBe('the person')
    expect(actorWords('key_1')).toBe('key_1')
  })
})
