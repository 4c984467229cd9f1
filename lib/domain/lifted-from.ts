import type { PropertyKey, PurposeKey } from './ids.ts'
import type { Policy } from './policy.ts'
import { byGuardians, holds, isStruck } from './recall.ts'
import { maySetAside, rowAt } from './rows.ts'
import { isOutlived } from './standing-refusal.ts'
import type { Grant, Row, SubjectState } from './state.ts'

/**
 * The rows whose grants lifted a refusal of `key` that is in the way of a question about `property`. Each must hold:
 * where one was struck, what it lifted stands again. Her own later yes in the property takes the place of one for the
 * whole organisation that does not hold.
 */
export function liftingRows(
  policy: Policy,
  state: SubjectState,
  key: PurposeKey,
  property: PropertyKey | null,
): readonly Row[] {
  const found: Row[] = []
  for (const row of state.rows) {
    if (row.purpose !== key || !row.grantLiftedRefusal || row.grant === null) continue
    const meets = property === null || row.property === null || row.property === property
    if (meets) found.push(carries(policy, row.grant) ? row : (standIn(policy, state, row, property) ?? row))
  }
  if (property === null) return found
  const refusals = rowAt(state, key, null).refusals
  if (refusals.some((refusal) => isOutlived(state, key, property, refusal))) {
    found.push(rowAt(state, key, property))
  }
  return found
}

/** A row whose refusal of `key` was lifted only by a yes that holds no more. */
export function voidLift(
  policy: Policy,
  state: SubjectState,
  key: PurposeKey,
  property: PropertyKey | null,
): Row | undefined {
  return liftingRows(policy, state, key, property).find(
    ({ grant }) => grant === null || !carries(policy, grant),
  )
}

/** Whether a grant holds, and what it took over from those before it is not all struck. */
function carries(policy: Policy, grant: Grant): boolean {
  return holds(policy, grant) && unbrokenFrom(policy, grant) < Number.POSITIVE_INFINITY
}

/**
 * From when on no refusal that the row's grant lifted stands: not before the last of its run that was struck was
 * followed by one that was not. Minus infinity where nothing was ever lifted, infinity where it is not lifted any more.
 */
export function liftedFrom(
  policy: Policy,
  state: SubjectState,
  row: Row,
  property: PropertyKey | null,
): number {
  const fromMs = row.liftedAtMs ?? Number.NEGATIVE_INFINITY
  const { grant, grantLiftedRefusal } = row
  if (grant === null || !(grantLiftedRefusal || outlives(state, row))) return fromMs
  if (carries(policy, grant)) return Math.max(fromMs, unbrokenFrom(policy, grant))
  if (!grantLiftedRefusal) return fromMs
  const own = standIn(policy, state, row, property)?.grant
  return own ? Math.max(fromMs, unbrokenFrom(policy, own), ownFrom(own, own.run)) : Number.POSITIVE_INFINITY
}

/** The row of the property where she herself has said yes since: refusals of the organisation take such a yes with them. */
function standIn(
  policy: Policy,
  state: SubjectState,
  { purpose, property: own }: Row,
  property: PropertyKey | null,
): Row | undefined {
  if (property === null || own !== null) return undefined
  const row = rowAt(state, purpose, property)
  const { grant } = row
  const lifts = grant !== null && holds(policy, grant) && maySetAside(grant, { byGuardian: false })
  return lifts ? row : undefined
}

/** Whether a property's yes is what sets a refusal of the organisation aside there. */
function outlives(state: SubjectState, { purpose, property, liftedAtMs }: Row): boolean {
  return property !== null && liftedAtMs !== null && rowAt(state, purpose, null).refusals.length > 0
}

/**
 * Of a yes that holds: when the first of its run acts that no struck one comes after. The person's own no is lifted by
 * herself alone, so the first that she said, unless nobody but guardians ever did. Minus infinity where none was struck,
 * infinity where none of hers is left.
 */
function unbrokenFrom(policy: Policy, grant: Grant): number {
  const last = grant.run.findLastIndex((earlier) => isStruck(policy, earlier))
  if (last < 0) return Number.NEGATIVE_INFINITY
  return byGuardians(grant)
    ? (grant.run[last + 1]?.fromMs ?? grant.effectiveFromMs)
    : ownFrom(grant, grant.run.slice(last + 1))
}

/** When the first that the person said herself acts, among `run` and the grant; infinity where none is hers. */
function ownFrom({ actor, effectiveFromMs }: Grant, run: Grant['run']): number {
  const own = run.find(({ byGuardian }) => !byGuardian)
  return own?.fromMs ?? (actor === 'guardian' ? Number.POSITIVE_INFINITY : effectiveFromMs)
}
