import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { toPackedBytes } from '../domain/packed-bytes.ts'
import type { DatabaseAddress } from './database-address.ts'
import { migrate } from './migrate.ts'

const written = readdirSync('prisma/migrations')
  .filter((name) => /^\d/.test(name))
  .sort()
let address: DatabaseAddress
let directory: string

async function admin(sql: string): Promise<void> {
  const client = new pg.Client({ ...inject('postgres').owner, database: 'postgres' })
  await client.connect()
  await client.query(sql)
  await client.end()
}

beforeEach(async () => {
  const name = `migrate_${Math.random().toString(36).slice(2, 10)}`
  await admin(`CREATE DATABASE ${name}`)
  address = { ...inject('postgres').owner, database: name }
  directory = mkdtempSync(join(tmpdir(), 'assent-migrations-'))
  cpSync('prisma/migrations', directory, { recursive: true })
})
afterEach(async () => {
  await admin(`DROP DATABASE ${address.database} WITH (FORCE)`)
  rmSync(directory, { recursive: true, force: true })
})

test('two starts at once migrate once', async () => {
  const [one, two] = await Promise.all([migrate(address, null, directory), migrate(address, null, directory)])
  expect([one.applied.length, two.applied.length].sort()).toEqual([0, written.length])
})

test('a migration that was changed after it was applied is refused', async () => {
  await migrate(address, null, directory)
  writeFileSync(join(directory, '20261124000000_spine/migration.sql'), 'SELECT 1')
  await expect(migrate(address, null, directory)).rejects.toThrow(/changed after it was applied/)
})

test('a database that is newer than the program is refused', async () => {
  await migrate(address, null, directory)
  rmSync(join(directory, '20261124000000_spine'), { recursive: true })
  await expect(migrate(address, null, directory)).rejects.toThrow(/does not know/)
})

test('the record is Prisma’s own: table, name and checksum', async () => {
  await migrate(address, null, directory)
  const client = new pg.Client(address)
  await client.connect()
  const { rows } = await client.query(
    'SELECT migration_name, length(checksum) AS length FROM _prisma_migrations',
  )
  await client.end()
  expect(rows).toEqual(written.map((migration_name) => ({ migration_name, length: 64 })))
})

test('states that were arrays of numbers become bytes of the same numbers, and SQL reads them as before', async () => {
  const last = '20261128170000_packed_bytes'
  const later = written.filter((name) => name >= last)
  for (const name of later) rmSync(join(directory, name), { recursive: true })
  await migrate(address, null, directory)
  const client = new pg.Client(address)
  await client.connect()
  client.on('error', () => undefined)
  const numbers = [0, 7, 1, 2 ** 48 - 1, 1_764_000_000_000]
  const [organisation, subject] = ['0', '1'].map((digit) => digit.repeat(32))
  await client.query('SET session_replication_role = replica')
  await client.query(`INSERT INTO state_shapes VALUES (0, '{"of":"subject","n":1}'),
    (1, '{"of":"row","n":2,"purpose":"analytics","property":"demo","refusals":[],"grant":{}}')`)
  await client.query(
    'INSERT INTO subject_states (subject_id, organisation_id, seq, packed) VALUES ($1, $2, 9, $3)',
    [subject, organisation, numbers],
  )
  const read = async () => (await client.query('SELECT * FROM consent_rows')).rows
  const before = await read()
  expect(before).toMatchObject([
    { purpose: 'analytics', seq: String(2 ** 48 - 1), shape_values: numbers.slice(3).map(String) },
  ])

  for (const name of later)
    cpSync(join('prisma/migrations', name), join(directory, name), { recursive: true })
  await migrate(address, null, directory)
  expect(await read()).toEqual(before)
  const { rows } = await client.query('SELECT packed FROM subject_states')
  expect(rows).toEqual([{ packed: Buffer.from(toPackedBytes(numbers)) }])
  await client.end()
})
