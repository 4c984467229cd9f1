import type { AssentEvent } from '../domain/events.ts'
import type { OrganisationId, SubjectId } from '../domain/ids.ts'
import type { LogHead } from '../domain/log-head.ts'
import type { FoldedState } from '../domain/pack-state.ts'

/** An event with its commitment; all hashes are 32 bytes. */
export type CommittedEvent = {
  readonly event: AssentEvent
  /** Canonical JSON. */
  readonly bodyJson: string
  /** SHA-256(0x00 ‖ commitment): the leaf of the Merkle log. */
  readonly leaf: Uint8Array
  readonly previousHash: Uint8Array
  /** SHA-256(0x02 ‖ previousHash ‖ leaf). */
  readonly hash: Uint8Array
  /** Salt and evidence, sealed under the subject's key or the organisation's. */
  readonly sealed: Uint8Array
}

export type NewSubject = {
  readonly organisationId: OrganisationId
  readonly subjectId: SubjectId
  readonly wrappedKey: Uint8Array
  readonly namespace: string
  /** 16 bytes. */
  readonly digest: Uint8Array
  readonly sealedIdentifier: Uint8Array
}

/** What a repeated call is answered with. */
export type KeptAnswer = {
  /** 32 hex digits: the keyed digest of organisation, principal and key. */
  readonly digest: string
  /** Of the request: 32 bytes, keyed. */
  readonly fingerprint: Uint8Array
  /** JSON without identifiers. */
  readonly outcome: string
}

/** One transaction's worth of writing: all or none. */
export type Batch = {
  /** UUID by which its outcome can be read back. */
  readonly id: string
  /** Where the log must end for this batch to be valid. */
  readonly after: LogHead
  readonly subjects: readonly NewSubject[]
  readonly events: readonly CommittedEvent[]
  /** Each subject at most once, as she stands after the last of `events`. */
  readonly states: readonly FoldedState[]
  readonly answers: readonly KeptAnswer[]
}

/** The database refuses what the batch holds; nothing was written. Its cause may be an `AssentError` for the caller. */
export class BatchRefused extends Error {
  override readonly name = 'BatchRefused'
}

/** The batch was sent and not answered: only `hasCommitted` knows. */
export class CommitUnknown extends Error {
  override readonly name = 'CommitUnknown'
}

/**
 * Storage of one log, for its one writer.
 *
 * `append` writes all of a batch in one durable transaction, or nothing. It holds the head's row while it writes, so
 * sequence numbers commit in order, and it checks that the lease is still this writer's.
 */
export type LedgerStore = {
  /** Becomes the writer, ahead of any earlier one. Throws `log_unavailable` where another is alive. */
  acquireLease(): Promise<LogHead>
  /**
   * Throws `BatchRefused`; `CommitUnknown`; `AssentError` `log_unavailable` where nothing was written. `moved`: the
   * log does not end at `batch.after` or the lease is another's; nothing was written. Answers that are kept under
   * digests of the batch's: these calls were made before; nothing was written.
   */
  append(batch: Batch): Promise<'committed' | 'moved' | readonly KeptAnswer[]>
  /**
   * The outcome of a batch that was not answered. It ends this writer's lease first, so that what it answers stands: a
   * batch that was not written yet never will be. Throws where the database cannot be asked.
   */
  hasCommitted(batchId: string): Promise<boolean>
  /** Wrapped keys of subjects; erased ones are missing. */
  subjectKeys(subjectIds: readonly SubjectId[]): Promise<ReadonlyMap<SubjectId, Uint8Array>>
  /** The answers kept under these digests, by digest; each for 24 h. */
  findAnswers(digests: readonly string[]): Promise<ReadonlyMap<string, KeptAnswer>>
  /** Forgets answers and batches older than 24 h. */
  forget(): Promise<void>
  close(): Promise<void>
}
