// What a snapshot costs: CPU and wall time an identifier, and memory, over identifiers sealed as the ledger seals them.
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import pg from 'pg'
import type { SubjectId } from '../lib/domain/ids.ts'
import { openIdentifiers } from '../lib/ledger/known-identifiers.ts'
import { seal } from '../lib/ledger/seal.ts'
import { ndjsonFormat } from '../lib/snapshots/ndjson-format.ts'
import { parquetFormat } from '../lib/snapshots/parquet-format.ts'
import { takeSnapshot } from '../lib/snapshots/take-snapshot.ts'
import { serveUser, startEmbeddedPostgres } from '../lib/storage/embedded/start-embedded-postgres.ts'
import { createSealedIdentifiers } from '../lib/storage/ledger/sealed-identifiers.ts'
import { aConsent, startLedger } from '../lib/storage/ledger/testing/start-ledger.ts'
import { migrate } from '../lib/storage/migrate.ts'
import { toUuid } from '../lib/storage/row-ids.ts'

const count = Number(process.argv.find((arg) => /^\d+$/.test(arg)) ?? 100_000)
/** People whose states are decided, over and over; the others are identifiers only. */
const people = 1_000
const batch = 10_000

const dataDir = mkdtempSync(join(tmpdir(), 'assent-measure-'))
const server = await startEmbeddedPostgres({ dataDir, log: () => undefined })
await migrate(server.owner, serveUser)
const running = await startLedger(server.serve)
const { organisationId, decisions, keys } = running
const known: SubjectId[] = []
for (let n = 0; n < people; n += 500) {
  const made = await Promise.all(
    Array.from({ length: 500 }, (_, k) =>
      running.ledger.recordConsents(
        aConsent(organisationId, {
          subject: { namespace: 'user', id: `person_${n + k}` },
          choices: ['analytics', 'personalization', 'ai_training', 'ai_training.fine_tuning'].map(
            (purpose) => ({
              purpose,
              act: (n + k) % 2 === 0 ? 'grant' : 'deny',
            }),
          ),
        }),
        null,
      ),
    ),
  )
  known.push(...made.map(({ subjectId }) => subjectId))
}

const client = new pg.Client(server.owner)
await client.connect()
for (let done = people; done < count; done += batch) {
  const rows = Array.from({ length: Math.min(batch, count - done) }, (_, n) => {
    const key = randomBytes(32)
    const id = randomUUID()
    return [id, seal(keys.wrap, key), randomBytes(16), seal(key, Buffer.from(`user_${done + n}`))] as const
  })
  const column = (at: 0 | 1 | 2 | 3) => rows.map((row) => row[at])
  await client.query(
    `WITH s AS (INSERT INTO subjects (organisation_id, id, wrapped_key) SELECT $1, * FROM unnest($2::uuid[], $3::bytea[]))
     SELECT 1`,
    [toUuid(organisationId), column(0), column(1)],
  )
  await client.query(
    `INSERT INTO identifiers (organisation_id, subject_id, namespace, digest, sealed)
     SELECT $1, i, 'user', d, x FROM unnest($2::uuid[], $3::bytea[], $4::bytea[]) AS u(i, d, x)`,
    [toUuid(organisationId), column(0), column(2), column(3)],
  )
}
await client.query('VACUUM ANALYZE identifiers, subjects')
await client.end()

const store = createSealedIdentifiers(server.serve)
const terms = {
  purpose: 'ai_training',
  property: null,
  categories: null,
  recipient: null,
  regime: null,
  sourcePurpose: null,
  demandsCollectedAt: true,
}
for (const format of [ndjsonFormat, () => parquetFormat({})]) {
  const made = format()
  let turn = 0
  // How long others would have waited.
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const [cpu, startedAt] = [process.cpuUsage(), performance.now()]
  const totals = await takeSnapshot({
    identifiers: openIdentifiers(store, keys.wrap, organisationId),
    spansOf: () => decisions.spansOf(organisationId, terms, known[turn++ % known.length]!),
    from: decisions.revision(),
    nowMs: Date.now(),
    exportKey: createHash('sha256').update('x').digest(),
    purpose: 'ai_training',
    property: null,
    isWithDenied: false,
    format: made,
    send: async () => undefined,
  })
  const { user, system } = process.cpuUsage(cpu)
  const ms = performance.now() - startedAt
  delay.disable()
  process.stdout.write(
    `${made.name}: ${totals.identifiers} identifiers, ${totals.rows} rows, ${(totals.bytes / 1e6).toFixed(1)} MB; ` +
      `${((user + system) / totals.identifiers).toFixed(1)} µs CPU and ${((ms * 1_000) / totals.identifiers).toFixed(1)} µs an identifier; ` +
      `event loop held up p99 ${(delay.percentile(99) / 1e6).toFixed(0)} ms, at most ${(delay.max / 1e6).toFixed(0)} ms; ${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB resident\n`,
  )
  await new Promise(setImmediate)
}
await store.close()
await running.close()
await server.stop()
rmSync(dataDir, { recursive: true, force: true })
