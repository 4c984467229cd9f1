import type { Question } from './check-grant.ts'
import { ruleFor } from './combine-regimes.ts'
import { noticeInForce } from './find-notice.ts'
import { lineageOf, type PurposeKey } from './ids.ts'
import { isValid } from './rows.ts'

/**
 * Whether data of `atMs` could lawfully be collected for `source` then: by a grant whose run covers that time where
 * the source is `opt_in`, else under a notice naming it, with nothing refused by then.
 */
export function wasLawfullyCollected(
  { policy, state, query, combined }: Question,
  source: PurposeKey,
  atMs: number,
): boolean {
  if (!policy.purposes.has(source)) return false
  const { rule } = ruleFor(combined, source, state?.age ?? null)
  if (rule === 'prohibited') return false
  const lineage = lineageOf(source)
  const rows = (state?.rows ?? []).filter(({ purpose }) => lineage.includes(purpose))
  const isRefused = rows.some(
    ({ property, refusals }) =>
      (query.property === null || property === null || property === query.property) &&
      refusals.some((refusal) => refusal.atMs <= atMs),
  )
  if (isRefused) return false
  if (rule !== 'opt_in') return noticeInForce(policy, source, query.property, atMs) !== undefined
  return rows.some(
    ({ purpose, property, grant }) =>
      purpose === source &&
      (property === null || property === query.property) &&
      grant !== null &&
      isValid(grant) &&
      policy.notices.get(grant.noticeKey ?? '')?.[grant.noticeVersion - 1]?.isInvalidated === false &&
      grant.runStartMs <= atMs &&
      atMs < grant.expiresAtMs,
  )
}
