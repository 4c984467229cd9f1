import type { SubjectEvent } from '../../domain/events.ts'
import type { EventReader } from '../../ledger/event-reader.ts'
import type { DatabaseAddress } from '../database-address.ts'
import { toUuid } from '../row-ids.ts'
import { openPool } from './connect.ts'
import { type EventRow, eventColumns, toEvent } from './event-rows.ts'

const historyMax = 1_000

/** Reads events for people. Every query names the organisation first. */
export function createEventReader(serve: DatabaseAddress): EventReader & { close(): Promise<void> } {
  const pool = openPool(serve)
  return {
    async history(organisationId, subjectId) {
      const { rows } = await pool.query<EventRow>(
        `SELECT ${eventColumns} FROM events WHERE organisation_id = $1 AND subject_id = $2
         ORDER BY seq DESC LIMIT ${historyMax}`,
        [toUuid(organisationId), toUuid(subjectId)],
      )
      return rows.reverse().map(toEvent) as SubjectEvent[]
    },
    async newest(organisationId, { beforeSeq, limit }) {
      const { rows } = await pool.query<EventRow>(
        `SELECT ${eventColumns} FROM events WHERE organisation_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3`,
        [toUuid(organisationId), beforeSeq ?? Number.MAX_SAFE_INTEGER, limit],
      )
      return rows.map(toEvent)
    },
    async after(organisationId, { afterSeq, untilSeq, limit }) {
      const organisation = toUuid(organisationId)
      const { rows } = await pool.query<EventRow & { before: number | null }>(
        `SELECT ${eventColumns}, (
           SELECT max(seq) FROM events WHERE organisation_id = $1 AND seq <= $2
         ) AS before
         FROM events WHERE organisation_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT $4`,
        [organisation, afterSeq, untilSeq, limit],
      )
      return rows.map((row, index) => ({
        event: toEvent(row),
        previousSeq: index === 0 ? row.before : (rows[index - 1]?.seq ?? null),
      }))
    },
    close: () => pool.end(),
  }
}
