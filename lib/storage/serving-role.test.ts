import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aConsent, type RunningLedger, startLedger } from './ledger/testing/start-ledger.ts'
import { createTestDatabase, type TestDatabase } from './testing/test-database.ts'

let database: TestDatabase
let running: RunningLedger
let serve: pg.Client
let owner: pg.Client
beforeAll(async () => {
  database = await createTestDatabase()
  running = await startLedger(database.serve)
  await running.ledger.recordConsents(aConsent(running.organisationId), null)
  serve = new pg.Client(database.serve)
  owner = new pg.Client(database.owner)
  await Promise.all([serve.connect(), owner.connect()])
})
afterAll(async () => {
  await Promise.all([serve.end(), owner.end()])
  await running.close()
  await database.drop()
})

describe('the role that serves', () => {
  test.each([
    "UPDATE events SET body = '{}'",
    'DELETE FROM events',
    'TRUNCATE events',
    'TRUNCATE events CASCADE',
    'DROP TABLE events',
    'ALTER TABLE events DISABLE TRIGGER ALL',
    'ALTER TABLE events OWNER TO assent_serve',
    'CREATE TABLE mine (a int)',
    'DELETE FROM notice_versions',
    "UPDATE admin_acts SET actor = 'x'",
    'DELETE FROM admin_acts',
    'TRUNCATE admin_acts',
    'DELETE FROM person_views',
    "UPDATE request_events SET actor = 'x'",
    'DELETE FROM recalls',
    'DELETE FROM tasks',
    'DROP TRIGGER events_append_only ON events',
    'SET session_replication_role = replica',
  ])('cannot: %s', async (sql) => {
    await expect(serve.query(sql)).rejects.toMatchObject({ code: '42501' })
  })

  test('owns nothing, is no superuser and no member of another role', async () => {
    const owned = await owner.query("SELECT relname FROM pg_class WHERE relowner = 'assent_serve'::regrole")
    expect(owned.rows).toEqual([])
    const { rows } = await owner.query<{ rolsuper: boolean; rolcreaterole: boolean; rolcreatedb: boolean }>(
      "SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = 'assent_serve'",
    )
    expect(rows).toEqual([{ rolsuper: false, rolcreaterole: false, rolcreatedb: false }])
    const member = await owner.query("SELECT 1 FROM pg_auth_members WHERE member = 'assent_serve'::regrole")
    expect(member.rowCount).toBe(0)
  })

  test('writes durably: fsync, full pages and synchronous commits are on for its own connection', async () => {
    for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit']) {
      const { rows } = await serve.query(`SHOW ${setting}`)
      expect(rows[0]).toEqual({ [setting]: 'on' })
    }
  })
})

describe('even the owner', () => {
  test.each([
    "UPDATE events SET body = body || '{}'",
    'DELETE FROM events',
    'TRUNCATE events CASCADE',
    "UPDATE notice_versions SET definition = '{}'",
    'DELETE FROM notice_translations',
    "UPDATE purpose_versions SET definition = '{}'",
    'TRUNCATE admin_acts',
    'TRUNCATE person_views',
    'TRUNCATE request_events CASCADE',
  ])('is stopped by a trigger: %s', async (sql) => {
    await expect(owner.query(sql)).rejects.toMatchObject({ code: '23001' })
  })
})

describe('a ledger over a database that does not keep its promises', () => {
  test('refuses to write', async () => {
    await running.close()
    await owner.query(
      `ALTER ROLE assent_serve IN DATABASE ${database.owner.database} SET synchronous_commit = off`,
    )
    running = await startLedger(database.serve, { keys: running.keys })
    await expect(running.ledger.recordConsents(aConsent(running.organisationId), null)).rejects.toMatchObject(
      {
        code: 'log_unavailable',
        cause: expect.objectContaining({ message: expect.stringContaining('synchronous_commit off') }),
      },
    )
    await owner.query(
      `ALTER ROLE assent_serve IN DATABASE ${database.owner.database} RESET synchronous_commit`,
    )
  })
})
