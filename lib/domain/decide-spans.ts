import { decide } from './decide.ts'
import { decideOverTime } from './decide-over-time.ts'
import type { Decision, Permit, Query } from './decision.ts'
import type { Policy } from './policy.ts'
import type { SubjectState } from './state.ts'

/** Data collected from `fromMs` on and before `untilMs` is decided so; either may be infinite. */
export type Span = { readonly fromMs: number; readonly untilMs: number; readonly decision: Decision }

const minuteMs = 60_000

/**
 * What `decide` says for every collection time, as spans that can be joined with records for a while.
 *
 * Where a retention period bounds the use, each collection time may be used until a time of its own, and the first of
 * a span is over at once. Such a span is cut after one minute, two, four and so on, so that what is left of it after
 * some hours is all but what ran out meanwhile. `use_until` of a span is that of its first collection time, its
 * shortest.
 */
export function decideSpans(policy: Policy, state: SubjectState | undefined, query: Query): readonly Span[] {
  const pieces = decideOverTime(policy, state, query)
  return pieces.flatMap(({ fromMs, decision }, index): readonly Span[] => {
    const untilMs = pieces[index + 1]?.fromMs ?? Number.POSITIVE_INFINITY
    if (!decision.allowed) return [{ fromMs, untilMs, decision }]
    const isBounded = Number.isFinite(fromMs) && Number.isFinite(untilMs)
    const last = isBounded ? decide(policy, state, { ...query, collectedAtMs: untilMs - 1 }) : decision
    if (!last.allowed || lastUseOf(last) === lastUseOf(decision)) return [{ fromMs, untilMs, decision }]
    return cut(fromMs, untilMs, (atMs) => decide(policy, state, { ...query, collectedAtMs: atMs }))
  })
}

function cut(fromMs: number, untilMs: number, decideAt: (atMs: number) => Decision): readonly Span[] {
  const spans: Span[] = []
  for (let [startMs, lengthMs] = [fromMs, minuteMs]; startMs < untilMs; lengthMs *= 2) {
    const decision = decideAt(startMs)
    const before = spans.at(-1)
    const endMs = Math.min(fromMs + lengthMs, untilMs)
    if (before?.decision.allowed && decision.allowed && lastUseOf(before.decision) === lastUseOf(decision)) {
      spans[spans.length - 1] = { ...before, untilMs: endMs }
    } else spans.push({ fromMs: startMs, untilMs: endMs, decision })
    startMs = endMs
  }
  return spans
}

const lastUseOf = ({ obligations }: Permit) => obligations.useUntilMs
