import { type CombinedRegimes, gpcRefuses } from './combine-regimes.ts'
import type { Basis, Query } from './decision.ts'
import type { RefusalAct } from './events.ts'
import { lineageOf, type PropertyKey, type PurposeKey } from './ids.ts'
import type { CompiledPurpose } from './policy.ts'
import type { DenyReason } from './reasons.ts'
import { isValid, maySetAside, rowAt } from './rows.ts'
import type { Refusal, SubjectState } from './state.ts'

export type StandingRefusal = {
  readonly purpose: PurposeKey
  readonly reason: DenyReason
  readonly basis: Basis
}

/** What a standing refusal of each kind is answered with. */
export const refusalReasons = {
  denied: 'consent_denied',
  withdrawn: 'consent_withdrawn',
  objected: 'objected',
  opted_out: 'opted_out',
} as const satisfies Readonly<Record<RefusalAct, DenyReason>>

/** The newest refusal of the purpose or an ancestor that stands for this question; GPC where no other does. */
export function standingRefusal(
  state: SubjectState,
  query: Query,
  purpose: CompiledPurpose,
  combined: CombinedRegimes,
): StandingRefusal | undefined {
  let newest: { readonly purpose: PurposeKey; readonly refusal: Refusal } | undefined
  for (const key of lineageOf(purpose.key)) {
    for (const refusal of refusalsOf(state, key, query.property)) {
      if (newest === undefined || refusal.seq > newest.refusal.seq) newest = { purpose: key, refusal }
    }
  }
  if (newest !== undefined) {
    const { seq, atMs, notice, kind } = newest.refusal
    return { purpose: newest.purpose, reason: refusalReasons[kind], basis: { seq, atMs, notice } }
  }
  if (state.gpc === null || !gpcRefuses(combined, purpose.key, purpose.saleOrSharing)) return undefined
  if (findGpcGrants(state, purpose.key, query.property).length > 0) return undefined
  const { seq, atMs } = state.gpc
  return { purpose: purpose.key, reason: 'gpc_opt_out', basis: { seq, atMs, notice: null } }
}

/**
 * The refusals of one purpose that stand for a question. One without a property meets every property's; one about
 * a property meets that property's and the organisation's, save those that a later grant there has outlived.
 */
function refusalsOf(state: SubjectState, key: PurposeKey, property: PropertyKey | null): readonly Refusal[] {
  if (property === null) return state.rows.flatMap((row) => (row.purpose === key ? row.refusals : []))
  return [
    ...rowAt(state, key, property).refusals,
    ...rowAt(state, key, null).refusals.filter((refusal) => !isOutlived(state, key, property, refusal)),
  ]
}

/** Whether a later, valid grant in one property sets the organisation's refusal aside for that property. */
export function isOutlived(
  state: SubjectState,
  key: PurposeKey,
  property: PropertyKey,
  refusal: Refusal,
): boolean {
  const { grant } = rowAt(state, key, property)
  return grant !== null && isValid(grant) && grant.seq > refusal.seq && maySetAside(grant, refusal)
}

/** Grants given in a dialogue that said what the browser's signal says, after it. */
export function findGpcGrants(state: SubjectState, key: PurposeKey, property: PropertyKey | null) {
  const { gpc } = state
  if (gpc === null) return []
  return state.rows.filter(
    ({ purpose, property: scope, grant }) =>
      purpose === key &&
      (scope === null || scope === property) &&
      grant !== null &&
      isValid(grant) &&
      grant.namesGpcConflict &&
      // The signal is the person's own no.
      maySetAside(grant, { byGuardian: false }) &&
      grant.seq > gpc.seq,
  )
}
