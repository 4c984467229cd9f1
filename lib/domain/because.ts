import type { Decision, NoticeUsed } from './decision.ts'
import { formatInstant } from './format-instant.ts'
import type { Reason } from './reasons.ts'

/** What each reason says in words; `because` adds when and under which notice. */
export const reasonWords = {
  stale: 'This node has not heard from the log recently enough to answer',
  recovering: 'The log is being recovered; nothing is allowed until it is complete',
  purpose_unknown: 'There is no such purpose',
  purpose_retired: 'The purpose is retired',
  purpose_prohibited: 'The rules in force prohibit this purpose',
  subject_ambiguous: 'The identifier meant more than one person at that time',
  subject_erased: 'The data is from before this person was erased',
  processing_restricted: 'Processing of this person’s data is restricted',
  consent_denied: 'Denied',
  consent_withdrawn: 'Withdrawn',
  objected: 'Objected',
  opted_out: 'Opted out',
  gpc_opt_out: 'Refused by the browser’s Global Privacy Control signal',
  child_refused: 'A part of this purpose is refused',
  guardian_required: 'Only a guardian could agree',
  age_unknown: 'The age is not known, so nobody could agree',
  never_asked: 'Never asked',
  collected_before_notice: 'No notice about this purpose was in force when the data was collected',
  consent_unproven: 'A yes is recorded without what was shown, so it cannot be proved',
  consent_invalidated: 'The consent was struck',
  consent_expired: 'The consent has run out',
  notice_superseded: 'The purpose has changed materially since the consent',
  property_not_covered: 'The consent does not reach this property',
  recipient_not_covered: 'The consent does not cover this recipient',
  category_required: 'The purpose has special categories: the question must name the categories it is about',
  category_not_covered: 'The consent does not cover one of the categories',
  explicit_consent_required: 'A special category needs explicit consent under a notice that names it',
  collected_at_required: 'The question must say when the data was collected, and not in the future',
  collected_before_consent: 'The data was collected before the consent and is not covered by it',
  retention_exceeded: 'The data is older than the purpose may keep it',
  co_subject_denied: 'Another person in this record has not agreed',
  content_usage_disallowed: 'Whoever published this does not want AI trained on it',
  consent_given: 'Consented',
  not_opted_out: 'Not opted out',
  notice_only: 'A notice was in force, and nothing was refused',
  compatible_use: 'An approved compatibility assessment allows it',
} as const satisfies Record<Reason, string>

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** The decision in one sentence: `Withdrawn 21 Nov 2026 10:04 UTC; shown notice starter 1 (en).` */
export function because({ reason, basis }: Decision): string {
  const since = basis.atMs === null ? '' : sinceText(basis.atMs)
  if (basis.notice === null) return `${reasonWords[reason]}${since}.`
  return `${reasonWords[reason]}${since}${shownText(basis.notice)}`
}

/** `; shown notice starter 1 (en).` */
export function shownText({ key, version, locale }: NoticeUsed): string {
  return `; shown notice ${key} ${version}${locale === null ? '' : ` (${locale})`}.`
}

/** ` 21 Nov 2026 10:04 UTC` */
export function sinceText(atMs: number): string {
  const text = formatInstant(atMs)
  const year = text.slice(0, -20)
  return ` ${Number(text.slice(-16, -14))} ${months[Number(text.slice(-19, -17)) - 1]} ${year} ${text.slice(-13, -8)} UTC`
}
