/** Every way a call can fail, as callers see it; each has a page under /docs/errors/. The list is closed. */
export const errorCodes = [
  // The call could not be read.
  'body_not_json',
  'body_not_utf8',
  'body_too_large',
  'body_too_deep',
  'body_invalid',
  'content_type_unsupported',
  'parameter_invalid',
  'identifier_invalid',
  // Who is asking.
  'key_missing',
  'key_unknown',
  'scope_missing',
  'origin_not_allowed',
  'token_invalid',
  'token_expired',
  'snapshot_used',
  'sign_in_failed',
  'sign_in_method_off',
  'code_wrong',
  'second_factor_needed',
  // What it names.
  'not_found',
  'method_not_allowed',
  'purpose_not_found',
  'property_not_found',
  'regime_not_found',
  'notice_not_found',
  'notice_does_not_name_purpose',
  'notice_does_not_reach_property',
  'occurred_at_in_future',
  'confirmation_required',
  'confirmation_void',
  'import_needs_evidence',
  'historical_not_supported',
  'definition_invalid',
  'revision_unknown',
  // Repeating a call.
  'idempotency_key_invalid',
  'idempotency_key_reused',
  'idempotency_key_in_use',
  'conflict',
  // Who works for an organisation.
  'last_owner',
  'invitation_invalid',
  'room_closed',
  // Looking at people, and what they asked for.
  'reason_required',
  'request_change_refused',
  // What is drafted, approved and published together.
  'draft_conflict',
  'release_state',
  'release_incomplete',
  'release_needed',
  'approval_missing',
  'flip_report_needed',
  'own_work',
  // Not now.
  'rate_limited',
  'queue_full',
  'log_unavailable',
  'not_ready',
  'web_unavailable',
  'node_only_decides',
  'internal',
] as const

export type ErrorCode = (typeof errorCodes)[number]

/**
 * A rule was broken by the caller, or the answer cannot be given now. `message` is public: it is sent to the
 * caller and names no other tenant's facts; what only operators may read goes into `cause`.
 */
export class AssentError extends Error {
  override readonly name = 'AssentError'
  readonly code: ErrorCode
  /** JSON pointer to the member at fault, where there is one. */
  readonly pointer: string | undefined
  /** What a caller needs besides to go on: members of the answer (RFC 9457 §3.2), public as `message` is. */
  readonly members: Readonly<Record<string, unknown>> | undefined

  constructor(
    code: ErrorCode,
    message: string,
    options: { pointer?: string; cause?: unknown; members?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.pointer = options.pointer
    this.members = options.members
  }
}

/** A state that cannot be: a bug, never the caller's fault. */
export function impossible(what: string): never {
  throw new Error(`impossible: ${what}`)
}
