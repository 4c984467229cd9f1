import type { Contact, LinkedBatch } from '../decisions/decisions.ts'
import type { AssentEvent, EventBody } from '../domain/events.ts'
import type { EventId, OrganisationId, SubjectId } from '../domain/ids.ts'
import type { LogHead } from '../domain/log-head.ts'

/** A batch as a page of the feed has it. */
export type SentBatch = {
  /** Hash of the event before the first one. */
  readonly previous_hash: string
  readonly head: SentHead
  readonly events: readonly SentEvent[]
  /** Organisation, subject, and the 16 bytes of an identifier's digest in hex: those that are new with the events. */
  readonly identifiers: readonly (readonly [OrganisationId, SubjectId, string])[]
}

export type SentHead = {
  readonly epoch: number
  readonly log: number
  readonly seq: number
  readonly hash: string
  readonly recorded_at_ms: number
}

type SentEvent = {
  readonly id: EventId
  readonly organisation_id: OrganisationId
  readonly subject_id: SubjectId | null
  readonly seq: number
  readonly recorded_at_ms: number
  readonly occurred_at_ms: number
  readonly body: EventBody
}

/** A page of the feed: where the log ends, how old that is, and what follows the place asked about. */
export type Page = {
  readonly head: SentHead
  /** As `Contact.ageMs`, when the page was sent. */
  readonly age_ms: number
  /** How long the page was held back: what the reader may take off its own waiting. */
  readonly held_ms: number
  readonly database_now_ms: number
  readonly database_now_error_ms: number
  readonly batches: readonly SentBatch[]
}

/** A batch as JSON, made once for all who get it. */
export function batchJson({ previousHash, head, events, identifiers }: LinkedBatch): string {
  const sent: SentBatch = {
    previous_hash: previousHash,
    head: toSentHead(head),
    events: events.map((event) => ({
      id: event.id,
      organisation_id: event.organisationId,
      subject_id: event.subjectId,
      seq: event.seq,
      recorded_at_ms: event.recordedAtMs,
      occurred_at_ms: event.occurredAtMs,
      body: event.body,
    })),
    identifiers: identifiers.map(({ organisationId, subjectId, digest }) => [
      organisationId,
      subjectId,
      Buffer.from(digest).toString('hex'),
    ]),
  }
  return JSON.stringify(sent)
}

/** A page of batches that are JSON already. */
export function pageJson(contact: Contact, heldMs: number, batches: readonly string[]): string {
  const page: Omit<Page, 'batches'> = {
    head: toSentHead(contact.head),
    age_ms: contact.ageMs,
    held_ms: heldMs,
    database_now_ms: contact.databaseNowMs,
    database_now_error_ms: contact.databaseNowErrorMs,
  }
  return `${JSON.stringify(page).slice(0, -1)},"batches":[${batches.join(',')}]}`
}

/** Undoes `batchJson`. */
export function toBatch({ previous_hash, head, events, identifiers }: SentBatch): LinkedBatch {
  return {
    previousHash: previous_hash,
    head: toHead(head),
    events: events.map(
      (event) =>
        ({
          id: event.id,
          organisationId: event.organisation_id,
          subjectId: event.subject_id,
          seq: event.seq,
          recordedAtMs: event.recorded_at_ms,
          occurredAtMs: event.occurred_at_ms,
          body: event.body,
        }) as AssentEvent,
    ),
    identifiers: identifiers.map(([organisationId, subjectId, digest]) => ({
      organisationId,
      subjectId,
      digest: Buffer.from(digest, 'hex'),
    })),
  }
}

export function toSentHead({ epoch, log, seq, hash, recordedAtMs }: LogHead): SentHead {
  return { epoch, log, seq, hash, recorded_at_ms: recordedAtMs }
}

/** Throws where the numbers are none: what is not known must not be taken for fresh. */
export function toHead({ epoch, log, seq, hash, recorded_at_ms }: SentHead): LogHead {
  if (![epoch, log, seq, recorded_at_ms].every(Number.isSafeInteger) || !/^[0-9a-f]{64}$/.test(hash)) {
    throw new Error('the feed’s head cannot be read')
  }
  return { epoch, log, seq, hash, recordedAtMs: recorded_at_ms }
}
