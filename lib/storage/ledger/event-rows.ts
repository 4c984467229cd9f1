import type { AssentEvent, EventBody } from '../../domain/events.ts'
import type { LogHead } from '../../domain/log-head.ts'
import { toEventId, toOrganisationId, toSubjectId } from '../row-ids.ts'

export type EventRow = {
  readonly log: number
  readonly seq: number
  readonly epoch: number
  readonly id: string
  readonly organisation_id: string
  readonly subject_id: string | null
  readonly body: EventBody
  readonly recorded_at_ms: number
  readonly occurred_at_ms: number
  readonly previous_hash: Buffer
  readonly hash: Buffer
}

export const eventColumns =
  'log, seq, epoch, id, organisation_id, subject_id, body, recorded_at_ms, occurred_at_ms, previous_hash, hash'

export function toEvent(row: EventRow): AssentEvent {
  return {
    id: toEventId(row.id),
    organisationId: toOrganisationId(row.organisation_id),
    subjectId: row.subject_id === null ? null : toSubjectId(row.subject_id),
    seq: row.seq,
    recordedAtMs: row.recorded_at_ms,
    occurredAtMs: row.occurred_at_ms,
    body: row.body,
  } as AssentEvent
}

export function headOf(row: EventRow): LogHead {
  const { epoch, log, seq, hash, recorded_at_ms } = row
  return { epoch, log, seq, hash: hash.toString('hex'), recordedAtMs: recorded_at_ms }
}
