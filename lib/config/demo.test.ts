import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Question } from '../decisions/decisions.ts'
import { RecordFilter } from '../decisions/filter/record-filter.ts'
import { checkLog } from '../storage/ledger/testing/check-log.ts'
import { type RunningLedger, startLedger } from '../storage/ledger/testing/start-ledger.ts'
import { createTestDatabase, type TestDatabase } from '../storage/testing/test-database.ts'
import { demoDays, demoSubjects, demoUser, seedDemo } from './demo.ts'
import { demoInteractions } from './demo-interactions.ts'

let database: TestDatabase
let running: RunningLedger
let simulatedMs: number | null
const nowMs = Date.now()

beforeAll(async () => {
  database = await createTestDatabase()
  simulatedMs = nowMs - demoDays * 86_400_000
  running = await startLedger(database.serve, { clock: () => simulatedMs ?? Date.now() })
  await seedDemo({
    ledger: running.ledger,
    organisationId: running.organisationId,
    nowMs,
    setClock: (atMs) => {
      simulatedMs = atMs
    },
    onProgress: () => undefined,
  })
})
afterAll(async () => {
  await running.close()
  await database.drop()
})

test('every person of the demo has a history, spread over 120 days', () => {
  const { decisions, organisationId } = running
  for (let index = 1; index <= demoSubjects; index++) {
    expect(decisions.subjectOf(organisationId, { namespace: 'user', id: demoUser(index) })).toBeDefined()
  }
  const { asOfMs } = decisions.policy(organisationId)!
  expect(nowMs - asOfMs).toBeGreaterThan(30 * 86_400_000)
  expect(decisions.policy(organisationId)!.notices.get('study')).toHaveLength(2)
})

test('the log of the demo keeps every invariant', async () => {
  const { seq } = await checkLog(database.owner, running.keys)
  expect(seq).toBeGreaterThan(10_000)
})

test('the sample of interactions shows every reason that a filter for AI training can meet', () => {
  const question = { purpose: 'ai_training', property: null, categories: null, recipient: null, regime: null }
  const filter = new RecordFilter(
    {
      evaluate: (each: Question) => running.decisions.evaluate(running.organisationId, each),
      prepare: (terms) => running.decisions.prepare(running.organisationId, terms),
    },
    { subjects: [{ namespace: 'user', path: 'user_id' }], collectedAt: 'created_at' },
    { ...question, sourcePurpose: null },
  )
  for (const line of demoInteractions(nowMs)) filter.permits(Buffer.from(line))
  const { denied, permitted, records, unknown, brokenTotal } = filter.counts()
  expect({ records, unknown, brokenTotal }).toEqual({ records: 6_000, unknown: 0, brokenTotal: 0 })
  expect(permitted).toBeGreaterThan(500)
  expect(Object.keys(denied).sort()).toEqual([
    'child_refused',
    'collected_at_required',
    'collected_before_consent',
    'consent_denied',
    'consent_expired',
    'consent_invalidated',
    'consent_unproven',
    'consent_withdrawn',
    'guardian_required',
    'never_asked',
    'objected',
    'opted_out',
    'processing_restricted',
    'property_not_covered',
    'retention_exceeded',
    'subject_ambiguous',
    'subject_erased',
  ])
})
