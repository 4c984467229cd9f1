import { createHash, randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import type { DatabaseAddress } from './database-address.ts'

/** Any constant: two starts of Assent wait for each other under it. */
const migrationLock = 7_249_118_001

/**
 * Applies the migrations under `prisma/migrations` that the database has not seen, in order, each in a
 * transaction of its own, recorded in Prisma's own table with its checksums. Two processes starting at once
 * migrate once. Throws where an applied migration's file has changed or is missing. `serveUser` gets the rights
 * that serving needs, and no more; null where one role does both.
 */
export async function migrate(
  owner: DatabaseAddress,
  serveUser: string | null,
  directory = join(process.cwd(), 'prisma/migrations'),
): Promise<{ readonly applied: readonly string[] }> {
  const client = new pg.Client(owner)
  await client.connect()
  try {
    await client.query('SELECT pg_advisory_lock($1)', [migrationLock])
    await client.query(recordsTable)
    const applied = await applyMissing(client, readMigrations(directory))
    if (serveUser !== null) await grantServing(client, serveUser)
    return { applied }
  } finally {
    await client.end() // gives the advisory lock back
  }
}

type Migration = { readonly name: string; readonly sql: string; readonly checksum: string }

function readMigrations(directory: string): readonly Migration[] {
  return readdirSync(directory)
    .filter((name) => existsSync(join(directory, name, 'migration.sql')))
    .sort()
    .map((name) => {
      const sql = readFileSync(join(directory, name, 'migration.sql'), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    })
}

async function applyMissing(client: pg.Client, migrations: readonly Migration[]): Promise<readonly string[]> {
  const records = await client.query<{ migration_name: string; checksum: string }>(
    'SELECT migration_name, checksum FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  )
  const checksums = new Map(records.rows.map((row) => [row.migration_name, row.checksum]))
  for (const name of checksums.keys()) {
    if (!migrations.some((migration) => migration.name === name)) {
      throw new Error(`the database has the migration ${name}, which this version of Assent does not know`)
    }
  }
  const applied: string[] = []
  for (const migration of migrations) {
    const checksum = checksums.get(migration.name)
    if (checksum === migration.checksum) continue
    if (checksum !== undefined)
      throw new Error(`the migration ${migration.name} was changed after it was applied`)
    await client.query('BEGIN')
    try {
      await client.query(migration.sql)
      await client.query(
        `INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, started_at, applied_steps_count)
         VALUES ($1, $2, now(), $3, now(), 1)`,
        [randomUUID(), migration.checksum, migration.name],
      )
      await client.query('COMMIT')
    } catch (cause) {
      await client.query('ROLLBACK')
      throw new Error(`the migration ${migration.name} failed: ${(cause as Error).message}`, { cause })
    }
    applied.push(migration.name)
  }
  return applied
}

const recordsTable = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id varchar(36) PRIMARY KEY NOT NULL,
  checksum varchar(64) NOT NULL,
  finished_at timestamptz,
  migration_name varchar(255) NOT NULL,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz NOT NULL DEFAULT now(),
  applied_steps_count integer NOT NULL DEFAULT 0
)`

/** Tables whose rows serving changes; `events` and published words are appended only. */
const changed = [
  'evidence_progress',
  'evidence_facets',
  'consent_days',
  'withdraw_delays',
  'rooms',
  'organisations',
  'members',
  'sessions',
  'invitations',
  'second_factors',
  'recovery_codes',
  'sign_in_settings',
  'log_heads',
  'subjects',
  'identifiers',
  'subject_states',
  'properties',
  'purposes',
  'notice_versions',
  'assessments',
  'api_keys',
  'filters',
  'consumers',
  'usage_counts',
  'releases',
  'release_items',
  'release_approvals',
  'organisation_settings',
  'requests',
  'usage_days',
  'key_uses',
  'first_uses',
  'recalls',
  'tasks',
  'flip_reports',
  'snippet_sightings',
  'understanding_counts',
  'pending_confirmations',
]
/** Tables whose rows serving may remove: what erasure destroys and what expires. */
const removed = [
  'admin_acts_pending',
  'sessions',
  'second_factors',
  'recovery_codes',
  'used_tokens',
  'pending_confirmations',
  'subject_states',
  'identifiers',
  'evidence',
  'batches',
  'filters',
  'consumers',
  'consumer_progress',
  'usage_flushes',
  'decision_samples',
  'request_texts',
]
/** Tables that serving empties: in turn, or to make a projection again. */
const emptied = [
  'evidence_facets',
  'evidence_log',
  'consent_days',
  'withdraw_delays',
  'idempotency_keys_0',
  'idempotency_keys_1',
  'idempotency_keys_2',
]

async function grantServing(client: pg.Client, user: string): Promise<void> {
  const role = client.escapeIdentifier(user)
  await client.query(`
    REVOKE ALL ON SCHEMA public FROM PUBLIC;
    GRANT USAGE ON SCHEMA public TO ${role};
    REVOKE ALL ON ALL TABLES IN SCHEMA public FROM ${role};
    GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO ${role};
    REVOKE INSERT ON _prisma_migrations FROM ${role};
    GRANT UPDATE ON ${changed.join(', ')} TO ${role};
    GRANT DELETE ON ${removed.join(', ')} TO ${role};
    GRANT TRUNCATE ON ${emptied.join(', ')} TO ${role};`)
}
