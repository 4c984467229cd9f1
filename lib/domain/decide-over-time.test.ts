import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decide } from './decide.ts'
import { decideOverTime, pieceAt } from './decide-over-time.ts'
import { begin, play, query, regimes, steps, toQuery } from './testing/arbitrary-history.ts'
import { alice, day, History, start } from './testing/history.ts'

describe('decideOverTime', () => {
  test('says of every collection time what decide says of it', () => {
    fc.assert(
      fc.property(
        regimes,
        steps,
        query,
        fc.array(fc.tuple(fc.integer({ min: -120, max: 500 }), fc.constantFrom(-1, 0, 1, 43_200_000)), {
          minLength: 20,
          maxLength: 20,
        }),
        (drawn, said, asked, times) => {
          const history = play(begin(drawn), said)
          const state = history.states.get(alice)
          const q = { ...toQuery(history, asked), demandsCollectedAt: true }
          const pieces = decideOverTime(history.policy!, state, q)
          const ends = pieces
            .flatMap(({ fromMs }) => [fromMs - 1, fromMs, fromMs + 1])
            .filter(Number.isFinite)
          for (const collectedAtMs of [...ends, ...times.map(([days, ms]) => start + days * day + ms)]) {
            const want = decide(history.policy!, state, { ...q, collectedAtMs })
            const { decision } = pieceAt(pieces, collectedAtMs)
            // Without a grant, what may be used is data of this very time: each time its own.
            const { allowed, reason, basis } = want
            expect(decision).toMatchObject({ allowed, reason, basis })
            if (!want.allowed || !decision.allowed) continue
            expect(decision.obligations.categories).toEqual(want.obligations.categories)
            expect(decision.obligations.useUntilMs).toBeLessThanOrEqual(want.obligations.useUntilMs)
          }
        },
      ),
      { numRuns: 3_000 },
    )
  })

  test('is before, covered and yet to come for a plain yes', () => {
    const history = History.begin()
    history.yes('ai_training')
    const grantedMs = history.nowMs
    history.pass(3)
    const pieces = decideOverTime(history.policy!, history.states.get(alice), history.query('ai_training'))
    expect(pieces.map(({ fromMs, decision }) => [fromMs, decision.reason])).toEqual([
      [Number.NEGATIVE_INFINITY, 'collected_before_consent'],
      [grantedMs, 'consent_given'],
      [history.nowMs + 5_001, 'collected_at_required'],
    ])
  })

  test('is one piece for a refusal', () => {
    const history = History.begin().no('ai_training')
    const pieces = decideOverTime(history.policy!, history.states.get(alice), history.query('ai_training'))
    expect(pieces.map(({ decision }) => decision.reason)).toEqual(['consent_denied'])
  })
})
