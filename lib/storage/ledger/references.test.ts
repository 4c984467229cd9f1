import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import { aConsent, type RunningLedger, startLedger } from './testing/start-ledger.ts'

let database: TestDatabase
let running: RunningLedger
let owner: pg.Client
let organisation: string
let subject: string
const nobody = '00000000-0000-4000-8000-000000000000'

beforeAll(async () => {
  database = await createTestDatabase()
  running = await startLedger(database.serve)
  await running.ledger.recordConsents(aConsent(running.organisationId), null)
  owner = new pg.Client(database.owner)
  await owner.connect()
  const { rows } = await owner.query<{ id: string; organisation_id: string }>('SELECT * FROM subjects')
  organisation = rows[0]!.organisation_id
  subject = rows[0]!.id
  await owner.query(
    "INSERT INTO organisations (id, key, name, definition) VALUES ($1, 'other', 'Other', '{}')",
    [other],
  )
})
afterAll(async () => {
  await owner.end()
  await running.close()
  await database.drop()
})

const other = '11111111-1111-4111-8111-111111111111'
const event = (columns: { log?: number; organisation: string; subject: string | null }) => ({
  text: `INSERT INTO events (log, seq, epoch, id, organisation_id, subject_id, act, body, recorded_at_ms, occurred_at_ms,
      leaf, previous_hash, hash)
    SELECT $1, seq, 0, gen_random_uuid(), $2, $3, 'restricted', '{"act":"restricted"}', 1, 1, z, z, z
    FROM (VALUES (1000001), (1000002)) AS v(seq), decode(repeat('00', 32), 'hex') AS z`,
  values: [columns.log ?? 0, columns.organisation, columns.subject],
})

/** The guarantee of a foreign key, which these tables have by statement: nothing refers to what is not there. */
describe('the database refuses', () => {
  test.each([
    { name: 'an event of a log that is not there', sql: () => event({ log: 7, organisation, subject }) },
    {
      name: 'an event of an organisation that is not there',
      sql: () => event({ organisation: nobody, subject: null }),
      // Configuration, since a subject would be missed first.
      replace: [
        ['\'restricted\', \'{"act":"restricted"}\'', '\'purpose_retired\', \'{"act":"purpose_retired"}\''],
      ] as const,
    },
    { name: 'an event of a subject that is not there', sql: () => event({ organisation, subject: nobody }) },
    {
      name: 'an event of another organisation’s subject',
      sql: () => event({ organisation: other, subject }),
    },
    {
      name: 'evidence of an event that is not there',
      sql: () => ({ text: "INSERT INTO evidence (log, seq, sealed) VALUES (0, 1, ''), (0, 1000003, '')" }),
      isFirstThere: true,
    },
    {
      name: 'a subject of an organisation that is not there',
      sql: () => ({
        text: 'INSERT INTO subjects (id, organisation_id) VALUES (gen_random_uuid(), $1)',
        values: [nobody],
      }),
    },
    {
      name: 'an identifier of a subject that is not there',
      sql: () => ({
        text: "INSERT INTO identifiers (organisation_id, digest, namespace, subject_id) VALUES ($1, decode(repeat('01', 16), 'hex'), 'user', $2)",
        values: [organisation, nobody],
      }),
    },
    {
      name: 'an identifier of another organisation’s subject',
      sql: () => ({
        text: "INSERT INTO identifiers (organisation_id, digest, namespace, subject_id) VALUES ($1, decode(repeat('01', 16), 'hex'), 'user', $2)",
        values: [other, subject],
      }),
    },
    {
      name: 'the state of a subject that is not there',
      sql: () => ({
        text: "INSERT INTO subject_states (organisation_id, subject_id, seq, packed) VALUES ($1, $2, 1, decode(repeat('00', 6), 'hex'))",
        values: [organisation, nobody],
      }),
    },
    {
      name: 'the state of another organisation’s subject',
      sql: () => ({
        text: "INSERT INTO subject_states (organisation_id, subject_id, seq, packed) VALUES ($1, $2, 1, decode(repeat('00', 6), 'hex'))",
        values: [other, subject],
      }),
      isFirstThere: true,
    },
  ])('$name', async ({ sql, replace = [], isFirstThere }) => {
    const query: { text: string; values?: unknown[] } = sql()
    for (const [from, to] of replace) query.text = query.text.replace(from, to)
    await owner.query('BEGIN')
    // What is there already must not be what is complained of.
    if (isFirstThere) await owner.query('DELETE FROM evidence; DELETE FROM subject_states')
    const refused = expect(owner.query(query)).rejects
    await refused.toMatchObject({ code: '23503' })
    await owner.query('ROLLBACK')
  })

  test.each([
    'DELETE FROM subjects',
    'TRUNCATE subjects CASCADE',
    'UPDATE subjects SET id = gen_random_uuid()',
    `UPDATE subjects SET organisation_id = '${other}'`,
    `DELETE FROM organisations WHERE id = '${other}'`,
    'UPDATE organisations SET id = gen_random_uuid()',
    'TRUNCATE organisations CASCADE',
    'DELETE FROM log_heads',
    'UPDATE log_heads SET log = 1',
    'TRUNCATE log_heads CASCADE',
    'UPDATE identifiers SET subject_id = gen_random_uuid()',
    'UPDATE subject_states SET subject_id = gen_random_uuid()',
    'UPDATE evidence SET seq = seq + 1000000',
  ])('to take away or rename what others refer to, even to the owner: %s', async (sql) => {
    await expect(owner.query(sql)).rejects.toMatchObject({ code: '23001' })
  })

  test('nothing else: a key may be destroyed, a state and evidence removed', async () => {
    await owner.query('BEGIN')
    await owner.query('UPDATE subjects SET wrapped_key = NULL')
    await owner.query('DELETE FROM evidence; DELETE FROM subject_states; DELETE FROM identifiers')
    await owner.query('ROLLBACK')
  })
})
