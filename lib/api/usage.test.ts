import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sha256Of } from '../auth/api-keys.ts'
import { aConsent } from '../storage/ledger/testing/start-ledger.ts'
import { openPrisma } from '../storage/open-prisma.ts'
import { createUsageStore } from '../storage/usage.ts'
import { otherOrganisation } from './testing/other-organisation.ts'
import { type RunningApi, startApi } from './testing/start-api.ts'
import { createUsage } from './usage/create-usage.ts'
import type { UsageStore } from './usage/usage-store.ts'

type Row = { at: string; key: string; purpose: string; reason: string; count: number }

let api: RunningApi
beforeAll(async () => {
  api = await startApi({ sampleRate: 0 })
  await api.ledger.recordConsents(
    aConsent(api.organisationId, { choices: [{ purpose: 'analytics', act: 'grant' }] }),
    null,
  )
})
afterAll(() => api.close())

async function aKey() {
  const key = await api.makeKey('decisions:read')
  return {
    key,
    id: api.decisions.keyBySha256(sha256Of(key))!.id,
    headers: { Authorization: `Bearer ${key}` },
  }
}
async function usage(query: string): Promise<Row[]> {
  await api.usage.flush()
  const { status, body } = await api.call('GET', `/v1/usage?step=day&${query}`)
  expect(status).toBe(200)
  return body.usage as Row[]
}
const ask = (purpose: string, subject: string, more: object = {}) => ({ subject, purpose, ...more })

describe('GET /v1/usage', () => {
  test('counts every way of asking, by key, purpose and reason', async () => {
    const { id, headers } = await aKey()
    const check = (body: object) => api.call('POST', '/v1/check', body, headers)
    await check(ask('analytics', 'user:alice'))
    await check(ask('analytics', 'user:alice', { at_least: '0:1' }))
    await check(ask('analytics', 'user:nobody'))
    await check(ask('made-up', 'user:nobody'))
    const entities = (type: string, who: string) => ({
      subject: { type, id: who },
      action: { name: 'analytics' },
      resource: { type: 'record', id: '1' },
    })
    await api.call('POST', '/access/v1/evaluation', entities('user', 'alice'), headers)
    const evaluations = [{}, {}, { subject: { type: 'user', id: 'nobody' } }, { subject: 7 }]
    await api.call('POST', '/access/v1/evaluations', { ...entities('user', 'alice'), evaluations }, headers)
    const at = new Date(Date.now() + 1_000).toISOString()
    const lines = ['alice', 'alice', 'nobody'].map((user) => `${JSON.stringify({ user, at })}\n`).join('')
    await fetch(`${api.url}/v1/filter?purpose=analytics&subject=user:user&collected_at=at`, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/x-ndjson' },
      body: lines,
    }).then((response) => response.text())
    const rows = await usage(`key=${id}`)
    const counts = Object.fromEntries(rows.map((row) => [`${row.purpose} ${row.reason}`, row.count]))
    expect(counts).toEqual({
      'analytics consent_given': 7,
      'analytics never_asked': 3,
      'other purpose_unknown': 1,
    })
    expect(await usage(`key=${id}&reason=never_asked`)).toHaveLength(1)
    expect(await usage(`key=${id}&purpose=ai_training`)).toEqual([])
    expect(await usage(`key=${id}&to=2020-01-01`)).toEqual([])
    const { body } = await api.call('GET', `/v1/usage?key=${id}&limit=1`)
    expect(body).toMatchObject({ truncated: true, usage: [{ at: expect.stringMatching(/:00\.000Z$/) }] })
  })

  test('shows nothing of another organisation', async () => {
    const { id } = await aKey()
    const other = await otherOrganisation(api)
    const theirs = { Authorization: `Bearer ${other.key}` }
    await api.call('POST', '/v1/check', ask('analytics', 'user:theirs', { run: 'theirs' }), theirs)
    await api.usage.flush()
    const own = await api.call('GET', '/v1/usage', undefined, theirs)
    expect((own.body.usage as Row[]).map(({ count }) => count)).toEqual([1])
    const { body } = await api.call('GET', `/v1/usage?key=${id}`, undefined, theirs)
    expect(body.usage).toEqual([])
    const kept = await api.call('GET', '/v1/decisions?run=theirs')
    expect(kept.body.decisions).toEqual([])
  })

  test.each([
    { query: 'limit=0', code: 'parameter_invalid' },
    { query: 'step=second', code: 'parameter_invalid' },
    { query: 'from=yesterday', code: 'parameter_invalid' },
  ])('refuses $query', async ({ query, code }) => {
    expect(await api.call('GET', `/v1/usage?${query}`)).toMatchObject({ status: 400, body: { code } })
  })

  test.each(['/v1/usage', '/v1/decisions'])('%s needs audit:read, and a key', async (path) => {
    const { headers } = await aKey()
    const lacking = await api.call('GET', path, undefined, headers)
    expect(lacking).toMatchObject({ status: 403, body: { code: 'scope_missing' } })
    const unknown = await api.call('GET', path, undefined, { Authorization: 'Bearer ask_nobody' })
    expect(unknown).toMatchObject({ status: 401, body: { code: 'key_unknown' } })
  })
})

describe('single answers', () => {
  test('that name a run are all kept, by every way of asking, without identifiers', async () => {
    const { id, headers } = await aKey()
    const run = 'nightly-1'
    await api.call('POST', '/v1/check', ask('analytics', 'user:alice', { run }), headers)
    await api.call('POST', '/v1/check', ask('analytics', 'user:nobody', { run }), headers)
    const context = { run }
    const asked = { action: { name: 'analytics' }, resource: { type: 'record', id: '1' }, context }
    const alice = { subject: { type: 'user', id: 'alice' } }
    await api.call('POST', '/access/v1/evaluation', { ...asked, ...alice }, headers)
    const evaluations = [{}, { context: {} }]
    await api.call('POST', '/access/v1/evaluations', { ...asked, ...alice, evaluations }, headers)
    await api.call('POST', '/v1/check', ask('analytics', 'user:alice'), headers)
    await api.usage.flush()
    const { body } = await api.call('GET', `/v1/decisions?run=${run}`)
    const kept = body.decisions as Record<string, unknown>[]
    expect(kept.map(({ route, reason }) => `${route} ${reason}`).sort()).toEqual([
      'check consent_given',
      'check never_asked',
      'evaluation consent_given',
      'evaluations consent_given',
    ])
    const subject = api.decisions.subjectOf(api.organisationId, { namespace: 'user', id: 'alice' })
    expect(kept.filter((each) => each.subject === subject)).toHaveLength(3)
    expect(kept.filter((each) => each.subject === null)).toHaveLength(1)
    expect(new Set(kept.map(({ key }) => key))).toEqual(new Set([id]))
    expect(JSON.stringify(kept).includes('alice')).toBe(false)
  })

  test('others are kept by their share', async () => {
    const kept: unknown[] = []
    const usage = createUsage({
      decisions: api.decisions,
      store: {
        add: async () => undefined,
        keep: async (samples) => void kept.push(...samples),
        forget: async () => undefined,
      },
      clock: Date.now,
      sampleRate: 0.01,
      keptOfKind: 0,
      digestOf: () => '',
      sampleDays: 1,
      log: { warn: () => undefined },
    })
    const caller = { organisationId: api.organisationId, name: 'key_a' }
    const question = {
      ...{ subjects: [{ namespace: 'user', id: 'alice' }], purpose: 'analytics', collectedAtMs: null },
      ...{ demandsCollectedAt: false, property: null, categories: null, recipient: null, regime: null },
      sourcePurpose: null,
    }
    const answer = api.decisions.evaluate(api.organisationId, question)
    for (let n = 0; n < 100_000; n++) usage.decided(caller, 'check', { question, run: null }, answer)
    await usage.close()
    // 1,000 ± 5 standard deviations.
    expect(kept.length).toBeGreaterThan(840)
    expect(kept.length).toBeLessThan(1_160)
  })
})

describe('counts and a database that is away', () => {
  async function withStore(change: (store: UsageStore) => Partial<UsageStore>) {
    const prisma = openPrisma(api.database.serve)
    const store = createUsageStore(prisma)
    const time = { nowMs: Date.UTC(2026, 0, 1) }
    const usage = createUsage({
      ...{ decisions: api.decisions, clock: () => time.nowMs, sampleRate: 0, sampleDays: 1 },
      ...{ keptOfKind: 0, digestOf: () => '' },
      store: { ...store, ...change(store) },
      log: { warn: () => undefined },
    })
    const { id: key } = await aKey()
    const caller = { organisationId: api.organisationId, name: key }
    const read = () =>
      store.read(api.organisationId, {
        ...{ key, purpose: null, reason: null, fromMs: 0, toMs: Date.UTC(2030, 0, 1) },
        ...{ step: 'minute', limit: 100 },
      })
    const count = (times: number) => {
      for (let n = 0; n < times; n++) usage.counted(caller, 'analytics', 'never_asked', true)
    }
    return { usage, count, time, read, end: () => prisma.$disconnect() }
  }

  test('are kept by their minutes until it is back', async () => {
    let isAway = true
    const { usage, count, time, read, end } = await withStore((store) => ({
      add: (id, counts, uses) => (isAway ? Promise.reject(new Error('away')) : store.add(id, counts, uses)),
    }))
    count(2)
    await expect(usage.flush()).rejects.toThrow('away')
    time.nowMs += 60_000
    // The clock's minute is over: the next tick stores what the last one held.
    await delay(1_100)
    count(3)
    isAway = false
    await usage.close()
    const rows = await read()
    expect(rows.map(({ count }) => count)).toEqual([2, 3])
    expect(rows[1]!.minuteMs - rows[0]!.minuteMs).toBe(60_000)
    await end()
  })

  test('are added once where it is not known whether they were', async () => {
    let failures = 2
    const { usage, count, read, end } = await withStore((store) => ({
      async add(id, counts, uses) {
        await store.add(id, counts, uses)
        if (failures-- > 0) throw new Error('cut off after the commit')
      },
    }))
    count(7)
    await expect(usage.flush()).rejects.toThrow('cut off')
    await expect(usage.flush()).rejects.toThrow('cut off')
    await usage.close()
    expect((await read()).map(({ count }) => count)).toEqual([7])
    await end()
  })

  test('of two processes in one minute add up', async () => {
    const first = await withStore(() => ({}))
    first.count(1)
    await first.usage.flush()
    first.count(4)
    await first.usage.close()
    expect((await first.read()).map(({ count }) => count)).toEqual([5])
    await first.end()
  })
})

describe('GET /metrics', () => {
  test('tells decisions by purpose, latencies, streams, the index and the ledger', async () => {
    const { headers } = await aKey()
    for (let n = 0; n < 40; n++) await api.call('POST', '/v1/check', ask('analytics', 'user:alice'), headers)
    await api.call('POST', '/v1/check', ask('my@example.com', 'user:alice'), headers)
    await api.call('GET', '/v1/purposes')
    const item = { subject: { type: 'user', id: 'alice' }, action: { name: 'analytics' } }
    const evaluations = Array.from({ length: 7 }, () => item)
    await api.call('POST', '/access/v1/evaluations', { evaluations }, headers)
    const all = await fetch(`${api.url}/metrics`, {
      headers: { Authorization: `Bearer ${await api.makeKey('audit:read')}` },
    })
    const text = await all.text()
    const value = (name: string) =>
      Number(
        text
          .split('\n')
          .find((line) => line.startsWith(`${name} `))
          ?.split(' ')[1],
      )
    expect(
      value('assent_decisions_by_purpose_total{purpose="analytics",reason="consent_given"}'),
    ).toBeGreaterThanOrEqual(40)
    expect(
      value('assent_decisions_by_purpose_total{purpose="other",reason="purpose_unknown"}'),
    ).toBeGreaterThan(0)
    expect(text.includes('my@example.com')).toBe(false)
    expect(value('assent_latency_seconds_count{route="check"}')).toBeGreaterThan(0)
    expect(value('assent_latency_seconds_bucket{le="+Inf",route="check"}')).toBe(
      value('assent_latency_seconds_count{route="check"}'),
    )
    expect(value('assent_latency_seconds_count{route="/v1/purposes"}')).toBeGreaterThan(0)
    const size = (of: string, le: string) => value(`assent_batch_size_bucket{le="${le}",of="${of}"}`)
    expect(size('evaluations', '10') - size('evaluations', '5')).toBeGreaterThan(0)
    // What was published before there was anybody to count is not among them.
    expect(size('log', '+Inf')).toBeGreaterThan(0)
    expect(size('log', '+Inf')).toBeLessThanOrEqual(value('assent_ledger_batches_total'))
    expect(value('assent_streams_open')).toBe(0)
    expect(value('assent_index_subjects')).toBeGreaterThan(0)
    expect(value('assent_index_bytes')).toBeGreaterThan(0)
    expect(value('assent_ledger_queue')).toBe(0)
    expect(value('assent_ledger_events_total')).toBeGreaterThan(value('assent_ledger_batches_total') - 1)
    expect(value('assent_lag_seconds')).toBeLessThan(2)
  })
})
