import type { PropertyKey, PurposeKey } from './ids.ts'
import type { Grant, Row, SubjectState } from './state.ts'

/** The row of one purpose in one scope; an empty one where nothing was ever said. */
export function rowAt(state: SubjectState, purpose: PurposeKey, property: PropertyKey | null): Row {
  const found = state.rows.find((row) => row.purpose === purpose && row.property === property)
  if (found !== undefined) return found
  return {
    purpose,
    property,
    refusals: [],
    grant: null,
    grantLiftedRefusal: false,
    liftedAtMs: null,
    latestRefusal: null,
  }
}

/** The state with `row` in its place: rows are ordered by purpose, then property, the organisation's first. */
export function withRow(state: SubjectState, row: Row): SubjectState {
  const others = state.rows.filter(
    ({ purpose, property }) => purpose !== row.purpose || property !== row.property,
  )
  return { ...state, rows: [...others, row].sort(compareRows) }
}

export function mapRows(state: SubjectState, change: (row: Row) => Row): SubjectState {
  return { ...state, rows: state.rows.map(change) }
}

/** Takes the grants of the rows that `isMeant` names. */
export function clearGrants(state: SubjectState, isMeant: (row: Row) => boolean): SubjectState {
  return mapRows(state, (row) =>
    row.grant !== null && isMeant(row) ? { ...row, grant: null, grantLiftedRefusal: false } : row,
  )
}

/** Proven, given by someone who could, and not struck. Expiry is a question of the day it is asked. */
export function isValid(grant: Grant): boolean {
  return grant.isProven && !grant.isInvalidated && grant.capacity === 'capable'
}

/** Whether this grant ends that refusal: a guardian's ends only guardians' (the child's own no is the child's). */
export function maySetAside(
  grant: { readonly actor: Grant['actor'] },
  refusal: { byGuardian: boolean },
): boolean {
  return grant.actor !== 'guardian' || refusal.byGuardian
}

function compareRows(a: Row, b: Row): number {
  if (a.purpose !== b.purpose) return a.purpose < b.purpose ? -1 : 1
  return (a.property ?? '') < (b.property ?? '') ? -1 : 1
}
