import { type CombinedRegimes, gpcRefuses } from './combine-regimes.ts'
import type { Query } from './decision.ts'
import { voidLift } from './lifted-from.ts'
import type { CompiledPurpose, Policy } from './policy.ts'
import { holds } from './recall.ts'
import { findGpcGrants, type StandingRefusal, standingRefusal } from './standing-refusal.ts'
import type { SubjectState } from './state.ts'

/**
 * A yes to the whole would be a yes to the part: the first descendant that is refused, or whose refusal was lifted only
 * by a yes that was struck since.
 */
export function standingChildRefusal(
  policy: Policy,
  state: SubjectState,
  query: Query,
  purpose: CompiledPurpose,
  combined: CombinedRegimes,
): StandingRefusal | undefined {
  for (const key of purpose.children) {
    const child = policy.purposes.get(key)
    if (child === undefined) continue
    const found =
      standingRefusal(state, query, child, combined) ??
      refusedAgain(policy, state, query, child, combined) ??
      standingChildRefusal(policy, state, query, child, combined)
    if (found !== undefined) return found
  }
  return undefined
}

function refusedAgain(
  policy: Policy,
  state: SubjectState,
  query: Query,
  { key, saleOrSharing }: CompiledPurpose,
  combined: CombinedRegimes,
): StandingRefusal | undefined {
  const row = voidLift(policy, state, key, query.property)
  if (row !== undefined) {
    const { seq, atMs } = row.latestRefusal ?? { seq: row.grant?.seq ?? null, atMs: null }
    return { purpose: key, reason: 'consent_invalidated', basis: { seq, atMs, notice: null } }
  }
  const { gpc } = state
  if (gpc === null || !gpcRefuses(combined, key, saleOrSharing)) return undefined
  const stands = findGpcGrants(state, key, query.property).some(
    ({ grant }) => grant !== null && holds(policy, grant),
  )
  if (stands) return undefined
  return { purpose: key, reason: 'gpc_opt_out', basis: { seq: gpc.seq, atMs: gpc.atMs, notice: null } }
}
