import type { ConfigEvent, NoticeRef, SubjectEvent } from '../domain/events.ts'
import type { PersonStore } from '../ledger/person-reader.ts'
import type { DatabaseAddress } from './database-address.ts'
import { openPool } from './ledger/connect.ts'
import { type EventRow, eventColumns, toEvent } from './ledger/event-rows.ts'
import { toUuid } from './row-ids.ts'

type Sealed = { sealed: Buffer | null; wrapped_key: Buffer | null }

const partsOf = ({ sealed, wrapped_key }: Sealed) =>
  sealed === null || wrapped_key === null ? null : { sealed, wrappedKey: wrapped_key }

/** Reads what is stored of one subject. Every query names the organisation first. */
export function createPersonRecords(serve: DatabaseAddress): PersonStore & { close(): Promise<void> } {
  const pool = openPool(serve)
  return {
    async configuration(organisationId) {
      const { rows } = await pool.query<EventRow>(
        `SELECT ${eventColumns} FROM events WHERE organisation_id = $1 AND subject_id IS NULL ORDER BY seq`,
        [toUuid(organisationId)],
      )
      return rows.map(toEvent) as ConfigEvent[]
    },
    async events(organisationId, subjectId) {
      const { rows } = await pool.query<EventRow & { leaf: Buffer; has_evidence: boolean }>(
        `SELECT ${eventColumns}, leaf,
           EXISTS (SELECT 1 FROM evidence v WHERE v.log = events.log AND v.seq = events.seq) AS has_evidence
         FROM events WHERE organisation_id = $1 AND subject_id = $2 ORDER BY seq`,
        [toUuid(organisationId), toUuid(subjectId)],
      )
      return rows.map((row) => ({
        event: toEvent(row) as SubjectEvent,
        ...{ log: row.log, epoch: row.epoch, hasEvidence: row.has_evidence },
        leaf: row.leaf.toString('hex'),
        hash: row.hash.toString('hex'),
        previousHash: row.previous_hash.toString('hex'),
      }))
    },
    async identifiers(organisationId, subjectId) {
      const { rows } = await pool.query<Sealed & { namespace: string }>(
        `SELECT i.namespace, i.sealed, s.wrapped_key
         FROM identifiers i JOIN subjects s ON s.organisation_id = $1 AND s.id = i.subject_id
         WHERE i.organisation_id = $1 AND i.subject_id = $2 ORDER BY i.namespace, i.digest`,
        [toUuid(organisationId), toUuid(subjectId)],
      )
      return rows.map((row) => ({ namespace: row.namespace, parts: partsOf(row) }))
    },
    async evidence(organisationId, subjectId, seqs) {
      const { rows } = await pool.query<Sealed & { seq: number }>(
        `SELECT e.seq, v.sealed, s.wrapped_key
         FROM events e JOIN evidence v ON v.log = e.log AND v.seq = e.seq
           JOIN subjects s ON s.organisation_id = $1 AND s.id = e.subject_id
         WHERE e.organisation_id = $1 AND e.subject_id = $2 AND e.seq = ANY($3::bigint[])`,
        [toUuid(organisationId), toUuid(subjectId), seqs],
      )
      return new Map(
        rows.flatMap((row) => {
          const parts = partsOf(row)
          return parts === null ? [] : [[row.seq, parts] as const]
        }),
      )
    },
    async words(organisationId, shown) {
      const { rows } = await pool.query<NoticeRef & { sha256: string; text: Record<string, unknown> }>(
        `SELECT t.notice AS key, t.version, t.locale, v.sha256, t.text
         FROM unnest($2::text[], $3::int[], $4::text[]) AS shown (notice, version, locale)
           JOIN notice_translations t ON t.organisation_id = $1
             AND (t.notice, t.version, t.locale) = (shown.notice, shown.version, shown.locale)
           JOIN notice_versions v ON v.organisation_id = $1 AND (v.notice, v.version) = (t.notice, t.version)
         ORDER BY t.notice, t.version, t.locale`,
        [
          toUuid(organisationId),
          shown.map(({ key }) => key),
          shown.map(({ version }) => version),
          shown.map(({ locale }) => locale),
        ],
      )
      return rows
    },
    close: () => pool.end(),
  }
}
