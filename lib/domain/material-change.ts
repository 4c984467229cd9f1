import type { PurposeDefinition } from './definitions.ts'

/**
 * Whether people who agreed to `before` would agree to more under `after`: any widening of categories, recipients,
 * controllers, transfers or retention, another basis, new automated decisions, a new sale or sharing. Consent is
 * specific (GDPR Art. 4(11)), so such a change needs it anew.
 */
export function isMaterialChange(before: PurposeDefinition, after: PurposeDefinition): boolean {
  return (
    widens(before.categories, after.categories) ||
    widens(before.recipients, after.recipients) ||
    widens(before.controllers, after.controllers) ||
    widens(before.transfers, after.transfers) ||
    (after.retentionDays ?? Number.POSITIVE_INFINITY) > (before.retentionDays ?? Number.POSITIVE_INFINITY) ||
    before.basis !== after.basis ||
    (after.automatedDecisions && !before.automatedDecisions) ||
    (after.saleOrSharing && !before.saleOrSharing)
  )
}

function widens(before: readonly string[], after: readonly string[]): boolean {
  return after.some((entry) => !before.includes(entry))
}
