import type pg from 'pg'
import type { LinkedBatch } from '../../decisions/decisions.ts'
import type { LoadTarget, LogSource } from '../../decisions/log-source.ts'
import { AssentError } from '../../domain/errors.ts'
import type { LogHead } from '../../domain/log-head.ts'
import { CopiedRows } from '../../replica/copied-rows.ts'
import { subjectVisitors } from '../../replica/load-subjects.ts'
import type { DatabaseAddress } from '../database-address.ts'
import { toOrganisationId, toSubjectId } from '../row-ids.ts'
import { connect, endWhereStuck } from './connect.ts'
import { copyOut, identifiersQuery, statesQuery } from './copy-out.ts'
import { type EventRow, eventColumns, headOf, toEvent } from './event-rows.ts'
import { LogHints } from './log-hints.ts'

const log = 0

export type HeadRow = {
  epoch: number
  seq: number
  state_seq: number
  hash: Buffer
  recorded_at_ms: number
}

/** A load that has not moved for so long is given up. */
const stuckMs = 30_000
/** A read that is not answered at all for so long is given up: its contact would count for nothing. */
const unansweredMs = 2_500

/**
 * Reads the log for an index, over one connection that is made again when it is lost. With `listens` a read that is
 * held back ends when the writer's transaction says that there is more; without it, or where that is not heard, when
 * its time is up.
 */
export function createLogSource(
  serve: DatabaseAddress,
  options: { readonly listens?: boolean } = {},
): LogSource & { close(): Promise<void> } {
  const hints = new LogHints()
  let follower: Promise<pg.Client> | undefined
  let isClosed = false

  async function open(): Promise<pg.Client> {
    const client = await connect(serve, 2_000, unansweredMs)
    if (options.listens === true) {
      client.on('notification', ({ payload }) => hints.hear(Number(payload)))
      client.on('end', () => hints.hear(Number.POSITIVE_INFINITY))
      await client.query('LISTEN assent_log')
    }
    return client
  }

  async function query<R extends pg.QueryResultRow>(
    name: string,
    text: string,
    values: readonly unknown[],
  ): Promise<readonly R[]> {
    if (isClosed) throw new AssentError('log_unavailable', 'The server is stopping.')
    follower ??= open()
    const used = follower
    try {
      return (await (await used).query<R>({ name, text, values: [...values] })).rows
    } catch (error) {
      if (follower === used) follower = undefined
      void used.then((client) => client.end()).catch(() => undefined)
      throw error
    }
  }

  return {
    async load(into) {
      const client = await connect(serve)
      const stopWatching = endWhereStuck(client, stuckMs)
      try {
        await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
        const row = (await client.query<HeadRow>(headQuery, [log])).rows[0]
        const head = toHead(row)
        if (row?.state_seq !== head.seq) {
          throw new AssentError('log_unavailable', 'The states are not those of the log’s end.')
        }
        const { rows: config } = await client.query<EventRow>(
          `SELECT ${eventColumns} FROM events WHERE log = ${log} AND subject_id IS NULL ORDER BY seq`,
        )
        for (const each of config) into.config(toEvent(each))
        const { rows: shapes } = await client.query<{ id: number; shape: string }>(
          'SELECT id, shape FROM state_shapes',
        )
        for (const { id, shape } of shapes) into.shape(id, shape)
        if (into.expect !== undefined) into.expect(await estimate(client))
        await loadSubjects(client, into)
        await client.query('COMMIT')
        return head
      } finally {
        stopWatching()
        await client.end()
      }
    },
    async read(after, { waitMs, eventsMax }) {
      await hints.wait(after.seq, waitMs)
      const askedAt = performance.now()
      const rows = await query<ReadRow>('read-log', readQuery, [log, after.epoch, after.seq, eventsMax])
      const ageMs = performance.now() - askedAt
      const [first] = rows
      if (first === undefined) throw new AssentError('log_unavailable', 'The log does not exist.')
      const head: LogHead = {
        epoch: first.head_epoch,
        log,
        seq: first.head_seq,
        hash: first.head_hash.toString('hex'),
        recordedAtMs: first.head_recorded_at_ms,
      }
      const isFurther = after.log === log && head.epoch === after.epoch && head.seq > after.seq
      return {
        head,
        batches: isFurther ? [toBatch(rows)] : [],
        ageMs,
        databaseNowMs: first.now_ms + ageMs / 2,
        databaseNowErrorMs: ageMs / 2,
      }
    },
    async close() {
      const used = follower
      follower = undefined
      isClosed = true
      hints.end()
      await used?.then((client) => client.end()).catch(() => undefined)
    },
  }
}

export const headQuery = 'SELECT epoch, seq, state_seq, hash, recorded_at_ms FROM log_heads WHERE log = $1'

/** The log's end and what follows a place, of one moment and in one round trip; one row of nulls where nothing does. */
const readQuery = `SELECT h.epoch AS head_epoch, h.seq AS head_seq, h.hash AS head_hash,
    h.recorded_at_ms AS head_recorded_at_ms, (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now_ms, e.*,
    ARRAY(SELECT i.digest FROM identifiers i WHERE i.subject_id = e.subject_id) AS digests
  FROM log_heads h LEFT JOIN LATERAL (
    SELECT ${eventColumns} FROM events
    WHERE events.log = h.log AND h.epoch = $2 AND events.seq > $3 AND events.seq <= h.seq
    ORDER BY events.seq LIMIT $4
  ) e ON true
  WHERE h.log = $1 ORDER BY e.seq`

type ReadRow = EventRow & {
  readonly head_epoch: number
  readonly head_seq: number
  readonly head_hash: Buffer
  readonly head_recorded_at_ms: number
  readonly now_ms: number
  /** Of the event's subject. */
  readonly digests: readonly Buffer[]
}

/** Throws where the events do not follow each other. */
function toBatch(rows: readonly ReadRow[]): LinkedBatch {
  const [first, last] = [rows[0], rows.at(-1)]
  if (first?.seq == null || last === undefined) {
    throw new AssentError('log_unavailable', 'The log ends before its head.')
  }
  const broken = rows.find((row, index) => index > 0 && !row.previous_hash.equals(rows[index - 1]!.hash))
  if (broken !== undefined) throw new AssentError('log_unavailable', `The chain breaks at ${broken.seq}.`)
  return {
    previousHash: first.previous_hash.toString('hex'),
    events: rows.map(toEvent),
    identifiers: rows.flatMap(({ organisation_id, subject_id, digests }) =>
      subject_id === null
        ? []
        : digests.map((digest) => ({
            organisationId: toOrganisationId(organisation_id),
            subjectId: toSubjectId(subject_id),
            digest,
          })),
    ),
    head: headOf(last),
  }
}

export function toHead(row: HeadRow | undefined): LogHead {
  if (row === undefined) throw new AssentError('log_unavailable', 'The log does not exist.')
  const { epoch, seq, hash, recorded_at_ms } = row
  return { epoch, log, seq, hash: hash.toString('hex'), recordedAtMs: recorded_at_ms }
}

/** What the database last counted: about right, or 0 where it never did. */
async function estimate(client: pg.Client): Promise<{ subjects: number; identifiers: number }> {
  const { rows } = await client.query<{ subjects: number; identifiers: number }>(
    `SELECT max(reltuples) FILTER (WHERE relname = 'subject_states') AS subjects,
      max(reltuples) FILTER (WHERE relname = 'identifiers') AS identifiers
     FROM pg_class WHERE oid IN ('subject_states'::regclass, 'identifiers'::regclass)`,
  )
  const { subjects, identifiers } = rows[0]!
  return { subjects: Math.max(0, subjects), identifiers: Math.max(0, identifiers) }
}

/** States and identifiers, which are many. Synchronous by chunk; between chunks others have their turn. */
async function loadSubjects(client: pg.Client, into: LoadTarget): Promise<void> {
  const visitors = subjectVisitors(into)
  for (const [query, visit] of [
    [statesQuery, visitors.state],
    [identifiersQuery, visitors.identifier],
  ] as const) {
    const rows = new CopiedRows(visit)
    for await (const chunk of copyOut(client, query)) rows.push(chunk)
    if (!rows.isComplete()) throw new AssentError('log_unavailable', 'The database broke off.')
  }
  visitors.end()
}
