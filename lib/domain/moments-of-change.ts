import { answersAt, type Changed, isSameAnswer, type PastQuestion } from './answers-at.ts'
import { clockSkewMs } from './check-grant.ts'
import { combineRegimes } from './combine-regimes.ts'
import type { Known, Past } from './past.ts'

const dayMs = 86_400_000

/** A millisecond from which on an answer is another than in the one before. */
export type Moment = { readonly atMs: number; readonly changes: readonly Changed[] }

/**
 * Every moment from the subject's first event until `untilMs` at which one of the answers changed, in order: between
 * two neighbours no answer differs. Answers change only at times that events, configuration, expiries and retention
 * name, so each of these is asked, and the millisecond before it. What it gives is undefined where a time changed
 * nothing: whoever goes through them can give way to others between any two.
 */
export function* momentsOfChange(
  past: Past,
  known: Known,
  questions: readonly PastQuestion[],
  untilMs: number,
): Generator<Moment | undefined> {
  const candidates = new Set<number>()
  for (const atMs of past.times) {
    for (const time of changeTimes(past, atMs, known, questions)) candidates.add(time)
    yield undefined
  }
  const fromMs = beginOf(past, known)
  for (const atMs of [...candidates].sort((a, b) => a - b)) {
    if (atMs < fromMs || atMs > untilMs) continue
    const before = answersAt(past, atMs - 1, known, questions)
    const changes = answersAt(past, atMs, known, questions).flatMap(({ question, decision }, index) => {
      const was = before[index]!.decision
      return isSameAnswer(was, decision) ? [] : [{ question, before: was, after: decision }]
    })
    yield changes.length === 0 ? undefined : { atMs, changes }
  }
}

/** Since when something is known of her. */
function beginOf({ events, times, stateAt }: Past, known: Known): number {
  if (known === 'then') return events[0]?.recordedAtMs ?? Number.POSITIVE_INFINITY
  return times.find((atMs) => stateAt(atMs, known) !== undefined) ?? Number.POSITIVE_INFINITY
}

/** When an answer can change, as far as the policy and the state of one moment know; some at which it does not. */
function changeTimes(
  past: Past,
  atMs: number,
  known: Known,
  questions: readonly PastQuestion[],
): readonly number[] {
  const [policy, state] = [past.policyAt(atMs), past.stateAt(atMs, known)]
  const times = [atMs]
  const add = (...more: readonly (number | null | undefined)[]) => {
    for (const time of more) if (time !== null && time !== undefined) times.push(time)
  }
  if (policy === undefined) return times
  const lifetimeMs = combineRegimes(policy, state?.regimes ?? [], null).consentLifetimeMs
  for (const { grant } of state?.rows ?? []) {
    if (grant !== null) add(grant.expiresAtMs, grant.effectiveFromMs + lifetimeMs)
  }
  for (const { expiresAtMs } of policy.assessments.values()) add(expiresAtMs)
  for (const versions of policy.notices.values()) {
    for (const { untilMs, definition } of versions) {
      add(untilMs, ...definition.purposes.map(({ coversEarlier }) => coversEarlier?.fromMs))
    }
  }
  for (const { purpose, collectedAtMs } of questions) {
    if (collectedAtMs === null) continue
    // Data may be asked about a little before its time, for clocks differ.
    add(collectedAtMs, collectedAtMs - clockSkewMs, collectedAtMs - clockSkewMs + 1)
    for (const { retentionDays } of policy.purposes.get(purpose)?.versions ?? []) {
      if (retentionDays !== null) add(collectedAtMs + retentionDays * dayMs)
    }
  }
  return times
}
