import type { Limits } from '../../api/limits/key-limits.ts'
import type { AppliedBatch } from '../../decisions/decisions.ts'
import type { OrganisationId, SubjectId } from '../../domain/ids.ts'
import type { LogHead } from '../../domain/log-head.ts'
import type { DatabaseAddress } from '../../storage/database-address.ts'

/** What a worker needs to begin; it goes over the pipe, so that no secret is in an environment or an argument. */
export type Beginning = {
  readonly serve: DatabaseAddress
  /** 16 bytes, hex. */
  readonly lookupKey: string
  /** Of digests of what questions named, hex. */
  readonly questionKey: string
  readonly publicUrl: string
  readonly limits: Partial<Limits>
  readonly bounds: { readonly stalenessBoundMs: number; readonly atLeastWaitMs: number }
  /** Share of single answers that are kept, and for how many days. */
  readonly samples: { readonly rate: number; readonly days: number }
  /** The Unix socket on which the primary answers what the worker does not. */
  readonly primarySocket: string
}

export type SentBatch = {
  readonly events: AppliedBatch['events']
  /** Digests in hex. */
  readonly identifiers: readonly (readonly [OrganisationId, SubjectId, string])[]
  readonly head: LogHead
}

export type ToWorker =
  | { readonly kind: 'begin'; readonly beginning: Beginning }
  | { readonly kind: 'apply'; readonly batch: SentBatch }
  /** The primary no longer has what follows the worker's place: it reads on from the database and asks again. */
  | { readonly kind: 'read_on' }
  /** Age of the primary's contact with the log, in milliseconds, when it was asked. */
  | { readonly kind: 'contact'; readonly ageMs: number }
  | { readonly kind: 'tell_metrics' }

export type FromWorker =
  /** Everything up to `head` is in the worker's index; it asks for what follows. */
  | { readonly kind: 'loaded'; readonly head: LogHead }
  | { readonly kind: 'applied'; readonly seq: number }
  | { readonly kind: 'ask_contact' }
  | { readonly kind: 'connection_closed' }
  | { readonly kind: 'metrics'; readonly metrics: readonly object[] }
  | {
      readonly kind: 'log'
      readonly level: 'info' | 'warn' | 'error'
      readonly what: object
      readonly message: string
    }

export function toSent({ events, identifiers, head }: AppliedBatch): SentBatch {
  return {
    events,
    identifiers: identifiers.map(({ organisationId, subjectId, digest }) => [
      organisationId,
      subjectId,
      Buffer.from(digest).toString('hex'),
    ]),
    head,
  }
}

export function fromSent({ events, identifiers, head }: SentBatch): AppliedBatch {
  return {
    events,
    identifiers: identifiers.map(([organisationId, subjectId, digest]) => ({
      organisationId,
      subjectId,
      digest: Buffer.from(digest, 'hex'),
    })),
    head,
  }
}
