import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import type { DatabaseAddress } from '../database-address.ts'

export type TestDatabase = {
  readonly owner: DatabaseAddress
  readonly serve: DatabaseAddress
  drop(): Promise<void>
}

/** A migrated, empty database of its own, in the PostgreSQL that the test run has started. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { owner, serve } = inject('postgres')
  const name = `test_${randomBytes(6).toString('hex')}`
  const run = async (sql: string) => {
    const client = new pg.Client({ ...owner, database: 'postgres' })
    await client.connect()
    try {
      await client.query(sql)
    } finally {
      await client.end()
    }
  }
  await run(`CREATE DATABASE ${name} TEMPLATE ${owner.database}`)
  return {
    owner: { ...owner, database: name },
    serve: { ...serve, database: name },
    drop: () => run(`DROP DATABASE ${name} WITH (FORCE)`),
  }
}
