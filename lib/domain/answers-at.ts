import { decide } from './decide.ts'
import type { Decision, Query } from './decision.ts'
import type { PropertyKey, PurposeKey } from './ids.ts'
import type { Known, Past } from './past.ts'
import type { Policy } from './policy.ts'
import type { SubjectState } from './state.ts'

/** What is asked of each moment. */
export type PastQuestion = {
  readonly purpose: PurposeKey
  readonly property: PropertyKey | null
  /** When the data was collected; null for data of the moment itself. Milliseconds. */
  readonly collectedAtMs: number | null
}

/** The decision about the past, which is never made for a use of data: `historical`. */
export type PastAnswer = { readonly question: PastQuestion; readonly decision: Decision }

/**
 * What would have been answered at `atMs`, by the same `decide` that answers now: with `then`, from what was recorded
 * by that moment; with `now`, from what has been recorded since as well. Where nothing was configured yet, every
 * purpose is unknown.
 */
export function answersAt(
  past: Past,
  atMs: number,
  known: Known,
  questions: readonly PastQuestion[],
): readonly PastAnswer[] {
  const policy = past.policyAt(atMs)
  const state = past.stateAt(atMs, known)
  return questions.map((question) => ({ question, decision: answerOf(policy, state, question, atMs) }))
}

/** What one event changed: the decisions just before it and just after it, at its time. */
export type Changed = {
  readonly question: PastQuestion
  readonly before: Decision
  readonly after: Decision
}

/** Which of these answers the event at `index` changed. */
export function changedBy(past: Past, index: number, questions: readonly PastQuestion[]): readonly Changed[] {
  const { policy, before, after } = past.around(index)
  const atMs = past.events[index]!.recordedAtMs
  return questions.flatMap((question) => {
    const [was, is] = [before, after].map((state) => answerOf(policy, state, question, atMs))
    return isSameAnswer(was!, is!) ? [] : [{ question, before: was!, after: is! }]
  })
}

/** Alike in what they say and why; on what they rest and how long may differ. */
export function isSameAnswer(a: Decision, b: Decision): boolean {
  return a.allowed === b.allowed && a.reason === b.reason
}

const nothing = { seq: null, notice: null, atMs: null }

function answerOf(
  policy: Policy | undefined,
  state: SubjectState | undefined,
  { purpose, property, collectedAtMs }: PastQuestion,
  atMs: number,
): Decision {
  if (policy === undefined) return { allowed: false, reason: 'purpose_unknown', basis: nothing }
  const query: Query = {
    ...{ purpose, property, nowMs: atMs, collectedAtMs: collectedAtMs ?? atMs },
    ...{ freshness: 'fresh', demandsCollectedAt: false },
    ...{ categories: null, recipient: null, regime: null, sourcePurpose: null },
  }
  return decide(policy, state, query)
}
