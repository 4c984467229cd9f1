import type { Question } from './check-grant.ts'
import { collectedFrom } from './collected-from.ts'
import { gpcRefuses, ruleFor } from './combine-regimes.ts'
import { noticeInForce } from './find-notice.ts'
import { lineageOf, type PurposeKey } from './ids.ts'
import { liftedFrom } from './lifted-from.ts'
import { holds } from './recall.ts'

/**
 * Whether data of `atMs` could lawfully be collected for `source` then: by a grant whose run covers that time where
 * the source is `opt_in`, else under a notice naming it, with nothing refused by then.
 */
export function wasLawfullyCollected(question: Question, source: PurposeKey, atMs: number): boolean {
  const { policy, state, query, combined } = question
  const compiled = policy.purposes.get(source)
  if (compiled === undefined) return false
  const { rule } = ruleFor(combined, source, state?.age ?? null)
  if (rule === 'prohibited') return false
  const lineage = lineageOf(source)
  const rows = (state?.rows ?? []).filter(
    ({ purpose, property }) =>
      lineage.includes(purpose) &&
      (query.property === null || property === null || property === query.property),
  )
  // Neither while a no stood, nor before one was lifted: what was collected then was not collected under a yes.
  const isRefused = rows.some(
    (row) =>
      row.refusals.some((refusal) => refusal.atMs <= atMs) ||
      (state !== undefined && atMs < liftedFrom(policy, state, row, query.property)),
  )
  if (isRefused) return false
  const isSilenced =
    gpcRefuses(combined, source, compiled.saleOrSharing) && (state?.gpc?.atMs ?? atMs + 1) <= atMs
  if (isSilenced) return false
  if (rule !== 'opt_in') return noticeInForce(policy, source, query.property, atMs) !== undefined
  const asked = { ...question, purpose: compiled }
  return rows.some((row) => {
    const { purpose, property, grant } = row
    return (
      purpose === source &&
      (property === null || property === query.property) &&
      grant !== null &&
      holds(policy, grant) &&
      collectedFrom(asked, { row, grant }) <= atMs &&
      atMs < grant.expiresAtMs
    )
  })
}
