import type { ItemKind, ReleaseItem } from '../../lib/domain/release.ts'

export type NewKind = Exclude<ItemKind, 'organisation' | 'assessment'>

/** What can be put into a release by hand, by its name. */
export const newKinds: readonly { readonly value: NewKind; readonly name: string }[] = [
  { value: 'notice', name: 'a notice' },
  { value: 'purpose', name: 'a purpose' },
  { value: 'experience', name: 'an experience' },
  { value: 'regime', name: 'a regime' },
  { value: 'property', name: 'a property' },
  { value: 'purpose_retirement', name: 'the end of a purpose' },
]

/** The strictest that can be drafted under a key: everything an officer leaves as it is errs to the no. */
export function blankDraft(
  kind: NewKind,
  key: string,
  { controller, property }: { readonly controller: string; readonly property: string },
): ReleaseItem['definition'] {
  const drafts: Readonly<Record<NewKind, object>> = {
    notice: {
      ...{ key, property: null, purposes: [] },
      texts: { en: { title: '', body: [''], withdrawal: '', rights: '', controller, contact: '' } },
    },
    purpose: {
      ...{ key, name: { en: '' }, description: { en: '' }, categories: [], recipients: [] },
      ...{ controllers: [controller], transfers: [], retentionDays: 365, saleOrSharing: false },
      ...{ needsCollectedAt: false, automatedDecisions: false, basis: 'consent', dpv: [] },
    },
    experience: {
      ...{ key, property, layout: 'box', notices: [], purposes: [] },
      texts: { en: { accept: 'Accept all', reject: 'Reject all', choose: 'Choose' } },
    },
    regime: {
      ...{ key, name: '', rules: {}, fallback: { rule: 'opt_in', basis: 'consent' } },
      ageBands: { default: 16, countries: {}, unstated: 'unknown' },
      ...{ gpc: { counts: true, purposes: [] }, consentLifetimeDays: 365 },
    },
    property: { key, name: '', origins: [] },
    purpose_retirement: { purpose: key },
  }
  return drafts[kind] as ReleaseItem['definition']
}
