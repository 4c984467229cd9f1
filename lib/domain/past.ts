import { impossible } from './errors.ts'
import type { ConfigEvent, SubjectEvent } from './events.ts'
import { type Folded, type FoldStatus, foldEvent } from './fold-event.ts'
import { foldPolicy } from './fold-policy.ts'
import type { Policy } from './policy.ts'
import type { SubjectState } from './state.ts'

/**
 * From where one looks at a moment: `then`, with what had been recorded by it, is what was answered; `now`, with what
 * has been recorded since, is what should have been.
 */
export const knownFrom = ['then', 'now'] as const
export type Known = (typeof knownFrom)[number]

/** When an event began to act: what is told late may act from before it was recorded. Milliseconds. */
export function actsFromMs({ body, occurredAtMs, recordedAtMs }: SubjectEvent): number {
  switch (body.act) {
    case 'denied':
    case 'withdrawn':
    case 'objected':
    case 'opted_out':
    case 'gpc_opted_out':
      return Math.min(occurredAtMs, recordedAtMs)
    case 'granted':
      return body.imported ? Math.min(occurredAtMs, recordedAtMs) : recordedAtMs
    default:
      return recordedAtMs
  }
}

/** One subject's events on the configuration of their day. */
export type Past = {
  /** Hers, in sequence. */
  readonly events: readonly SubjectEvent[]
  /** Every time at which something began to be known or to act, in order. */
  readonly times: readonly number[]
  /** The configuration at a moment; undefined before there was one. Configuration is never dated back. */
  policyAt(atMs: number): Policy | undefined
  stateAt(atMs: number, known: Known): SubjectState | undefined
  /** Just before and just after the event at this place in `events`, under the policy it was recorded under. */
  around(index: number): {
    readonly policy: Policy | undefined
    readonly before: SubjectState | undefined
    readonly after: SubjectState | undefined
    /** What it did. */
    readonly status: FoldStatus
  }
}

/**
 * Folds an organisation's configuration and one subject's events, each in sequence and complete, so that any moment
 * can be looked at. Each event folds under the policy it was recorded under, as it did in the log.
 */
export function foldPast(configuration: readonly ConfigEvent[], events: readonly SubjectEvent[]): Past {
  const policies: Policy[] = []
  for (const event of configuration) policies.push(foldPolicy(policies.at(-1), event))
  const configTimes = configuration.map(({ recordedAtMs }) => recordedAtMs)
  const configSeqs = configuration.map(({ seq }) => seq)
  const eventTimes = events.map(({ recordedAtMs }) => recordedAtMs)
  const actTimes = events.map(actsFromMs)

  const policyOf = ({ seq }: SubjectEvent) => policies[countUpTo(configSeqs, seq) - 1]
  const fold = (state: SubjectState | undefined, event: SubjectEvent): Folded =>
    foldEvent(state, event, policyOf(event) ?? impossible('a subject before her organisation'))
  const folds: Folded[] = []
  for (const event of events) folds.push(fold(folds.at(-1)?.state, event))
  const late = events.flatMap((_, index) => (actTimes[index]! < eventTimes[index]! ? [index] : []))

  return {
    events,
    times: [...new Set([...configTimes, ...eventTimes, ...actTimes])].sort((a, b) => a - b),
    policyAt: (atMs) => policies[countUpTo(configTimes, atMs) - 1],
    stateAt(atMs, known) {
      const recorded = countUpTo(eventTimes, atMs)
      let state = folds[recorded - 1]?.state
      if (known === 'then') return state
      // What was recorded later, and acts from before: folded on top, in sequence.
      for (const index of late) {
        if (index >= recorded && actTimes[index]! <= atMs) state = fold(state, events[index]!).state
      }
      return state
    },
    around: (index) => ({
      policy: policyOf(events[index]!),
      before: folds[index - 1]?.state,
      after: folds[index]?.state,
      status: folds[index]!.status,
    }),
  }
}

/** How many of these numbers, which never fall, are not above `limit`. */
function countUpTo(sorted: readonly number[], limit: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! <= limit) low = middle + 1
    else high = middle
  }
  return low
}
