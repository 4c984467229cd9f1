import { createHash } from 'node:crypto'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Question } from '../../decisions/decisions.ts'
import type { Choice } from '../../ledger/ledger.ts'
import { CommitUnknown, type LedgerStore } from '../../ledger/ledger-store.ts'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
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

function question(id: string, changes: Partial<Question> = {}): Question {
  return {
    subjects: [user(id)],
    purpose: 'ai_training',
    collectedAtMs: Date.now(),
    demandsCollectedAt: false,
    property: null,
    categories: null,
    recipient: null,
    regime: null,
    sourcePurpose: null,
    ...changes,
  }
}

const reasonFor = (id: string, changes: Partial<Question> = {}) =>
  running.decisions.evaluate(running.organisationId, question(id, changes)).decision.reason

const idempotency = (key: string, request: string) => ({
  principal: 'key_00000000',
  key,
  request: createHash('sha256').update(request).digest(),
})

describe('the ledger', () => {
  test('answers a yes only after the index has it, and a withdrawal likewise', async () => {
    const { ledger, decisions, organisationId } = running
    expect(reasonFor('alice')).toBe('never_asked')
    const granted = await ledger.recordConsents(aConsent(organisationId), null)
    expect(granted.events).toMatchObject([{ purpose: 'ai_training', status: 'granted' }])
    expect(granted.revision).toEqual(decisions.revision())
    expect(reasonFor('alice')).toBe('consent_given')
    await ledger.recordConsents(
      aConsent(organisationId, { choices: [{ purpose: 'ai_training', act: 'withdraw' }] }),
      null,
    )
    expect(reasonFor('alice')).toBe('consent_withdrawn')
  })

  test('writes nothing of a call that is turned away, and everything of its neighbours in the batch', async () => {
    const { ledger, decisions, organisationId } = running
    const before = decisions.revision().seq
    const good: Choice = { purpose: 'analytics', act: 'grant' }
    const results = await Promise.allSettled([
      ledger.recordConsents(aConsent(organisationId, { subject: user('a'), choices: [good] }), null),
      ledger.recordConsents(
        aConsent(organisationId, {
          subject: user('b'),
          choices: [good, { purpose: 'nothing', act: 'grant' }],
        }),
        null,
      ),
      ledger.recordConsents(aConsent(organisationId, { subject: user('c'), choices: [good] }), null),
    ])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(results[1]).toMatchObject({ reason: { code: 'purpose_not_found', pointer: '/choices/1/purpose' } })
    expect(decisions.revision().seq).toBe(before + 2)
    expect(decisions.subjectOf(organisationId, user('b'))).toBeUndefined()
    await checkLog(database.owner, running.keys)
  })

  test.each([
    {
      name: 'an unknown notice',
      changes: { notice: { key: 'starter', version: 9, locale: 'en' } },
      code: 'notice_not_found',
    },
    {
      name: 'a language the notice has not',
      changes: { notice: { key: 'starter', version: 1, locale: 'fr' } },
      code: 'notice_not_found',
    },
    { name: 'an unknown property', changes: { property: 'elsewhere' }, code: 'property_not_found' },
    { name: 'an unknown regime', changes: { regime: 'moon' }, code: 'regime_not_found' },
    {
      name: 'a date in the future',
      changes: { occurredAtMs: Date.now() + 60_000 },
      code: 'occurred_at_in_future',
    },
  ])('turns a yes away with $name, and takes a no with it', async ({ changes, code }) => {
    const { ledger, organisationId } = running
    await expect(ledger.recordConsents(aConsent(organisationId, changes), null)).rejects.toMatchObject({
      code,
    })
    const no = { ...changes, choices: [{ purpose: 'ai_training', act: 'deny' as const }] }
    await ledger.recordConsents(aConsent(organisationId, no), null)
    expect(reasonFor('alice')).toBe('consent_denied')
  })

  test('stores a yes without what was shown as unproven, and it denies', async () => {
    const { ledger, organisationId } = running
    const { events } = await ledger.recordConsents(aConsent(organisationId, { notice: null }), null)
    expect(events).toMatchObject([{ status: 'unproven', notice: null }])
    expect(reasonFor('alice')).toBe('consent_unproven')
  })

  test('gives a repeated call its first answer, and refuses its key to another request', async () => {
    const { ledger, decisions, organisationId } = running
    const first = await ledger.recordConsents(aConsent(organisationId), idempotency('k', 'a'))
    const again = await ledger.recordConsents(aConsent(organisationId), idempotency('k', 'a'))
    expect(again).toEqual({ ...first, isReplay: true })
    expect(decisions.revision().seq).toBe(first.revision.seq)
    await expect(
      ledger.recordConsents(aConsent(organisationId), idempotency('k', 'b')),
    ).rejects.toMatchObject({ code: 'idempotency_key_reused' })
    const [one, two] = await Promise.allSettled([
      ledger.recordConsents(aConsent(organisationId), idempotency('l', 'a')),
      ledger.recordConsents(aConsent(organisationId), idempotency('l', 'a')),
    ])
    expect(one.status).toBe('fulfilled')
    expect(two).toMatchObject({ reason: { code: 'idempotency_key_in_use' } })
  })

  test.each([
    { age: '23 hours', isReplay: true },
    { age: '25 hours', isReplay: false },
    { age: '49 hours', isReplay: false },
  ])('a key used $age ago is answered again: $isReplay', async ({ age, isReplay }) => {
    const { keys } = running
    await running.ledger.recordConsents(aConsent(running.organisationId), idempotency('k', 'a'))
    const owner = new pg.Client(database.owner)
    await owner.connect()
    await owner.query(`UPDATE idempotency_keys SET created_at = at, day = days, slot = days % 3
      FROM (SELECT now() - interval '${age}' AS at) AS a,
        LATERAL (SELECT floor(extract(epoch FROM at) / 86400)::integer AS days) AS d`)
    // A new writer empties tomorrow's table, with what is left in it of the day before yesterday.
    await running.close()
    running = await startLedger(database.serve, { keys })
    const again = await running.ledger.recordConsents(aConsent(running.organisationId), idempotency('k', 'a'))
    expect(again.isReplay).toBe(isReplay)
    const { rows } = await owner.query(
      'SELECT 1 FROM idempotency_keys WHERE day < floor(extract(epoch FROM now()) / 86400) - 1',
    )
    expect(rows).toEqual([])
    await owner.end()
  })

  test('records a browser’s signal once a change', async () => {
    const { ledger, organisationId } = running
    expect(await ledger.recordGpc(organisationId, user('alice'), 'demo')).toMatchObject({ isNew: true })
    const again = await ledger.recordGpc(organisationId, user('alice'), 'demo')
    expect(again).toMatchObject({ isNew: false })
    expect(reasonFor('alice', { purpose: 'personalization' })).toBe('gpc_opt_out')
  })

  test('a device’s no reaches the user it is linked with, and stays after the link has ended; a yes never flows', async () => {
    const { ledger, organisationId } = running
    const device = { namespace: 'device', id: 'd1' }
    const no: Choice[] = [{ purpose: 'ai_training', act: 'deny' }]
    await ledger.recordConsents(aConsent(organisationId), null)
    await ledger.recordConsents(aConsent(organisationId, { subject: device, choices: no }), null)
    expect(reasonFor('alice')).toBe('consent_given')
    await ledger.linkSubjects(organisationId, user('alice'), device)
    expect(reasonFor('alice')).toBe('consent_denied')
    await ledger.unlinkSubjects(organisationId, user('alice'), device)
    expect(reasonFor('alice')).toBe('consent_denied')

    await ledger.recordConsents(aConsent(organisationId, { subject: user('b') }), null)
    await ledger.linkSubjects(organisationId, user('b'), user('c'))
    expect(reasonFor('c')).toBe('never_asked')
    await ledger.recordConsents(aConsent(organisationId, { subject: user('c'), choices: no }), null)
    expect(reasonFor('b')).toBe('consent_denied')
    await checkLog(database.owner, running.keys)
  })

  test('refuses configuration that breaks a rule, all of it', async () => {
    const { ledger, decisions, organisationId } = running
    const before = decisions.revision()
    const purpose = decisions.policy(organisationId)!.purposes.get('ai_training')!.versions[0]!
    await expect(
      ledger.publish(organisationId, [
        { act: 'property_published', definition: { key: 'shop', name: 'Shop', origins: [] } },
        { act: 'purpose_published', version: 2, definition: { ...purpose, basis: 'contract' } },
      ]),
    ).rejects.toMatchObject({ code: 'definition_invalid' })
    expect(decisions.revision()).toEqual(before)
    expect(decisions.policy(organisationId)!.properties.has('shop')).toBe(false)
  })

  test('refuses a notice whose hash is not of its text', async () => {
    const { ledger, decisions, organisationId } = running
    const { definition } = decisions.policy(organisationId)!.notices.get('starter')![0]!
    await expect(
      ledger.publish(organisationId, [
        { act: 'notice_published', sha256: 'a'.repeat(64), definition: { ...definition, version: 2 } },
      ]),
    ).rejects.toMatchObject({ code: 'definition_invalid', pointer: '/sha256' })
  })

  test('keeps 2,000 concurrent calls about 300 subjects in order, and a restart finds the same index', async () => {
    const { ledger, decisions, organisationId, keys } = running
    const acts = ['grant', 'deny', 'withdraw', 'object', 'grant'] as const
    const purposes = ['ai_training', 'analytics', 'ai_training.evaluation']
    const calls = Array.from({ length: 2_000 }, (_, i) =>
      ledger.recordConsents(
        aConsent(organisationId, {
          subject: user(`u${(i * 7) % 300}`),
          property: i % 3 === 0 ? null : 'demo',
          choices: [{ purpose: purposes[i % 3]!, act: acts[i % 5]! }],
        }),
        i % 4 === 0 ? idempotency(`call-${i}`, `${i}`) : null,
      ),
    )
    const answers = await Promise.all(calls)
    const { seq, eventIds } = await checkLog(database.owner, keys)
    expect(seq).toBe(decisions.revision().seq)
    for (const { events } of answers) for (const { id } of events) expect(eventIds).toContain(id)
    const before = Array.from({ length: 300 }, (_, i) =>
      decisions.state(organisationId, decisions.subjectOf(organisationId, user(`u${i}`))!),
    )
    await running.close()
    running = await startLedger(database.serve, { keys })
    const after = Array.from({ length: 300 }, (_, i) =>
      running.decisions.state(organisationId, running.decisions.subjectOf(organisationId, user(`u${i}`))!),
    )
    expect(after).toEqual(before)
  })

  test('another writer’s events are found by following, and the old writer’s next batch comes after them', async () => {
    const other = await startLedger(database.serve, { keys: running.keys }).catch(() => undefined)
    // The first ledger holds the lock: the second cannot become the writer while it is alive.
    await expect(other?.ledger.recordConsents(aConsent(running.organisationId), null)).rejects.toMatchObject({
      code: 'log_unavailable',
    })
    await running.ledger.close()
    const { revision } = await other!.ledger.recordConsents(aConsent(running.organisationId), null)
    expect(await running.decisions.waitFor(revision, 5_000)).toBe(true)
    expect(reasonFor('alice')).toBe('consent_given')
    await other!.close()
  })
})

describe('the ledger, when the database fails', () => {
  type Fault = {
    readonly name: string
    readonly isWritten: boolean
    readonly inject: (store: LedgerStore) => LedgerStore
  }
  const once = (change: (store: LedgerStore) => LedgerStore['append']) => (store: LedgerStore) => {
    let isDone = false
    return {
      ...store,
      append: (batch: Parameters<LedgerStore['append']>[0]) => {
        if (isDone) return store.append(batch)
        isDone = true
        return change(store)(batch)
      },
    }
  }
  const faults: readonly Fault[] = [
    {
      name: 'COMMIT is not answered, but was carried out',
      isWritten: true,
      inject: once((store) => async (batch) => {
        await store.append(batch)
        throw new CommitUnknown('cut')
      }),
    },
    {
      name: 'COMMIT is not answered and was not carried out',
      isWritten: false,
      inject: once(() => async () => {
        throw new CommitUnknown('cut')
      }),
    },
    {
      name: 'the connection dies before the batch',
      isWritten: false,
      inject: once((store) => async (batch) => {
        await terminateOthers()
        return store.append(batch)
      }),
    },
  ]

  async function terminateOthers(): Promise<void> {
    const client = new pg.Client(database.owner)
    await client.connect()
    await client.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'assent_serve' AND datname = current_database()",
    )
    await client.end()
  }

  test.each(faults)('$name: acknowledged if and only if written', async ({ isWritten, inject }) => {
    const { keys } = running
    await running.close()
    running = await startLedger(database.serve, { keys, wrapStore: inject })
    const { ledger, organisationId } = running
    const call = ledger.recordConsents(aConsent(organisationId), idempotency('k', 'a'))
    if (isWritten) await call
    else await expect(call).rejects.toMatchObject({ code: 'log_unavailable' })
    expect(reasonFor('alice')).toBe(isWritten ? 'consent_given' : 'never_asked')
    await checkLog(database.owner, keys)
    // Safe to repeat, whatever happened: the yes is there once.
    const again = await ledger.recordConsents(aConsent(organisationId), idempotency('k', 'a'))
    expect(again.isReplay).toBe(isWritten)
    expect(reasonFor('alice')).toBe('consent_given')
    await checkLog(database.owner, keys)
  })

  test('one call the database refuses does not take its batch along', async () => {
    const { ledger, organisationId } = running
    const bad = aConsent(organisationId, { subject: user('bad'), evidence: { method: 'a\0b' } })
    const [first, second] = await Promise.allSettled([
      ledger.recordConsents(bad, null),
      ledger.recordConsents(aConsent(organisationId), null),
    ])
    expect(first).toMatchObject({ reason: { code: 'internal' } })
    expect(second.status).toBe('fulfilled')
    await checkLog(database.owner, running.keys)
  })
})
