import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import { AssentError } from '../../domain/errors.ts'
import type { ConfigEvent } from '../../domain/events.ts'
import { BatchRefused, CommitUnknown, type KeptAnswer, type LedgerStore } from '../../ledger/ledger-store.ts'
import type { DatabaseAddress } from '../database-address.ts'
import { toSubjectId } from '../row-ids.ts'
import { type AppendRow, appendText, appendValues } from './append-statement.ts'
import { uuidArray } from './binary-arrays.ts'
import { connect } from './connect.ts'
import { projectConfig } from './project-config.ts'
import { ShapeStore } from './shape-store.ts'

const log = 0
/** Any constant beside the migrations': who holds it writes the log. */
const writerLock = 724_911_802
const timeoutMs = 2_000
const leaseWaitMs = 5_000

type HeadRow = { epoch: number; seq: number; hash: Buffer; recorded_at_ms: number; lease: number }

/**
 * The writer's storage. The advisory lock, the lease and the transactions share one connection: when it is lost,
 * so is the right to write.
 */
export function createLedgerStore(serve: DatabaseAddress): LedgerStore {
  let writer: { readonly client: pg.Client; readonly lease: number; readonly shapes: ShapeStore } | undefined
  let lastLease = 0
  let reader: Promise<pg.Client> | undefined

  /** Reads beside the batch under way, on a connection of its own. */
  async function read<R extends pg.QueryResultRow>(query: pg.QueryConfig): Promise<readonly R[]> {
    reader ??= connect(serve, timeoutMs)
    const used = reader
    try {
      return (await (await used).query<R>(query)).rows
    } catch (error) {
      if (reader === used) reader = undefined
      void used.then((client) => client.end()).catch(() => undefined)
      throw error
    }
  }

  function drop(): void {
    const dropped = writer
    writer = undefined
    void dropped?.client.end().catch(() => undefined)
  }

  function writing() {
    if (writer === undefined)
      throw new AssentError('log_unavailable', 'The log has no writer; nothing was written.')
    return writer
  }

  return {
    async acquireLease() {
      drop()
      const client = await connect(serve, timeoutMs).catch((cause) => {
        throw new AssentError('log_unavailable', 'The database cannot be reached; nothing was written.', {
          cause,
        })
      })
      try {
        await assertDurable(client)
        await lock(client)
        const { rows } = await client.query<HeadRow>(
          `UPDATE log_heads SET lease = lease + 1, touched_at = now() WHERE log = $1
           RETURNING epoch, seq, hash, recorded_at_ms, lease`,
          [log],
        )
        const row = rows[0]
        if (row === undefined) throw new Error('the log does not exist')
        await forgetAnswers(client)
        // Plans are made once and kept while the tables grow.
        await client.query('SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off')
        writer = { client, lease: row.lease, shapes: await ShapeStore.read(client) }
        lastLease = row.lease
        const { epoch, seq, hash, recorded_at_ms } = row
        return { epoch, log, seq, hash: hash.toString('hex'), recordedAtMs: recorded_at_ms }
      } catch (error) {
        await client.end().catch(() => undefined)
        throw error
      }
    },

    async append(batch) {
      const { client, lease, shapes } = writing()
      const packed = shapes.pack(batch.states)
      const statement = { name: 'append', text: appendText, values: appendValues(batch, packed, lease) }
      const config = batch.events.flatMap(({ event }) => (event.subjectId === null ? [event] : []))
      try {
        if (config.length > 0) await client.query('BEGIN')
        const { rows } = await client.query<AppendRow>(statement)
        const isWritten = rows[0]?.written === 1
        if (isWritten) for (const event of config) await projectConfig(client, event as ConfigEvent)
        if (config.length > 0) await client.query(isWritten ? 'COMMIT' : 'ROLLBACK')
        if (!isWritten) {
          const kept = rows.flatMap(({ digest, ...answer }) =>
            digest === null ? [] : [toKept({ digest, ...answer })],
          )
          return kept.length > 0 ? kept : 'moved'
        }
      } catch (error) {
        if (!isDataError(error) && !(error instanceof BatchRefused)) {
          // Not answered, or with a failure of the server's: it may have been carried out, or may be yet.
          drop()
          throw new CommitUnknown('the batch was not answered', { cause: error })
        }
        if (config.length > 0) await client.query('ROLLBACK').catch(drop)
        if (error instanceof BatchRefused) throw error
        throw new BatchRefused((error as Error).message, { cause: error })
      }
      shapes.learn(packed.shapes)
      return 'committed'
    },

    async hasCommitted(batchId) {
      const client = await connect(serve, timeoutMs)
      try {
        await client.query('BEGIN')
        // A batch under way holds this row until it is decided; one that comes later finds another lease.
        await client.query('UPDATE log_heads SET lease = lease + 1 WHERE log = $1 AND lease = $2', [
          log,
          lastLease,
        ])
        const { rowCount } = await client.query('SELECT 1 FROM batches WHERE id = $1', [batchId])
        await client.query('COMMIT')
        return rowCount === 1
      } finally {
        await client.end().catch(() => undefined)
      }
    },

    async subjectKeys(subjectIds) {
      const rows = await read<{ id: string; wrapped_key: Buffer }>({
        name: 'subject-keys',
        text: 'SELECT id, wrapped_key FROM subjects WHERE id = ANY($1::uuid[]) AND wrapped_key IS NOT NULL',
        values: [uuidArray(subjectIds, (id) => id)],
      })
      return new Map(rows.map((row) => [toSubjectId(row.id), row.wrapped_key]))
    },

    async findAnswers(digests) {
      const rows = await read<KeptRow>({
        name: 'find-answers',
        text: `SELECT digest, fingerprint, outcome FROM idempotency_keys
          WHERE digest = ANY($1::uuid[]) AND created_at > now() - interval '24 hours'`,
        values: [uuidArray(digests, (digest) => digest)],
      })
      return new Map(rows.map(toKept).map((kept) => [kept.digest, kept]))
    },

    async forget() {
      const client = await connect(serve, timeoutMs)
      try {
        await forgetAnswers(client)
        await client.query("DELETE FROM batches WHERE committed_at < now() - interval '24 hours'")
      } finally {
        await client.end()
      }
    },

    async close() {
      const closing = writer
      writer = undefined
      await closing?.client.end().catch(() => undefined)
      await reader?.then((client) => client.end()).catch(() => undefined)
      reader = undefined
    },
  }
}

type KeptRow = { readonly digest: string; readonly fingerprint: Buffer; readonly outcome: string }

function toKept({ digest, fingerprint, outcome }: KeptRow): KeptAnswer {
  return { digest: digest.replaceAll('-', ''), fingerprint, outcome }
}

/** Empties the table of tomorrow's answers: it holds those of the day before yesterday. */
async function forgetAnswers(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ slot: number }>(
    'SELECT (floor(extract(epoch FROM now()) / 86400)::integer + 1) % 3 AS slot',
  )
  const table = `idempotency_keys_${rows[0]!.slot}`
  const { rowCount } = await client.query(`SELECT 1 FROM ${table} LIMIT 1`)
  if (rowCount === 1) await client.query(`TRUNCATE ${table}`)
}

/** What is acknowledged must survive a power cut: refuses a server that is told not to care. */
async function assertDurable(client: pg.Client): Promise<void> {
  for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit']) {
    const { rows } = await client.query<Record<string, string>>(`SHOW ${setting}`)
    const value = rows[0]?.[setting]
    if (value === 'off')
      throw new Error(`the database runs with ${setting} off: an acknowledged refusal could be lost`)
  }
}

async function lock(client: pg.Client): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += 50) {
    const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1, $2) AS taken', [
      writerLock,
      log,
    ])
    if (rows[0]?.taken === true) return
    if (waitedMs >= leaseWaitMs) {
      throw new AssentError('log_unavailable', 'Another server writes this log; nothing was written.')
    }
    await delay(50)
  }
}

/** SQLSTATE classes 22 (data) and 23 (constraints): what the batch holds, not how the server fares. */
function isDataError(error: unknown): boolean {
  const { code } = error as { code?: string }
  return typeof code === 'string' && /^(22|23)/.test(code)
}
