import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import type { DatabaseAddress } from './database-address.ts'

/** Throws unless the database has exactly the migrations in `directory`: for a process that reads and may not migrate. */
export async function checkMigrations(serve: DatabaseAddress, directory: string): Promise<void> {
  const known = readdirSync(directory).filter((name) => existsSync(join(directory, name, 'migration.sql')))
  const client = new pg.Client(serve)
  await client.connect()
  try {
    const { rows } = await client.query<{ name: string }>(
      'SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
    )
    const applied = new Set(rows.map(({ name }) => name))
    const missing = known.filter((name) => !applied.has(name))
    const unknown = [...applied].filter((name) => !known.includes(name))
    if (missing.length > 0) {
      throw new Error(`the database lacks ${missing.join(', ')}: start this version’s writing node first`)
    }
    if (unknown.length > 0) {
      throw new Error(
        `the database has ${unknown.join(', ')}, which this version does not know: bring it up to date`,
      )
    }
  } finally {
    await client.end()
  }
}
