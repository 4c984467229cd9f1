import type { Question } from './check-grant.ts'
import { gpcRefuses } from './combine-regimes.ts'
import { findNotice, namedIn } from './find-notice.ts'
import { lineageOf, type PurposeKey } from './ids.ts'
import { liftingRows } from './lifted-from.ts'
import { findGpcGrants } from './standing-refusal.ts'
import type { Grant, Row } from './state.ts'

/** A grant and the row it stands in, which may be an ancestor's or another property's. */
export type Candidate = { readonly row: Row; readonly grant: Grant }

/**
 * The grants that could allow this: the purpose's own, and those of ancestors whose notice names it, unless a nearer
 * purpose was ever refused: then only a yes to that one lifts it. First those whose scope covers the question, then
 * the newest.
 */
export function findCandidates({ policy, state, query, purpose, combined }: Question): readonly Candidate[] {
  if (state === undefined) return []
  const lineage = lineageOf(query.purpose)
  // Where the browser's signal refuses, only a yes that named the conflict counts.
  const named =
    state.gpc !== null && gpcRefuses(combined, purpose.key, purpose.saleOrSharing)
      ? findGpcGrants(state, purpose.key, query.property)
      : undefined
  const isSilenced = (row: Row) => named !== undefined && !named.includes(row)
  const wasRefusedNearer = (ancestor: PurposeKey) =>
    state.rows.some(
      ({ purpose: key, property, latestRefusal }) =>
        latestRefusal !== null &&
        lineage.indexOf(key) >= 0 &&
        lineage.indexOf(key) < lineage.indexOf(ancestor) &&
        (query.property === null || property === null || property === query.property),
    )
  const candidates = state.rows.flatMap((row): Candidate[] => {
    const { grant } = row
    if (grant === null || !lineage.includes(row.purpose) || isSilenced(row)) return []
    if (row.purpose === query.purpose) return [{ row, grant }]
    if (wasRefusedNearer(row.purpose)) return []
    const notice = findNotice(policy, grant.noticeKey, grant.noticeVersion)
    return namedIn(notice, query.purpose) === undefined ? [] : [{ row, grant }]
  })
  const covers = ({ row }: Candidate) => (row.property === null || row.property === query.property ? 0 : 1)
  return candidates.sort((a, b) => covers(a) - covers(b) || b.grant.seq - a.grant.seq)
}

/**
 * The grants that lifted a refusal in the way of this question, newest first. Where there are some, no rule but
 * theirs allows anything: the person said no once, so only her yes counts.
 */
export function findLiftingGrants({
  policy,
  state,
  query,
  purpose,
  combined,
}: Question): readonly Candidate[] {
  if (state === undefined) return []
  const found = new Map<number, Candidate>()
  const add = (row: Row) => {
    if (row.grant !== null) found.set(row.grant.seq, { row, grant: row.grant })
  }
  for (const key of lineageOf(query.purpose)) {
    for (const row of liftingRows(policy, state, key, query.property)) add(row)
  }
  if (state.gpc !== null && gpcRefuses(combined, purpose.key, purpose.saleOrSharing)) {
    for (const row of findGpcGrants(state, purpose.key, query.property)) add(row)
  }
  return [...found.values()].sort((a, b) => b.grant.seq - a.grant.seq)
}
