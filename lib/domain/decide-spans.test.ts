import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decide } from './decide.ts'
import { decideSpans } from './decide-spans.ts'
import { begin, play, query, regimes, steps, toQuery } from './testing/arbitrary-history.ts'
import { alice, aPurpose, day, History, start } from './testing/history.ts'

describe('decideSpans', () => {
  test('leaves no collection time out, and permits none that decide does not', () => {
    const offsets = fc.tuple(fc.integer({ min: -120, max: 500 }), fc.constantFrom(-1, 0, 1, 43_200_000))
    fc.assert(
      fc.property(
        regimes,
        steps,
        query,
        fc.array(offsets, { maxLength: 20 }),
        (drawn, said, asked, times) => {
          const history = play(begin(drawn), said)
          const state = history.states.get(alice)
          const q = { ...toQuery(history, asked), demandsCollectedAt: true }
          const spans = decideSpans(history.policy!, state, q)
          expect(spans[0]!.fromMs).toBe(Number.NEGATIVE_INFINITY)
          expect(spans.at(-1)!.untilMs).toBe(Number.POSITIVE_INFINITY)
          for (const [index, { fromMs }] of spans.entries()) {
            if (index > 0) expect(spans[index - 1]!.untilMs).toBe(fromMs)
          }
          const ends = spans.flatMap(({ fromMs }) => [fromMs - 1, fromMs, fromMs + 1]).filter(Number.isFinite)
          for (const collectedAtMs of [...ends, ...times.map(([days, ms]) => start + days * day + ms)]) {
            const want = decide(history.policy!, state, { ...q, collectedAtMs })
            const span = spans.find(
              ({ fromMs, untilMs }) => fromMs <= collectedAtMs && collectedAtMs < untilMs,
            )!
            expect(span.decision).toMatchObject({ allowed: want.allowed, reason: want.reason })
            if (!want.allowed || !span.decision.allowed) continue
            expect(span.decision.obligations.useUntilMs).toBeLessThanOrEqual(want.obligations.useUntilMs)
          }
        },
      ),
      { numRuns: 1_500 },
    )
  })

  // One row for the whole run would be over with its oldest data, a millisecond after it was written.
  test('data that is about to be kept too long does not take younger data with it', () => {
    const kept = aPurpose('ai_training', { retentionDays: 30 })
    const history = History.begin({ act: 'purpose_published', version: 2, definition: kept })
    const retentionMs = 30 * day
    history.yes('ai_training')
    history.pass(100)
    const spans = decideSpans(history.policy!, history.states.get(alice), history.query('ai_training'))
    const permits = spans.flatMap((span) =>
      span.decision.allowed ? [{ span, useUntilMs: span.decision.obligations.useUntilMs }] : [],
    )
    const { nowMs } = history
    expect(permits.length).toBeGreaterThanOrEqual(3)
    expect(permits.length).toBeLessThanOrEqual(14)
    for (const [index, { span, useUntilMs }] of permits.entries()) {
      const leftMs = span.fromMs + retentionMs - nowMs
      expect(useUntilMs).toBe(nowMs + Math.min(day, leftMs))
      if (index > 0) expect(useUntilMs).toBeGreaterThan(permits[index - 1]!.useUntilMs)
    }
    expect(permits.at(-1)!.useUntilMs).toBe(nowMs + day)
  })
})
