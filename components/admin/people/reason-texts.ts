import type { ViewReason } from '../../../lib/domain/view-reasons.ts'

const texts: Readonly<Record<ViewReason, string>> = {
  request: 'She asked us something',
  complaint: 'A complaint',
  authority: 'An authority asks',
  incident: 'An incident',
  audit: 'An audit',
  other: 'Something else',
}

/** Why a member looks at a person, in words. */
export const reasonTexts: Readonly<Record<string, string>> = texts
