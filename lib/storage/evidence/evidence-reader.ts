import type {
  EvidenceFacet,
  EvidenceReader,
  EvidenceRow,
  EvidenceSource,
} from '../../api/evidence/evidence-store.ts'
import type { NoticeRef } from '../../domain/events.ts'
import { recordAct } from '../admin-acts.ts'
import type { DatabaseAddress } from '../database-address.ts'
import { openPool } from '../ledger/connect.ts'
import type { PrismaClient } from '../prisma/client.ts'
import { toEventId, toSubjectId, toUuid } from '../row-ids.ts'
import { factsOfEvent } from './facts.ts'
import { pageQueries, sources } from './page-query.ts'

type Found = {
  readonly at_ms: number
  readonly source: 1 | 2
  readonly position: number
  readonly id: string
  readonly kind: string
  readonly actor: string
  readonly purpose: string
  readonly property: string
  readonly subject_id: string | null
  readonly body: Readonly<Record<string, unknown>>
  readonly epoch: number
  readonly occurred_at_ms: number
  readonly leaf: Buffer | null
  readonly previous_hash: Buffer
  readonly hash: Buffer
}

/** Of places `p` with their facets: everything else, by the keys of what they are of. */
const rowsOf = (places: string) => `
  SELECT p.at_ms, p.source, p.position, f.kind, f.actor, f.purpose, f.property, coalesce(e.id, a.id) AS id, e.subject_id,
    coalesce(e.body, a.detail) AS body, e.epoch, e.occurred_at_ms, e.leaf, e.previous_hash, e.hash
  FROM (${places}) p JOIN evidence_facets f ON f.id = p.facet_id
  LEFT JOIN events e ON p.source = ${sources.event} AND e.log = 0 AND e.seq = p.position
  LEFT JOIN admin_acts a ON p.source = ${sources.act} AND a.position = p.position`

/** Reads the log of evidence. Every query names the organisation first. */
export function createEvidenceReader(
  serve: DatabaseAddress,
  prisma: PrismaClient,
): EvidenceReader & { close(): Promise<void> } {
  const pool = openPool(serve)
  return {
    async page(organisationId, filter, options) {
      const { look, page } = pageQueries(toUuid(organisationId), filter, options)
      const ask = async ({ text, values }: typeof page) =>
        (await pool.query<Found>(rowsOf(text), [...values])).rows
      const seen = look === undefined ? [] : await ask(look)
      const rows = seen.length === options.limit ? seen : await ask(page)
      const sign = options.order === 'newest' ? -1 : 1
      return rows
        .sort((a, b) => sign * (a.at_ms - b.at_ms || a.source - b.source || a.position - b.position))
        .map(toRow)
    },
    async find(organisationId, id) {
      const [, kind, hex] = /^(evt|act)_([0-9a-f]{32})$/.exec(id) ?? []
      if (hex === undefined) return undefined
      const text = kind === 'evt' ? oneEvent : oneAct
      const { rows } = await pool.query<Found>(text, [toUuid(organisationId), toUuid(toEventId(hex))])
      return rows.map(toRow)[0]
    },
    async facets(organisationId) {
      const { rows } = await pool.query<Omit<EvidenceFacet, 'source'> & { source: 1 | 2 }>(
        `SELECT source, kind, actor, purpose, property, count FROM evidence_facets WHERE organisation_id = $1`,
        [toUuid(organisationId)],
      )
      return rows.map((row) => ({ ...row, source: sourceOf(row.source) }))
    },
    async names(organisationId) {
      const { rows } = await pool.query<{ actor: string; name: string }>(
        `SELECT 'member:' || id AS actor, email AS name FROM members WHERE organisation_id = $1
         UNION ALL SELECT id, name FROM api_keys WHERE organisation_id = $1`,
        [toUuid(organisationId)],
      )
      return new Map(rows.map(({ actor, name }) => [actor, name]))
    },
    recordExport: (organisationId, by, detail) =>
      prisma.$transaction((tx) => recordAct(tx, organisationId, by, 'evidence_exported', detail)),
    close: () => pool.end(),
  }
}

const oneEvent = `SELECT f.at_ms, ${sources.event} AS source, f.position, f.kind, f.actor, f.purpose, f.property, f.id,
  f.subject_id, f.body, f.epoch, f.occurred_at_ms, f.leaf, f.previous_hash, f.hash
  FROM (${factsOfEvent}) f WHERE f.organisation_id = $1 AND f.id = $2`

const oneAct = `SELECT floor(extract(epoch FROM at) * 1000)::bigint AS at_ms, ${sources.act} AS source, position,
  act AS kind, actor, coalesce(detail ->> 'purpose', '') AS purpose, coalesce(detail ->> 'property', '') AS property, id,
  detail AS body FROM admin_acts WHERE organisation_id = $1 AND id = $2`

const sourceOf = (source: 1 | 2): EvidenceSource => (source === sources.event ? 'event' : 'act')
const orNull = (text: string) => (text === '' ? null : text)

function toRow(row: Found): EvidenceRow {
  const source = sourceOf(row.source)
  const id = toEventId(row.id)
  const { notice } = row.body as { notice?: NoticeRef | string | null }
  return {
    ...{ atMs: row.at_ms, source, position: row.position, kind: row.kind },
    id: source === 'event' ? id : id.replace('evt_', 'act_'),
    ...{ actor: orNull(row.actor), purpose: orNull(row.purpose), property: orNull(row.property) },
    subject: row.subject_id === null || row.subject_id === undefined ? null : toSubjectId(row.subject_id),
    notice: typeof notice === 'object' ? notice : null,
    detail: row.body,
    event:
      source === 'act' || row.leaf === null
        ? null
        : {
            ...{ epoch: row.epoch, occurredAtMs: row.occurred_at_ms, leaf: row.leaf.toString('hex') },
            ...{ previousHash: row.previous_hash.toString('hex'), hash: row.hash.toString('hex') },
          },
  }
}
