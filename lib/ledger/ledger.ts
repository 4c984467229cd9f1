import type { AskedAt } from '../domain/confirmation.ts'
import type { Actor, ConfigBody, NoticeRef, SubjectFactBody } from '../domain/events.ts'
import type { Identifier } from '../domain/identifier.ts'
import type { EventId, OrganisationId, PropertyKey, PurposeKey, SubjectId } from '../domain/ids.ts'
import type { Revision } from '../domain/revision.ts'

export type Choice = {
  readonly purpose: PurposeKey
  readonly act: 'grant' | 'deny' | 'withdraw' | 'object' | 'opt_out'
  /** Explicit consent in the sense of GDPR Art. 9(2)(a). */
  readonly explicit?: boolean
}

export type ConsentCommand = {
  readonly organisationId: OrganisationId
  readonly subject: Identifier
  readonly property: PropertyKey | null
  readonly notice: NoticeRef | null
  /** Null: the regimes that claim her place, where there are any. */
  readonly regime: string | null
  readonly country: string | null
  /** ISO 3166-2; it lies in the country. */
  readonly region?: string | null
  readonly actor: Actor
  /** Milliseconds; null for the time of recording. */
  readonly occurredAtMs: number | null
  /** True where the caller holds `consents:import` and the evidence carries a reference. */
  readonly imported: boolean
  readonly namesGpcConflict: boolean
  /** The banner or layout it was said in, where that is known. */
  readonly experience?: { readonly key: string; readonly version: number } | null
  /** The API key it came through; null for a person's own device and for members. */
  readonly via?: string | null
  /** The import it was brought with. */
  readonly importId?: string | null
  /** How it was said; sealed under the subject's key. `method` is also in the event. */
  readonly evidence: { readonly method: string | null; readonly [member: string]: unknown }
  readonly choices: readonly Choice[]
  /** Where a yes was given earlier and is confirmed now: it is turned away unless all of it still waits. */
  readonly asked?: AskedAt
}

/** What the event did: the act itself, or why a yes has no effect. */
export type EventStatus =
  | 'granted'
  | 'denied'
  | 'withdrawn'
  | 'objected'
  | 'opted_out'
  /** A yes without the notice shown, how it was said, or by whom: it denies `consent_unproven`. */
  | 'unproven'
  /** A yes said before the latest refusal, or older than the grant that stands: it changes nothing. */
  | 'superseded'
  /** A yes by someone who could not give it. */
  | 'void'

export type RecordedConsent = {
  readonly id: EventId
  readonly seq: number
  readonly purpose: PurposeKey
  readonly status: EventStatus
  readonly notice: NoticeRef | null
}

export type RecordedConsents = {
  readonly revision: Revision
  readonly subjectId: SubjectId
  readonly recordedAtMs: number
  readonly events: readonly RecordedConsent[]
  /** True where the answer is an earlier call's, by its idempotency key. */
  readonly isReplay: boolean
}

/** Makes a repeated call harmless. Unique by organisation, principal and key; kept 24 h. */
export type Idempotency = {
  /** The API key's id, or `device:<subject>` for people. */
  readonly principal: string
  readonly key: string
  /** SHA-256 of the request's decisive content, before keying; 32 bytes. */
  readonly request: Uint8Array
}

export type LedgerLoad = {
  /** Calls that wait for a batch. */
  readonly queued: number
  /** Batches written since the start, and the events in them. */
  readonly batches: number
  readonly events: number
  /** Events of the newest batch. */
  readonly lastBatch: number
}

/**
 * The one writer of a log.
 *
 * Concurrent calls are folded into one transaction, sequence numbers are dense and commit in order, and a call
 * returns only after its events are durable *and* applied to every decision index of this node. All events of a
 * call are written or none. Throws `AssentError`: `queue_full`, `log_unavailable` (nothing was written, safe to
 * repeat), `idempotency_key_reused`, `idempotency_key_in_use`, `purpose_not_found`, `property_not_found`,
 * `regime_not_found`, `notice_not_found`, `notice_does_not_name_purpose`, `notice_does_not_reach_property`,
 * `occurred_at_in_future`, `confirmation_required`, `confirmation_void`, `definition_invalid`. A refusal is never turned away for its clock, its notice or a
 * retired purpose.
 */
export type Ledger = {
  recordConsents(command: ConsentCommand, idempotency: Idempotency | null): Promise<RecordedConsents>
  /** Appends Sec-GPC for a subject, once a change: a second call writes nothing and answers the current revision. */
  recordGpc(
    organisationId: OrganisationId,
    subject: Identifier,
    property: PropertyKey | null,
  ): Promise<{ readonly revision: Revision; readonly isNew: boolean }>
  /** Appends what else is known of a subject: a stated age, a restriction, an erasure. */
  recordFact(
    organisationId: OrganisationId,
    subject: Identifier,
    body: SubjectFactBody,
  ): Promise<{ readonly revision: Revision }>
  /** Links two subjects: what either refuses, the other refuses too; a yes never flows. */
  linkSubjects(
    organisationId: OrganisationId,
    a: Identifier,
    b: Identifier,
  ): Promise<{ readonly revision: Revision }>
  /** Ends a link. What was refused while linked stays with both. */
  unlinkSubjects(
    organisationId: OrganisationId,
    a: Identifier,
    b: Identifier,
  ): Promise<{ readonly revision: Revision }>
  /** Publishes configuration, all or none; each body is checked by the domain against what stands. */
  publish(
    organisationId: OrganisationId,
    bodies: readonly ConfigBody[],
  ): Promise<{ readonly revision: Revision; readonly firstSeq: number }>
  /** How busy the writer is, for operators. */
  load(): LedgerLoad
  /** Stops taking calls, ends the batch under way, gives the lease back. */
  close(): Promise<void>
}
