import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LoadTarget } from '../../decisions/log-source.ts'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import { connect } from './connect.ts'
import { createLogSource } from './log-source.ts'
import { aConsent, type RunningLedger, startLedger } from './testing/start-ledger.ts'

let database: TestDatabase
let running: RunningLedger
beforeEach(async () => {
  database = await createTestDatabase()
  running = await startLedger(database.serve)
})
afterEach(async () => {
  await running.close()
  await database.drop()
})

const record = (ids: readonly string[]) =>
  Promise.all(
    ids.map((id) => {
      const subject = { namespace: 'user', id }
      return running.ledger.recordConsents(aConsent(running.organisationId, { subject }), null)
    }),
  )
const people = (count: number, name: string) => Array.from({ length: count }, (_, n) => `${name}${n}`)
const uuid = (id: Int32Array) => Buffer.from(Int32Array.from(id).buffer).toString('hex')

/** What a load brings, in an order of its own. */
function collecting(onState = () => {}) {
  const states: string[] = []
  const identifiers: string[] = []
  const into: LoadTarget = {
    config: () => undefined,
    shape: () => undefined,
    state(organisationId, id, seq, packed) {
      states.push(`${organisationId} ${uuid(id)} ${seq} ${packed.join(' ')}`)
      onState()
    },
    identifier: (organisationId, digest, id) => {
      identifiers.push(`${organisationId} ${uuid(digest)} ${uuid(id)}`)
    },
  }
  return { into, told: () => ({ states: states.sort(), identifiers: identifiers.sort() }) }
}

async function load(halvedFromPages: number, onState?: () => void) {
  const source = createLogSource(database.serve, { halvedFromPages })
  const { into, told } = collecting(onState)
  const head = await source.load(into).finally(() => source.close())
  return { seq: head.seq, ...told() }
}

describe('a load by halves', () => {
  test('brings what a load over one connection does, each row once', async () => {
    await record(people(600, 'a'))
    const whole = await load(Number.POSITIVE_INFINITY)
    expect(whole.states).toHaveLength(600)
    expect(whole.identifiers).toHaveLength(600)
    expect(await load(0)).toEqual(whole)
  })

  test('sees one moment over both connections, while others write', async () => {
    await record(people(300, 'a'))
    let written: Promise<unknown> | undefined
    const halved = await load(0, () => {
      written ??= record(people(300, 'b'))
    })
    await written
    expect(halved.states).toHaveLength(300)
    expect(halved.identifiers).toHaveLength(300)
    expect((await load(0)).states).toHaveLength(600)
  })

  test('of nobody brings nobody', async () => {
    expect(await load(0)).toMatchObject({ states: [], identifiers: [] })
  })

  test('is none where one half fails: the other is cut, and brings nothing more', async () => {
    await record(people(600, 'a'))
    let brought = 0
    const failing = load(0, () => {
      brought += 1
      if (brought === 100) throw new Error('no room')
    })
    await expect(failing).rejects.toThrow('no room')
    expect(brought).toBeLessThan(600)
    const looking = await connect(database.owner)
    const others = `SELECT count(*)::int AS count FROM pg_stat_activity WHERE query LIKE 'COPY (%' AND state <> 'idle'
      AND datname = current_database() AND pid <> pg_backend_pid()`
    await expect
      .poll(async () => (await looking.query<{ count: number }>(others)).rows[0]?.count, { timeout: 30_000 })
      .toBe(0)
    await looking.end()
  })
})
