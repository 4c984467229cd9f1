import { createHash, randomUUID } from 'node:crypto'
import fc from 'fast-check'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AssentError } from '../../domain/errors.ts'
import type { Choice } from '../../ledger/ledger.ts'
import { type Batch, BatchRefused, CommitUnknown, type LedgerStore } from '../../ledger/ledger-store.ts'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import { createLedgerStore } from './ledger-store.ts'
import { checkLog } from './testing/check-log.ts'
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

const user = (id: string) => ({ namespace: 'user', id })
const idempotency = (key: string) => ({
  principal: 'key_00000000',
  key,
  request: createHash('sha256').update(key).digest(),
})
const no: Choice[] = [{ purpose: 'ai_training', act: 'deny' }]

async function asOwner(sql: string): Promise<void> {
  const client = new pg.Client(database.owner)
  await client.connect()
  await client.query(sql)
  await client.end()
}

/** What may become of an append; each says by itself whether the batch is written. */
type Fault = (store: LedgerStore, batch: Batch) => ReturnType<LedgerStore['append']>
const faults = {
  none: (store, batch) => store.append(batch),
  'not answered, but written': async (store, batch) => {
    await store.append(batch)
    throw new CommitUnknown('cut')
  },
  'not answered, and not written': async () => {
    throw new CommitUnknown('cut')
  },
  'refused for what it holds': async () => {
    throw new BatchRefused('a constraint')
  },
  unavailable: async () => {
    throw new AssentError('log_unavailable', 'away')
  },
  'the lease is another’s': async (store, batch) => {
    await asOwner('UPDATE log_heads SET lease = lease + 1')
    return store.append(batch)
  },
  'the connection is cut': async (store, batch) => {
    await asOwner(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'assent_serve' AND datname = current_database()",
    )
    return store.append(batch)
  },
} as const satisfies Record<string, Fault>
type FaultName = keyof typeof faults

/** Restarts the ledger, as the writer, over a store whose next appends meet these faults in turn, and none after them. */
async function withFaults(names: readonly FaultName[]): Promise<void> {
  const { keys } = running
  const left: FaultName[] = []
  await running.close()
  running = await startLedger(database.serve, {
    keys,
    wrapStore: (store) => ({ ...store, append: (batch) => faults[left.shift() ?? 'none'](store, batch) }),
  })
  await running.ledger.recordConsents(aConsent(running.organisationId, { subject: user('first') }), null)
  left.push(...names)
}

/** Repeats a call as a careful client does: under one key, until it is answered. */
async function insist(index: number): Promise<string> {
  const { ledger, organisationId } = running
  const command = aConsent(organisationId, {
    subject: user(`u${index % 40}`),
    choices: [{ purpose: 'ai_training', act: index % 3 === 0 ? 'withdraw' : 'grant' }],
  })
  for (let tries = 0; tries < 100; tries++) {
    try {
      const { events } = await ledger.recordConsents(command, idempotency(`call-${index}`))
      return events[0]!.id
    } catch (error) {
      // `internal` is what a call is told whose batch was refused when it was alone in it.
      expect(['log_unavailable', 'internal']).toContain((error as AssentError).code)
    }
  }
  throw new Error('not answered in 100 tries')
}

describe('batches in flight', () => {
  test('whatever becomes of appends: what is answered is written once, in order, and the index is the fold', async () => {
    let run = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...(Object.keys(faults) as FaultName[])), { minLength: 4, maxLength: 12 }),
        async (names) => {
          run += 1 // shrinking must not repeat keys
          await withFaults(names)
          const before = (await checkLog(database.owner, running.keys)).seq
          // In waves, so that calls arrive while a batch is under way.
          const calls: Promise<string>[] = []
          for (let wave = 0; wave < 8; wave++) {
            for (let i = 0; i < 12; i++) calls.push(insist(run * 1_000 + wave * 12 + i))
            await new Promise((resolve) => setImmediate(resolve))
          }
          const ids = await Promise.all(calls)
          const log = await checkLog(database.owner, running.keys)
          expect(log.seq - before).toBe(calls.length)
          expect(new Set(ids).size).toBe(calls.length)
          for (const id of ids) expect(log.eventIds).toContain(id)
          expect(running.decisions.revision().seq).toBe(log.seq)
          for (const [id, state] of log.states) {
            expect(running.decisions.state(running.organisationId, id)).toEqual(state)
          }
        },
      ),
      { numRuns: 8 },
    )
  }, 120_000)

  const broken = Object.keys(faults).filter((name) => name !== 'none') as FaultName[]
  test.each(broken)('what is planned on a batch is planned anew where that batch meets: %s', async (name) => {
    await withFaults([name])
    const { ledger, decisions, organisationId } = running
    // Both batches make or meet the subject: the second must not refer to one that was never written.
    const first = ledger.recordConsents(aConsent(organisationId), idempotency('first'))
    first.catch(() => undefined) // it is looked at below
    await new Promise((resolve) => setImmediate(resolve))
    const second = ledger.recordConsents(aConsent(organisationId, { choices: no }), idempotency('second'))
    const [one, two] = await Promise.allSettled([first, second])
    expect(two.status).toBe('fulfilled')
    const log = await checkLog(database.owner, running.keys)
    const isWritten = one.status === 'fulfilled'
    expect(isWritten).toBe(['not answered, but written', 'the lease is another’s'].includes(name))
    const subject = decisions.subjectOf(organisationId, user('alice'))!
    expect(log.states.get(subject)?.rows[0]?.refusals).toHaveLength(1)
    expect(log.states.get(subject)?.seq).toBe(log.seq)
  })

  test('a batch is sent while the one before is applied, and its calls wait for both', async () => {
    const { keys } = running
    await running.close()
    const applied: (() => void)[] = []
    running = await startLedger(database.serve, {
      keys,
      wrapIndex: (index) => ({
        ...index,
        async apply(batch) {
          index.apply(batch)
          await new Promise<void>((resolve) => applied.push(resolve))
        },
      }),
    })
    const { ledger, decisions, organisationId } = running
    const answered: string[] = []
    const tell = (name: string) => () => void answered.push(name)
    const start = decisions.revision().seq
    const first = ledger.recordConsents(aConsent(organisationId), null).then(tell('first'))
    await expect.poll(() => decisions.revision().seq).toBe(start + 1)
    const second = ledger.recordConsents(aConsent(organisationId, { choices: no }), null).then(tell('second'))
    await expect.poll(() => decisions.revision().seq).toBe(start + 2)
    expect(answered).toEqual([])
    applied[0]!()
    await first
    expect(answered).toEqual(['first'])
    applied[1]!()
    await second
  })

  test.each([
    { name: 'throws', apply: () => impossible() },
    { name: 'rejects', apply: async () => impossible() },
  ])(
    'where the index $name, the process is told to end, and nobody is answered any more',
    async ({ apply }) => {
      const { keys } = running
      await running.close()
      const told: unknown[] = []
      running = await startLedger(database.serve, {
        keys,
        wrapIndex: (index) => ({ ...index, apply }),
        fatal: (error) => told.push(error),
      })
      const { ledger, organisationId } = running
      let answers = 0
      const count = () => void answers++
      for (const id of ['a', 'b']) {
        void ledger.recordConsents(aConsent(organisationId, { subject: user(id) }), null).then(count, count)
        await new Promise((resolve) => setImmediate(resolve))
      }
      await expect.poll(() => told.length).toBeGreaterThan(0)
      expect(told[0]).toMatchObject({ message: 'broken' })
      expect(answers).toBe(0)
    },
  )

  test('a call without an event of its own is answered after what it rests on', async () => {
    await withFaults(['not answered, and not written'])
    const { ledger, decisions, organisationId } = running
    const first = ledger.recordGpc(organisationId, user('alice'), 'demo')
    first.catch(() => undefined) // it is looked at below
    await new Promise((resolve) => setImmediate(resolve))
    // It was planned as if the first were written; the first was not.
    const second = ledger.recordGpc(organisationId, user('alice'), 'demo')
    await expect(first).rejects.toMatchObject({ code: 'log_unavailable' })
    expect(await second).toMatchObject({ isNew: true })
    const subject = decisions.subjectOf(organisationId, user('alice'))!
    expect(decisions.state(organisationId, subject)?.gpc).not.toBeNull()
  })

  test('a repeated call in a batch is answered as before, and its neighbours are written', async () => {
    const { ledger, decisions, organisationId } = running
    const command = aConsent(organisationId)
    const first = await ledger.recordConsents(command, idempotency('k'))
    const before = decisions.revision().seq
    const other = aConsent(organisationId, { subject: user('b') })
    const [again, neighbour, reused] = await Promise.allSettled([
      ledger.recordConsents(command, idempotency('k')),
      ledger.recordConsents(other, idempotency('l')),
      ledger.recordConsents(command, { ...idempotency('m'), key: 'k' }).catch((error) => error.code),
    ])
    expect(again).toMatchObject({ value: { ...first, isReplay: true } })
    expect(neighbour).toMatchObject({ value: { isReplay: false } })
    expect(reused).toMatchObject({ value: 'idempotency_key_in_use' })
    expect(decisions.revision().seq).toBe(before + 1)
    await checkLog(database.owner, running.keys)
  })

  test('a repeated call is answered as before even where it would be turned away now', async () => {
    const { ledger, organisationId } = running
    const command = aConsent(organisationId)
    const first = await ledger.recordConsents(command, idempotency('k'))
    const broken = aConsent(organisationId, { choices: [{ purpose: 'nothing', act: 'grant' }] })
    expect(await ledger.recordConsents(broken, idempotency('k'))).toEqual({ ...first, isReplay: true })
    const otherRequest = { ...idempotency('other'), key: 'k' }
    await expect(ledger.recordConsents(broken, otherRequest)).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    })
    await expect(ledger.recordConsents(broken, idempotency('l'))).rejects.toMatchObject({
      code: 'purpose_not_found',
    })
  })
})

test('once a batch’s outcome was read, a statement that comes late writes nothing', async () => {
  const { keys } = running
  await running.close()
  let late: Batch | undefined
  running = await startLedger(database.serve, {
    keys,
    wrapStore: (store) => ({
      ...store,
      async append(batch) {
        late ??= batch
        throw late === batch ? new CommitUnknown('cut') : new AssentError('log_unavailable', 'away')
      },
    }),
  })
  await expect(running.ledger.recordConsents(aConsent(running.organisationId), null)).rejects.toMatchObject({
    code: 'log_unavailable',
  })
  await running.close()
  const store = createLedgerStore(database.serve)
  try {
    await store.acquireLease()
    expect(await store.hasCommitted(randomUUID())).toBe(false)
    expect(await store.append(late!)).toBe('moved')
  } finally {
    await store.close()
  }
  running = await startLedger(database.serve, { keys })
  await checkLog(database.owner, keys)
})

function impossible(): never {
  throw new Error('broken')
}
