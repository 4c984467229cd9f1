import { AssentError, type ErrorCode } from '../domain/errors.ts'
import { RateLimited } from './limits/rate-limited.ts'

/** Status and title of every error; a code without a row does not compile. */
export const problems = {
  body_not_json: { status: 400, title: 'The body is not JSON' },
  body_not_utf8: { status: 400, title: 'The body is not UTF-8' },
  body_too_large: { status: 413, title: 'The body is too large' },
  body_too_deep: { status: 400, title: 'The body is nested too deeply' },
  body_invalid: { status: 400, title: 'A member of the body is missing or of the wrong kind' },
  content_type_unsupported: { status: 415, title: 'This content type is not taken here' },
  parameter_invalid: { status: 400, title: 'A parameter is missing or of the wrong kind' },
  identifier_invalid: { status: 400, title: 'This is not an identifier' },
  key_missing: { status: 401, title: 'An API key is needed' },
  key_unknown: { status: 401, title: 'This API key is not known' },
  scope_missing: { status: 403, title: 'The API key lacks a scope' },
  origin_not_allowed: { status: 403, title: 'This site may not act for the property' },
  token_invalid: { status: 401, title: 'This token is not valid here' },
  token_expired: { status: 401, title: 'This token has run out' },
  snapshot_used: { status: 409, title: 'This snapshot was used before' },
  sign_in_failed: { status: 401, title: 'Signing in failed' },
  sign_in_method_off: { status: 403, title: 'This is no way to sign in here' },
  code_wrong: { status: 422, title: 'This code is not taken' },
  second_factor_needed: { status: 403, title: 'A second factor is needed first' },
  not_found: { status: 404, title: 'There is nothing here' },
  method_not_allowed: { status: 405, title: 'This method is not taken here' },
  purpose_not_found: { status: 422, title: 'There is no such purpose' },
  property_not_found: { status: 422, title: 'There is no such property' },
  regime_not_found: { status: 422, title: 'There is no such regime' },
  notice_not_found: { status: 422, title: 'There is no such notice' },
  notice_does_not_name_purpose: { status: 422, title: 'The notice does not name the purpose' },
  notice_does_not_reach_property: { status: 422, title: 'The notice does not reach the property' },
  occurred_at_in_future: { status: 422, title: 'A yes cannot lie in the future' },
  confirmation_required: { status: 422, title: 'This yes must be confirmed first' },
  confirmation_void: { status: 410, title: 'This confirmation counts no more' },
  import_needs_evidence: { status: 422, title: 'An import needs evidence' },
  historical_not_supported: { status: 400, title: 'Questions about the past are not answered here' },
  revision_unknown: { status: 409, title: 'This log has no such revision' },
  definition_invalid: { status: 422, title: 'The definition breaks a rule' },
  idempotency_key_invalid: { status: 400, title: 'The idempotency key is not valid' },
  idempotency_key_reused: { status: 422, title: 'The idempotency key was used for another request' },
  idempotency_key_in_use: { status: 409, title: 'A request with this idempotency key is under way' },
  conflict: { status: 409, title: 'What this rests on has changed' },
  last_owner: { status: 409, title: 'An organisation keeps an owner' },
  invitation_invalid: { status: 410, title: 'This invitation is not open' },
  room_closed: { status: 410, title: 'This room is closed' },
  reason_required: { status: 403, title: 'Say first why you look at this person' },
  request_change_refused: { status: 422, title: 'The request does not allow this' },
  draft_conflict: { status: 409, title: 'Someone has changed it meanwhile' },
  release_state: { status: 409, title: 'The release is not in a state for this' },
  release_incomplete: { status: 422, title: 'The release cannot be published as it is' },
  release_needed: { status: 409, title: 'This is published in a release' },
  approval_missing: { status: 409, title: 'Another person must approve this' },
  flip_report_needed: { status: 409, title: 'A flip report is needed first' },
  own_work: { status: 403, title: 'Nobody approves her own work' },
  rate_limited: { status: 429, title: 'Too many requests' },
  queue_full: { status: 503, title: 'Too many writes are waiting' },
  log_unavailable: { status: 503, title: 'The log cannot be written now' },
  not_ready: { status: 503, title: 'The server is not ready' },
  node_only_decides: { status: 421, title: 'This node only answers questions' },
  web_unavailable: { status: 502, title: 'The pages are not up' },
  internal: { status: 500, title: 'Something is broken here' },
} as const satisfies Record<ErrorCode, { status: number; title: string }>

export type Problem = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * An error as callers see it (RFC 9457). Only an `AssentError`'s own message is shown; anything else is `internal`.
 * AuthZEN knows no 415 and no 422: with `isAuthZen` both are 400.
 */
export function problemOf(
  error: unknown,
  options: { readonly publicUrl: string; readonly isAuthZen?: boolean },
): Problem {
  const known =
    error instanceof AssentError ? error : new AssentError('internal', 'Please try again; it is logged.')
  const { status, title } = problems[known.code]
  const shown = options.isAuthZen && (status === 415 || status === 422) ? 400 : status
  const body = JSON.stringify({
    ...known.members,
    type: `${options.publicUrl}/docs/errors/${known.code}`,
    title,
    status: shown,
    code: known.code,
    detail: known.message,
    ...(known.pointer === undefined ? {} : { pointer: known.pointer }),
  })
  return {
    status: shown,
    body,
    headers: {
      'Content-Type': 'application/problem+json',
      'Cache-Control': 'no-store',
      ...(shown === 503 || shown === 429 ? { 'Retry-After': shown === 429 ? '60' : '1' } : {}),
      ...(shown === 401 ? { 'WWW-Authenticate': 'Bearer' } : {}),
      ...(known instanceof RateLimited ? known.headers : {}),
    },
  }
}
