/** Why a question is answered no, in the order of the decision's rows. The list is closed. */
export const denyReasons = [
  'stale',
  'recovering',
  'purpose_unknown',
  'purpose_retired',
  'purpose_prohibited',
  'subject_ambiguous',
  'subject_erased',
  'processing_restricted',
  'consent_denied',
  'consent_withdrawn',
  'objected',
  'opted_out',
  'gpc_opt_out',
  'child_refused',
  'guardian_required',
  'age_unknown',
  'never_asked',
  'collected_before_notice',
  'consent_unproven',
  'consent_invalidated',
  'consent_expired',
  'notice_superseded',
  'property_not_covered',
  'recipient_not_covered',
  'category_required',
  'category_not_covered',
  'explicit_consent_required',
  'collected_at_required',
  'collected_before_consent',
  'retention_exceeded',
  'co_subject_denied',
  'content_usage_disallowed',
] as const

/** Why a question is answered yes. The list is closed. */
export const permitReasons = ['consent_given', 'not_opted_out', 'notice_only', 'compatible_use'] as const

export type DenyReason = (typeof denyReasons)[number]
export type PermitReason = (typeof permitReasons)[number]
export type Reason = DenyReason | PermitReason
