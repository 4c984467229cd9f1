import type { Query } from './decision.ts'
import type { PurposeDefinition } from './definitions.ts'
import type { Policy } from './policy.ts'
import type { DenyReason } from './reasons.ts'

/**
 * Row 12: property, recipient and categories inside both the current version and the one consented to. Answers the
 * categories that may be used. Special ones (GDPR Art. 9) are never implied: the question must name them, and
 * `explicitCategories` are those with explicit consent.
 */
export function checkCoverage(
  policy: Policy,
  query: Query,
  current: PurposeDefinition,
  consented: PurposeDefinition,
  explicitCategories: readonly string[],
): readonly string[] | DenyReason {
  if (query.property !== null && !policy.properties.has(query.property)) return 'property_not_covered'
  if (query.recipient !== null) {
    const { recipient } = query
    if (![current, consented].every(({ recipients }) => recipients.includes(recipient))) {
      return 'recipient_not_covered'
    }
  }
  const known = policy.organisation.categories
  const isSpecial = (key: string) => known.some((category) => category.key === key && category.special)
  if (query.categories === null) {
    if (current.categories.some(isSpecial)) return 'category_required'
    return current.categories.filter((key) => consented.categories.includes(key))
  }
  for (const key of query.categories) {
    const isCovered = [current, consented].every(({ categories }) => categories.includes(key))
    if (!isCovered || !known.some((category) => category.key === key)) return 'category_not_covered'
  }
  const needsExplicit = query.categories.some((key) => isSpecial(key) && !explicitCategories.includes(key))
  return needsExplicit ? 'explicit_consent_required' : query.categories
}
