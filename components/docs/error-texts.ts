import type { ErrorCode } from '../../lib/domain/errors.ts'

/** Every error: what happened, why it is one, and what to do. */
export const errorTexts = {
  body_not_json: {
    what: 'The body is empty, cut off, or not JSON.',
    why: 'Half a question is not answered.',
    fix: 'Send one complete JSON value with its Content-Length.',
  },
  body_not_utf8: {
    what: 'The body holds bytes that are not UTF-8.',
    why: 'An identifier read wrongly would be another person’s.',
    fix: 'Encode the body as UTF-8.',
  },
  body_too_large: {
    what: 'The body has more than 1 MiB.',
    why: 'Larger bodies would slow everyone else down.',
    fix: 'Split the request; for many records use /v1/filter, which has no bound.',
  },
  body_too_deep: {
    what: 'The body is nested more than 64 deep.',
    why: 'No request needs it.',
    fix: 'Flatten the evidence or the properties.',
  },
  body_invalid: {
    what: 'A member of the body is missing or of the wrong kind.',
    why: 'The pointer in the answer names it.',
    fix: 'Compare the body with the route’s fields in the API page.',
  },
  content_type_unsupported: {
    what: 'The content type is not taken here.',
    why: 'The body would be read as something it is not.',
    fix: 'Send application/json, or application/x-ndjson to /v1/filter, without compression.',
  },
  parameter_invalid: {
    what: 'A parameter in the address is missing or of the wrong kind.',
    why: 'The detail names it.',
    fix: 'Correct the parameter; the API page lists them.',
  },
  identifier_invalid: {
    what: 'The subject is not namespace:id.',
    why: 'A namespace is a lower-case word; an id has 1 to 512 characters, without NUL.',
    fix: 'Send an identifier such as user:alice.',
  },
  key_missing: {
    what: 'The request has no API key.',
    why: 'Every call of a service names who calls.',
    fix: 'Send Authorization: Bearer ask_…',
  },
  key_unknown: {
    what: 'The API key is not known.',
    why: 'It was mistyped, was revoked or has ended, or belongs to another installation.',
    fix: 'Use a live key; POST /v1/keys makes one.',
  },
  scope_missing: {
    what: 'The caller lacks the scope this call needs.',
    why: 'A key may do no more than it was made for.',
    fix: 'Use a key with the scope named in the detail.',
  },
  origin_not_allowed: {
    what: 'The page’s origin is not one of the property’s.',
    why: 'Only the organisation’s own pages may ask in its name.',
    fix: 'Add the origin to the property.',
  },
  token_invalid: {
    what: 'The token is not valid for this property and origin.',
    why: 'A device’s token speaks for one device on one site.',
    fix: 'Mint a new token against a fresh experience.',
  },
  token_expired: {
    what: 'The token, snapshot or session has run out.',
    why: 'Each has its time.',
    fix: 'Ask for the experience again, or sign in again.',
  },
  snapshot_used: {
    what: 'The snapshot was used before.',
    why: 'Each is the proof of one choice.',
    fix: 'Ask for the experience again and send its snapshot.',
  },
  sign_in_failed: {
    what: 'Signing in failed.',
    why: 'The address and the password do not match, or the account is locked for a while. It is not said which.',
    fix: 'Try again; after five failures, wait.',
  },
  sign_in_method_off: {
    what: 'The installation does not take this way of signing in.',
    why: 'Its operator chose passwords, a provider, or both.',
    fix: 'Sign in the other way; the sign-in page shows which there are.',
  },
  code_wrong: {
    what: 'The code of the second factor is wrong, was used before, or came too late.',
    why: 'A code is taken once, within half a minute of its time; wrong ones count towards the lock on the account.',
    fix: 'Wait for the app’s next code, or use a recovery code. After five failures, wait.',
  },
  second_factor_needed: {
    what: 'The organisation demands a second factor, and the member has none.',
    why: 'An owner demands it of everybody; until then a member can only add one.',
    fix: 'Sign in to the admin and add one.',
  },
  not_found: {
    what: 'There is nothing at this address, or nothing the caller may know of.',
    why: 'Another organisation’s things answer exactly as things that do not exist.',
    fix: 'Check the address and the id.',
  },
  method_not_allowed: {
    what: 'The address exists, but not for this method.',
    why: 'Reading and writing are different calls.',
    fix: 'Use the method the API page names.',
  },
  purpose_not_found: {
    what: 'The purpose named in a write or a filter does not exist.',
    why: 'A choice about nothing could not be honoured.',
    fix: 'Check the key against /v1/purposes.',
  },
  revision_unknown: {
    what: 'The revision is of another epoch of the log, or ahead of its end.',
    why: 'After a restore the log may lack what the caller has seen; going on from there would miss something.',
    fix: 'Begin again from 0:0, or from a fresh snapshot.',
  },
  property_not_found: {
    what: 'The property does not exist.',
    why: 'A yes would reach nowhere.',
    fix: 'Check the key against /v1/properties.',
  },
  regime_not_found: {
    what: 'The regime does not exist.',
    why: 'An unknown regime must not be taken for a lax one.',
    fix: 'Check the key against /v1/regimes, or leave it out.',
  },
  notice_not_found: {
    what: 'The notice, its version or its language does not exist.',
    why: 'A yes refers to words that were shown.',
    fix: 'Send the key, version and locale of a published notice.',
  },
  notice_does_not_name_purpose: {
    what: 'The notice does not name the purpose.',
    why: 'Nobody agrees to what she was not told of (GDPR Art. 4(11)).',
    fix: 'Show a notice that names the purpose.',
  },
  notice_does_not_reach_property: {
    what: 'The notice is about another property.',
    why: 'A yes reaches no further than the words shown.',
    fix: 'Show a notice of this property or of the organisation.',
  },
  occurred_at_in_future: {
    what: 'A yes is dated in the future.',
    why: 'It would act before it was said.',
    fix: 'Correct the clock, or leave occurred_at out.',
  },
  confirmation_required: {
    what: 'A yes to a purpose that needs confirmation was not confirmed.',
    why: 'For that purpose, whatever route it comes by, a yes counts only once whoever has the mailbox confirmed it.',
    fix: 'Have it confirmed on the preference page; or confirm it yourself, and record it with the method double_opt_in. A no needs nothing.',
  },
  confirmation_void: {
    what: 'What was to be confirmed counts no more.',
    why: 'She said no meanwhile, was erased, or what is asked of her has changed.',
    fix: 'Answer the question anew.',
  },
  import_needs_evidence: {
    what: 'An import has no reference to its proof.',
    why: 'Dating a yes back needs evidence.',
    fix: 'Send evidence.reference.',
  },
  historical_not_supported: {
    what: 'The question asks about the past.',
    why: 'Such questions are not answered yet, and are never answered as if they were about now.',
    fix: 'Leave at out; /v1/subjects/{id}/consents has the history.',
  },
  definition_invalid: {
    what: 'A definition breaks a rule or refers to something that does not exist.',
    why: 'Configuration that could not be decided by is refused whole.',
    fix: 'The pointer names the member at fault.',
  },
  idempotency_key_invalid: {
    what: 'The Idempotency-Key cannot be read.',
    why: 'It is 1 to 255 printable ASCII characters, quoted or not.',
    fix: 'Send a random key for each request.',
  },
  idempotency_key_reused: {
    what: 'The Idempotency-Key was used for another request.',
    why: 'The first answer would be the wrong one.',
    fix: 'Use a new key for a new request.',
  },
  idempotency_key_in_use: {
    what: 'A request with the same Idempotency-Key is under way.',
    why: 'Its answer is not known yet.',
    fix: 'Repeat the request shortly: it gets the first one’s answer.',
  },
  conflict: {
    what: 'What the request rests on has changed.',
    why: 'Another change came first.',
    fix: 'Read again, then repeat the request if it still holds.',
  },
  last_owner: {
    what: 'The last owner would be removed or given another role.',
    why: 'Nobody could invite or change members any more.',
    fix: 'Make someone else an owner first.',
  },
  room_closed: {
    what: 'The room that the link led to has run out, or the organisation has closed it.',
    why: 'A room shows a person’s record to whoever has the link, and so only for a time.',
    fix: 'Ask the organisation for a new link.',
  },
  invitation_invalid: {
    what: 'The invitation was used, withdrawn or replaced, or has run out. It is not said which.',
    why: 'A link lets in one person, once, for seven days.',
    fix: 'Ask for a new one.',
  },
  reason_required: {
    what: 'A member looks at a person and has not said why, or said so more than an hour ago.',
    why: 'Each look at a person is written down with its reason.',
    fix: 'Send a reason with POST /v1/subjects/lookup or POST /v1/subjects/{id}/views; it holds for an hour.',
  },
  request_change_refused: {
    what: 'The register does not allow this change of a request, or this kind under its regime.',
    why: 'The clock of a request is the law’s: the detail names the article.',
    fix: 'Read the detail: reopen the request, register another kind, or answer in the time there is.',
  },
  draft_conflict: {
    what: 'Someone has changed what you edited or looked at since you read it.',
    why: 'Of two who edit at once nobody’s words may be lost, and an approval is of what was seen.',
    fix: 'Compare yours with `current` in the answer, which says who changed it and when, and send it again with its edit.',
  },
  release_state: {
    what: 'The release is not in a state that admits this.',
    why: 'What is published stays as it is, and one release of an organisation is published at a time.',
    fix: 'Read its state; to change what is published, open another release.',
  },
  release_incomplete: {
    what: 'Something in the release breaks a rule, or a purpose lacks an assessment that the law demands of it.',
    why: 'A release is published as a whole or not at all.',
    fix: 'The answer lists `complaints`, each with its item and pointer, and the assessments that are `lacking`.',
  },
  release_needed: {
    what: 'This organisation publishes in releases that another person approves.',
    why: 'What is published directly would be seen by one person only.',
    fix: 'Open a release with POST /v1/releases, put the notice in, and have it approved.',
  },
  approval_missing: {
    what: 'Fewer people have approved the release than must.',
    why: 'An approval counts while what was approved, and what it builds on, is unchanged.',
    fix: 'Have an owner or officer approve who neither wrote nor edited it; GET /v1/releases/{id} says which approvals count.',
  },
  flip_report_needed: {
    what: 'The release has no flip report, or one that is of something else or older than 24 hours.',
    why: 'Whoever puts it into force must be able to see which answers to real questions it turns.',
    fix: 'Make one with POST /v1/releases/{id}/flips, look at it, and publish then. Where it shows that a no becomes a yes, two people must approve after it was made.',
  },
  own_work: {
    what: 'Who wrote or edited a release cannot approve it.',
    why: 'Four eyes are two people’s.',
    fix: 'Ask another owner or officer.',
  },
  rate_limited: {
    what: 'There were too many requests in a minute, or the key has open or has sent as much as it may.',
    why: 'The public routes are bounded by network and property, streams by API key: nobody takes everything.',
    fix: 'Wait for the time in Retry-After; RateLimit-Policy names the limit.',
  },
  queue_full: {
    what: 'Too many writes are waiting; nothing was written.',
    why: 'Turning one away at once is better than losing it later.',
    fix: 'Repeat the request after Retry-After.',
  },
  log_unavailable: {
    what: 'The log cannot be written now; nothing was written.',
    why: 'The database is away or another writer is at work.',
    fix: 'Repeat the request; it is safe to.',
  },
  not_ready: {
    what: 'The server is not ready.',
    why: 'Its index has not caught up with the log.',
    fix: 'Wait until /readyz is 200.',
  },
  node_only_decides: {
    what: 'The node was started with --role=decisions: it follows another and has neither pages nor a writer.',
    why: 'A follower that took writes would be a second writer; one that read people’s records would need their database.',
    fix: 'Ask the node that it follows.',
  },
  web_unavailable: {
    what: 'The pages are not up.',
    why: 'Their process is starting again; decisions are not affected.',
    fix: 'Try again in a moment.',
  },
  internal: {
    what: 'Something is broken in the server.',
    why: 'It is in the log, and not your fault.',
    fix: 'Try again; report it if it stays.',
  },
} as const satisfies Record<ErrorCode, { what: string; why: string; fix: string }>
