import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { combineRegimes } from '../domain/combine-regimes.ts'
import { isMeant } from '../domain/recall.ts'
import type { SubjectState } from '../domain/state.ts'
import { begin, play, regimes, steps } from '../domain/testing/arbitrary-history.ts'
import { day, device, History, organisation } from '../domain/testing/history.ts'
import { ConsentIndex } from './consent-index.ts'
import type { CoverageCount, CoverageState } from './decisions.ts'

const order: readonly CoverageState[] = [
  ...(['open', 'void', 'run_out', 'superseded', 'granted'] as const),
  ...(['ends_within_90_days', 'ends_within_60_days', 'ends_within_30_days', 'refused'] as const),
]

/** Where a purpose stands for one subject, from a state that was never packed. */
function standing(
  { policy, nowMs }: History,
  { rows, regimes: seen }: SubjectState,
  purpose: string,
): CoverageState | undefined {
  const lifetimeMs = combineRegimes(policy!, seen, null).consentLifetimeMs
  const of = rows.filter((row) => row.purpose === purpose)
  const found = of.map(({ grant, refusals }): CoverageState => {
    if (refusals.length > 0) return 'refused'
    if (grant === null) return 'open'
    const { noticeKey, noticeVersion } = grant
    const notice = noticeKey === null ? undefined : policy!.notices.get(noticeKey)?.[noticeVersion - 1]
    const isRecalled = policy!.recalls.all.some(({ scope, seq }) => isMeant(scope, seq, grant))
    const isUnfit = !grant.isProven || grant.isInvalidated || grant.capacity !== 'capable'
    if (isUnfit || isRecalled || notice?.isInvalidated) {
      return 'void'
    }
    const days = (Math.min(grant.expiresAtMs, grant.effectiveFromMs + lifetimeMs) - nowMs) / day
    if (days <= 0) return 'run_out'
    if (grant.purposeVersion < policy!.purposes.get(purpose as never)!.materialVersion) return 'superseded'
    if (days > 90) return 'granted'
    return days > 60 ? 'ends_within_90_days' : days > 30 ? 'ends_within_60_days' : 'ends_within_30_days'
  })
  return found.sort((a, b) => order.indexOf(b) - order.indexOf(a))[0]
}

function naively(history: History): string[] {
  const people = [...history.states.values()]
  const groups = new Set(people.map((state) => [...state.regimes].sort().join(' ')))
  return [...groups]
    .flatMap((joined) => {
      const of = people.filter((state) => [...state.regimes].sort().join(' ') === joined)
      return [...history.policy!.purposes.keys()].map((purpose) => {
        const states = Object.fromEntries(order.map((state) => [state, 0])) as Record<CoverageState, number>
        for (const state of of) {
          const stands = standing(history, state, purpose)
          if (stands !== undefined) states[stands] += 1
        }
        return JSON.stringify([purpose, joined, of.length, states])
      })
    })
    .sort()
}

const plainly = (counts: readonly CoverageCount[]) =>
  counts
    .map(({ purpose, regimes: seen, subjects, states }) =>
      JSON.stringify([purpose, seen.join(' '), subjects, states]),
    )
    .sort()

describe('counting where purposes stand', () => {
  test('counts each subject once for a purpose, whatever was said, and wherever in the count', () => {
    fc.assert(
      fc.property(regimes, steps, fc.nat(20), (drawn, said, at) => {
        const history = play(begin(drawn), said)
        history.yes('ai_training', { whose: device })
        const index = new ConsentIndex(randomBytes(16))
        const { events } = history
        const split = Math.max(events.length - at, 1)
        for (const event of events.slice(0, split)) index.apply(event)
        const tally = index.beginCoverage(organisation, history.policy!, history.nowMs)
        for (const event of events.slice(split)) {
          tally.advance(1)
          index.apply(event)
        }
        while (!tally.advance(1));
        expect(plainly(tally.result())).toEqual(naively(history))
      }),
    )
  })

  test('says how soon a yes ends, to the millisecond', () => {
    const history = History.begin()
    history.yes('ai_training')
    const index = new ConsentIndex(randomBytes(16))
    for (const event of history.events) index.apply(event)
    const at = (days: number) => {
      const tally = index.beginCoverage(organisation, history.policy!, history.nowMs + days * day)
      while (!tally.advance(10));
      const { states } = tally.result().find(({ purpose }) => purpose === 'ai_training')!
      return order.filter((state) => states[state] > 0)
    }
    expect([274, 275, 305, 335, 364, 365].map(at)).toEqual([
      ...[['granted'], ['ends_within_90_days'], ['ends_within_60_days']],
      ...[['ends_within_30_days'], ['ends_within_30_days'], ['run_out']],
    ])
  })
})
