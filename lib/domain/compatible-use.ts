import { type Checked, checkUse, type Question } from './check-grant.ts'
import type { CombinedRule } from './combine-regimes.ts'
import { wasLawfullyCollected } from './lawfully-collected.ts'

/**
 * An approved compatibility assessment in place of a grant never asked for (GDPR Art. 6(4), Recital 50): never where
 * the basis is consent, never for special categories or data read from a device.
 */
export function findCompatibleUse(
  question: Question,
  { bases }: CombinedRule,
): { readonly assessment: string; readonly checked: Checked } | undefined {
  const { policy, query, purpose } = question
  const source = query.sourcePurpose
  if (bases.includes('consent') || source === null) return undefined
  const categories = query.categories ?? purpose.versions.at(-1)!.categories
  const isPlain = (key: string) =>
    policy.organisation.categories.some((known) => known.key === key && !known.special && !known.fromDevice)
  if (!categories.every(isPlain)) return undefined
  for (const assessment of policy.assessments.values()) {
    const { expiresAtMs } = assessment
    const isLive = expiresAtMs === null || query.nowMs < expiresAtMs
    if (assessment.purpose !== purpose.key || !isLive || !assessment.sourcePurposes.includes(source)) continue
    if (!categories.every((key) => assessment.categories.includes(key))) continue
    const time = Math.min(query.collectedAtMs ?? query.nowMs, query.nowMs)
    if (!wasLawfullyCollected(question, source, time)) continue
    const basis = { seq: null, notice: null, atMs: assessment.approvedAtMs }
    const endsAtMs = expiresAtMs ?? Number.POSITIVE_INFINITY
    return {
      assessment: assessment.key,
      checked: checkUse(question, basis, 'compatible_use', null, endsAtMs),
    }
  }
  return undefined
}
