import type { PurposeDefinition } from './definitions.ts'

/** One way in which a purpose came to allow more than before, as data. */
export type PurposeWidening =
  | {
      readonly kind: 'category_added' | 'recipient_added' | 'controller_added' | 'transfer_added'
      readonly added: string
    }
  | { readonly kind: 'retention_longer'; readonly from: number; readonly to: number | null }
  | { readonly kind: 'basis_changed'; readonly from: string; readonly to: string }
  | { readonly kind: 'automated_decisions_added' | 'sale_or_sharing_added' | 'confirmation_added' }

/**
 * Everything that people who agreed to `before` would agree to besides under `after`. Consent is specific (GDPR
 * Art. 4(11)), so any of it needs them to be asked anew.
 */
export function changesOf(before: PurposeDefinition, after: PurposeDefinition): readonly PurposeWidening[] {
  const added = (
    kind: 'category_added' | 'recipient_added' | 'controller_added' | 'transfer_added',
    member: 'categories' | 'recipients' | 'controllers' | 'transfers',
  ) =>
    after[member]
      .filter((entry) => !before[member].includes(entry))
      .map((entry) => ({ kind, added: entry }) as const)
  const widenings: PurposeWidening[] = [
    ...added('category_added', 'categories'),
    ...added('recipient_added', 'recipients'),
    ...added('controller_added', 'controllers'),
    ...added('transfer_added', 'transfers'),
  ]
  if (
    before.retentionDays !== null &&
    (after.retentionDays === null || after.retentionDays > before.retentionDays)
  ) {
    widenings.push({ kind: 'retention_longer', from: before.retentionDays, to: after.retentionDays })
  }
  if (before.basis !== after.basis) {
    widenings.push({ kind: 'basis_changed', from: before.basis, to: after.basis })
  }
  if (after.automatedDecisions && !before.automatedDecisions) {
    widenings.push({ kind: 'automated_decisions_added' })
  }
  if (after.saleOrSharing && !before.saleOrSharing) widenings.push({ kind: 'sale_or_sharing_added' })
  if (after.needsConfirmation === true && before.needsConfirmation !== true) {
    widenings.push({ kind: 'confirmation_added' })
  }
  return widenings
}

/** Whether `after` is wider than `before` in any way. */
export function isMaterialChange(before: PurposeDefinition, after: PurposeDefinition): boolean {
  return changesOf(before, after).length > 0
}
