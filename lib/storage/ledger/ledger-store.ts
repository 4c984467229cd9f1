import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import { AssentError } from '../../domain/errors.ts'
import type { ConfigEvent } from '../../domain/events.ts'
import {
  type Batch,
  BatchRefused,
  CommitUnknown,
  type KeptAnswer,
  type LedgerStore,
} from '../../ledger/ledger-store.ts'
import type { DatabaseAddress } from '../database-address.ts'
import { toOrganisationId, toSubjectId, toUuid } from '../row-ids.ts'
import { appendStatements } from './append-statements.ts'
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
        writer = { client, lease: row.lease, shapes: await ShapeStore.read(client) }
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
      try {
        if (!(await begin(client, batch, lease))) {
          await client.query('ROLLBACK')
          return 'moved'
        }
        for (const statement of appendStatements(batch, packed))
          await client.query({ ...statement, values: [...statement.values] })
        for (const { event } of batch.events) {
          if (event.subjectId === null) await projectConfig(client, event as ConfigEvent)
        }
      } catch (error) {
        await client.query('ROLLBACK').catch(drop)
        throw nothingWritten(error)
      }
      try {
        await client.query('COMMIT')
      } catch (error) {
        if (isDataError(error)) throw new BatchRefused('a constraint failed at COMMIT', { cause: error })
        drop()
        throw new CommitUnknown('COMMIT was not answered', { cause: error })
      }
      shapes.learn(packed.shapes)
      return 'committed'
    },

    async hasCommitted(batchId) {
      const client = await connect(serve, timeoutMs)
      try {
        await client.query('BEGIN')
        // The batch's transaction holds this row until it is decided: after the lock, its outcome stands.
        await client.query('SELECT 1 FROM log_heads WHERE log = $1 FOR UPDATE', [log])
        const { rowCount } = await client.query('SELECT 1 FROM batches WHERE id = $1', [batchId])
        await client.query('COMMIT')
        return rowCount === 1
      } finally {
        await client.end().catch(() => undefined)
      }
    },

    async subjectKeys(subjectIds) {
      const { rows } = await writing().client.query<{ id: string; wrapped_key: Buffer }>({
        name: 'subject-keys',
        text: 'SELECT id, wrapped_key FROM subjects WHERE id = ANY($1::uuid[]) AND wrapped_key IS NOT NULL',
        values: [subjectIds.map(toUuid)],
      })
      return new Map(rows.map((row) => [toSubjectId(row.id), row.wrapped_key]))
    },

    async findAnswers(calls) {
      const { rows } = await writing().client.query<{
        organisation_id: string
        principal: string
        key: string
        fingerprint: Buffer
        outcome: object
      }>({
        name: 'find-answers',
        text: `SELECT k.organisation_id, k.principal, k.key, k.fingerprint, k.outcome FROM idempotency_keys k
          JOIN unnest($1::uuid[], $2::text[], $3::text[]) AS c(organisation_id, principal, key)
            USING (organisation_id, principal, key)
          WHERE k.created_at > now() - interval '24 hours'`,
        values: [
          calls.map(({ organisationId }) => toUuid(organisationId)),
          calls.map(({ principal }) => principal),
          calls.map(({ key }) => key),
        ],
      })
      return rows.map(
        (row): KeptAnswer => ({
          organisationId: toOrganisationId(row.organisation_id),
          principal: row.principal,
          key: row.key,
          fingerprint: row.fingerprint,
          outcome: row.outcome,
        }),
      )
    },

    async forget() {
      const client = await connect(serve)
      try {
        await client.query("DELETE FROM idempotency_keys WHERE created_at < now() - interval '24 hours'")
        await client.query("DELETE FROM batches WHERE committed_at < now() - interval '24 hours'")
      } finally {
        await client.end()
      }
    },

    async close() {
      const closing = writer
      writer = undefined
      await closing?.client.end().catch(() => undefined)
    },
  }
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

/** Takes the head's lock; false where the log is not where the batch expects it, or the lease is another's. */
async function begin(client: pg.Client, { after }: Batch, lease: number): Promise<boolean> {
  await client.query('BEGIN')
  const { rows } = await client.query<HeadRow>({
    name: 'lock-head',
    text: 'SELECT epoch, seq, hash, recorded_at_ms, lease FROM log_heads WHERE log = $1 FOR UPDATE',
    values: [log],
  })
  const head = rows[0]
  return (
    head !== undefined &&
    head.lease === lease &&
    head.epoch === after.epoch &&
    head.seq === after.seq &&
    head.hash.toString('hex') === after.hash
  )
}

/** SQLSTATE classes 22 (data) and 23 (constraints): what the batch holds, not how the server fares. */
function isDataError(error: unknown): boolean {
  const { code } = error as { code?: string }
  return typeof code === 'string' && /^(22|23)/.test(code)
}

function nothingWritten(cause: unknown): Error {
  if (cause instanceof BatchRefused) return cause
  if (isDataError(cause)) return new BatchRefused((cause as Error).message, { cause })
  return new AssentError('log_unavailable', 'The database cannot be written now; nothing was written.', {
    cause,
  })
}
