import { describe, expect, test } from 'vitest'
import { change, receive } from './request-changes.ts'
import { requestClocks, requestKinds, requestRegimes } from './request-clocks.ts'

const at = (text: string) => Date.parse(text)
const day = (atMs: number | null) => (atMs === null ? null : new Date(atMs).toISOString())
const end = (date: string) => `${date}T23:59:59.999Z`

describe('the clock of a request', () => {
  test.each([
    {
      regime: 'gdpr',
      kind: 'access',
      received: '2026-01-31T09:00:00Z',
      due: '2026-02-28',
      until: '2026-04-28',
    },
    {
      regime: 'gdpr',
      kind: 'erasure',
      received: '2028-01-31T09:00:00Z',
      due: '2028-02-29',
      until: '2028-04-29',
    },
    {
      regime: 'gdpr',
      kind: 'objection',
      received: '2026-11-30T23:59:59Z',
      due: '2026-12-30',
      until: '2027-02-28',
    },
    {
      regime: 'gdpr',
      kind: 'rectification',
      received: '2026-03-15T00:00:00Z',
      due: '2026-04-15',
      until: '2026-06-15',
    },
    {
      regime: 'ccpa',
      kind: 'access',
      received: '2026-01-01T12:00:00Z',
      due: '2026-02-15',
      until: '2026-04-01',
    },
    {
      regime: 'ccpa',
      kind: 'erasure',
      received: '2026-12-01T12:00:00Z',
      due: '2027-01-15',
      until: '2027-03-01',
    },
    // Received on a Friday, and on a Saturday: the weekend is not counted.
    { regime: 'ccpa', kind: 'opt_out', received: '2026-11-20T12:00:00Z', due: '2026-12-11', until: null },
    { regime: 'ccpa', kind: 'opt_out', received: '2026-11-21T12:00:00Z', due: '2026-12-11', until: null },
  ] as const)('$regime $kind received $received is due $due', ({ regime, kind, received, due, until }) => {
    const receivedAtMs = at(received)
    const request = receive({ regime, kind, receivedAtMs }, receivedAtMs)
    expect(day(request.dueAtMs)).toBe(end(due))
    if (until === null) {
      expect(() => change(request, 'extend', receivedAtMs)).toThrow('cannot be extended (11 CCR §7026(f))')
    } else {
      expect(day(change(request, 'extend', receivedAtMs).extendedUntilMs)).toBe(end(until))
    }
  })

  test('every regime knows some requests, and each clock names its source', () => {
    for (const regime of requestRegimes) {
      const clocks = requestKinds.flatMap((kind) => requestClocks[regime][kind] ?? [])
      expect(clocks.length).toBeGreaterThan(0)
      for (const { source } of clocks) expect(source).toMatch(/Art\.|§/)
    }
  })

  test('a request of a kind its law does not know is turned away with the one it means', () => {
    const receivedAtMs = at('2026-01-01T00:00:00Z')
    expect(() => receive({ regime: 'gdpr', kind: 'opt_out', receivedAtMs }, receivedAtMs)).toThrow(
      /objection/,
    )
    expect(() => receive({ regime: 'ccpa', kind: 'objection', receivedAtMs }, receivedAtMs)).toThrow(
      /opt-out/,
    )
  })
})

describe('a request', () => {
  const receivedAtMs = at('2026-01-10T00:00:00Z')
  const open = receive({ regime: 'gdpr', kind: 'access', receivedAtMs }, receivedAtMs)

  test('is not received in the future', () => {
    expect(() => receive({ regime: 'gdpr', kind: 'access', receivedAtMs }, receivedAtMs - 1)).toThrow(/first/)
  })

  test('is extended once, and until the last millisecond of its first term', () => {
    const extended = change(open, 'extend', open.dueAtMs)
    expect(() => change(open, 'extend', open.dueAtMs + 1)).toThrow(/has passed/)
    expect(() => change(extended, 'extend', open.dueAtMs)).toThrow(/once/)
  })

  test.each([
    ['answer', 'answered'],
    ['refuse', 'refused'],
    ['withdraw', 'withdrawn'],
  ] as const)('by %s is %s, and closed until it is reopened', (what, state) => {
    const closed = change(open, what, receivedAtMs + 5)
    expect(closed).toMatchObject({ state, answeredAtMs: receivedAtMs + 5 })
    expect(() => change(closed, 'answer', receivedAtMs + 6)).toThrow(
      `This request is ${state}; reopen it first.`,
    )
    expect(change(closed, 'reopen', receivedAtMs + 7)).toEqual(open)
  })

  test('takes a note in any state, and is not reopened where it is open', () => {
    expect(change(open, 'note', receivedAtMs)).toEqual(open)
    expect(() => change(open, 'reopen', receivedAtMs)).toThrow(/is open/)
  })
})
