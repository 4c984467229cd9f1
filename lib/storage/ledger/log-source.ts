import type pg from 'pg'
import type { LogSource } from '../../decisions/log-source.ts'
import { AssentError } from '../../domain/errors.ts'
import type { LogHead } from '../../domain/log-head.ts'
import type { Row } from '../../domain/state.ts'
import type { DatabaseAddress } from '../database-address.ts'
import { toOrganisationId, toSubjectId } from '../row-ids.ts'
import { connect } from './connect.ts'
import { type EventRow, eventColumns, headOf, toEvent } from './event-rows.ts'
import { type ConsentRow, rowColumns, type StateRow, stateColumns, toRow, toState } from './state-rows.ts'

const log = 0
const fetchedAtOnce = 5_000

type HeadRow = {
  epoch: number
  seq: number
  hash: Buffer
  recorded_at_ms: number
  now_ms: number
}

/** Reads the log for an index. It keeps one connection, made again when it is lost. */
export function createLogSource(serve: DatabaseAddress): LogSource & { close(): Promise<void> } {
  let follower: Promise<pg.Client> | undefined

  async function query<R extends pg.QueryResultRow>(
    sql: string,
    values: readonly unknown[],
  ): Promise<readonly R[]> {
    follower ??= connect(serve, 2_000)
    const used = follower
    try {
      return (await (await used).query<R>(sql, [...values])).rows
    } catch (error) {
      if (follower === used) follower = undefined
      void used.then((client) => client.end()).catch(() => undefined)
      throw error
    }
  }

  return {
    async load(into) {
      const client = await connect(serve)
      try {
        await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
        const head = toHead((await client.query<HeadRow>(headQuery, [log])).rows[0])
        const config = `SELECT ${eventColumns} FROM events WHERE log = ${log} AND subject_id IS NULL ORDER BY seq`
        await scan<EventRow>(client, config, (row) => into.config(toEvent(row)))
        await scan<{ organisation_id: string; subject_id: string; digest: Buffer }>(
          client,
          'SELECT organisation_id, subject_id, digest FROM identifiers',
          (row) =>
            into.identifier({
              organisationId: toOrganisationId(row.organisation_id),
              subjectId: toSubjectId(row.subject_id),
              digest: row.digest,
            }),
        )
        const rows = new Map<string, Row[]>()
        // The fold orders rows by purpose, then property, by code unit; so does the C collation.
        const rowsQuery = `SELECT ${rowColumns} FROM consent_rows ORDER BY subject_id, purpose COLLATE "C", property COLLATE "C"`
        await scan<ConsentRow>(client, rowsQuery, (row) => {
          const own = rows.get(row.subject_id)
          if (own === undefined) rows.set(row.subject_id, [toRow(row)])
          else own.push(toRow(row))
        })
        await scan<StateRow>(client, `SELECT ${stateColumns} FROM subject_states`, (row) =>
          into.state(toOrganisationId(row.organisation_id), toState(row, rows.get(row.subject_id) ?? [])),
        )
        await client.query('COMMIT')
        return head
      } finally {
        await client.end()
      }
    },
    async readHead() {
      const [row] = await query<HeadRow>(headQuery, [log])
      return { head: toHead(row), databaseNowMs: row?.now_ms ?? 0 }
    },
    async readAfter(seq, limit) {
      const events = await query<EventRow>(
        `SELECT ${eventColumns} FROM events WHERE log = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
        [log, seq, limit],
      )
      const last = events.at(-1)
      if (last === undefined) throw new AssentError('log_unavailable', 'The log ends before its head.')
      const subjects = [...new Set(events.flatMap((event) => event.subject_id ?? []))]
      const identifiers = await query<{ organisation_id: string; subject_id: string; digest: Buffer }>(
        'SELECT organisation_id, subject_id, digest FROM identifiers WHERE subject_id = ANY($1::uuid[])',
        [subjects],
      )
      return {
        events: events.map(toEvent),
        identifiers: identifiers.map((row) => ({
          organisationId: toOrganisationId(row.organisation_id),
          subjectId: toSubjectId(row.subject_id),
          digest: row.digest,
        })),
        head: headOf(last),
      }
    },
    async close() {
      const used = follower
      follower = undefined
      await used?.then((client) => client.end()).catch(() => undefined)
    },
  }
}

const headQuery = `SELECT epoch, seq, hash, recorded_at_ms,
  (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now_ms FROM log_heads WHERE log = $1`

function toHead(row: HeadRow | undefined): LogHead {
  if (row === undefined) throw new AssentError('log_unavailable', 'The log does not exist.')
  const { epoch, seq, hash, recorded_at_ms } = row
  return { epoch, log, seq, hash: hash.toString('hex'), recordedAtMs: recorded_at_ms }
}

/** Reads any number of rows with little memory. */
async function scan<R extends pg.QueryResultRow>(
  client: pg.Client,
  sql: string,
  visit: (row: R) => void,
): Promise<void> {
  await client.query(`DECLARE scan NO SCROLL CURSOR FOR ${sql}`)
  for (;;) {
    const { rows } = await client.query<R>(`FETCH ${fetchedAtOnce} FROM scan`)
    if (rows.length === 0) break
    for (const row of rows) visit(row)
  }
  await client.query('CLOSE scan')
}
