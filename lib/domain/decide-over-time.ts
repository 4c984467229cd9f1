import { clockSkewMs } from './check-grant.ts'
import { decide } from './decide.ts'
import type { Decision, Query } from './decision.ts'
import { noticesNaming } from './find-notice.ts'
import type { Policy } from './policy.ts'
import type { SubjectState } from './state.ts'

/** From `fromMs` on (the first from minus infinity), data collected then is decided so. */
export type Piece = {
  readonly fromMs: number
  readonly decision: Decision
}

const dayMs = 86_400_000

/**
 * The decision for every collection time at once: what `decide` says changes only at times that the state, the policy
 * or the clock name, so it is asked once between each two of them. Neighbours that differ in nothing but how long the
 * data may be used are one piece; `useUntilMs` is then the shortest of the piece. `query.collectedAtMs` is not looked
 * at.
 */
export function decideOverTime(
  policy: Policy,
  state: SubjectState | undefined,
  query: Query,
): readonly Piece[] {
  const decideAt = (collectedAtMs: number) => decide(policy, state, { ...query, collectedAtMs })
  return piecesBetween(breakpoints(policy, state, query), decideAt)
}

/** The same of any decision that changes only at `breaks`, which are in order. */
export function piecesBetween(
  breaks: readonly number[],
  decideAt: (collectedAtMs: number) => Decision,
): readonly Piece[] {
  const times = [Number.NEGATIVE_INFINITY, ...breaks]
  const pieces: Piece[] = []
  for (const [index, fromMs] of times.entries()) {
    // Before the first of them, any time will do.
    const atMs = index === 0 ? Math.min((times[1] ?? 0) - 1, 0) - dayMs : fromMs
    const decision = decideAt(atMs)
    const last = pieces.at(-1)
    if (last !== undefined && isSame(last.decision, decision)) {
      pieces[pieces.length - 1] = { fromMs: last.fromMs, decision: shorter(last.decision, decision) }
    } else pieces.push({ fromMs, decision })
  }
  return pieces
}

/** The piece that a collection time lies in. */
export function pieceAt(pieces: readonly Piece[], collectedAtMs: number): Piece {
  return pieces.findLast(({ fromMs }) => fromMs <= collectedAtMs)!
}

/** Every time at which the answer can change, in order; some at which it does not. */
export function breakpoints(
  policy: Policy,
  state: SubjectState | undefined,
  query: Query,
): readonly number[] {
  const { nowMs, purpose, sourcePurpose } = query
  const times = new Set<number>([nowMs, nowMs + clockSkewMs + 1])
  const add = (...more: readonly (number | null | undefined)[]) => {
    for (const time of more) if (time !== null && time !== undefined) times.add(time)
  }
  for (const { retentionDays } of policy.purposes.get(purpose)?.versions ?? []) {
    if (retentionDays !== null) add(nowMs - retentionDays * dayMs + 1)
  }
  for (const notice of noticesNaming(policy, [purpose, ...(sourcePurpose === null ? [] : [sourcePurpose])])) {
    add(notice.publishedAtMs, notice.untilMs)
    for (const { coversEarlier } of notice.definition.purposes) add(coversEarlier?.fromMs)
  }
  if (state === undefined) return [...times].sort((a, b) => a - b)
  add(state.erasedBeforeMs, state.gpc?.atMs)
  for (const { fromMs, untilMs } of state.links) add(fromMs, untilMs)
  for (const { refusals, latestRefusal, liftedAtMs, grant } of state.rows) {
    add(liftedAtMs, latestRefusal?.atMs, grant?.effectiveFromMs, grant?.expiresAtMs)
    for (const { atMs } of refusals) add(atMs)
    for (const { fromMs } of grant?.run ?? []) add(fromMs)
  }
  return [...times].sort((a, b) => a - b)
}

/** Alike in everything but how long the data may be used. */
function isSame(a: Decision, b: Decision): boolean {
  if (a.reason !== b.reason || a.basis.seq !== b.basis.seq || a.basis.atMs !== b.basis.atMs) return false
  if (!a.allowed || !b.allowed) return a.allowed === b.allowed
  const [one, other] = [a.obligations, b.obligations]
  return (
    one.collectedFromMs === other.collectedFromMs &&
    one.categories.length === other.categories.length &&
    one.categories.every((key, index) => key === other.categories[index])
  )
}

function shorter(a: Decision, b: Decision): Decision {
  if (!a.allowed || !b.allowed || a.obligations.useUntilMs <= b.obligations.useUntilMs) return a
  return { ...a, obligations: { ...a.obligations, useUntilMs: b.obligations.useUntilMs } }
}
