import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sha256Of } from '../auth/api-keys.ts'
import { aConsent } from '../storage/ledger/testing/start-ledger.ts'
import { openPrisma } from '../storage/open-prisma.ts'
import { type RunningApi, startApi } from './testing/start-api.ts'

let api: RunningApi
let prisma: ReturnType<typeof openPrisma>
beforeAll(async () => {
  api = await startApi({ sampleRate: 0, keptOfKind: 3 })
  prisma = openPrisma(api.database.serve)
  await api.ledger.recordConsents(
    aConsent(api.organisationId, { choices: [{ purpose: 'analytics', act: 'grant' }] }),
    null,
  )
})
afterAll(async () => {
  await prisma.$disconnect()
  await api.close()
})

/** A new key, and what is kept of its questions. */
async function asking() {
  const key = await api.makeKey('decisions:read')
  const { id } = api.decisions.keyBySha256(sha256Of(key))!
  const headers = { Authorization: `Bearer ${key}` }
  const kept = async () => {
    await api.usage.flush()
    return prisma.decisionSample.findMany({ where: { keyId: id }, orderBy: { decidedAt: 'asc' } })
  }
  return { headers, kept, check: (body: object) => api.call('POST', '/v1/check', body, headers) }
}

describe('what is kept of questions', () => {
  test('is what they asked, and neither whom they named nor what callers made up', async () => {
    const { kept, check } = await asking()
    await check({
      ...{ subject: 'user:alice', purpose: 'analytics', collected_at: '2026-05-04T10:00:00Z' },
      ...{ recipient: 'alice@example.com', property: 'nowhere', categories: ['usage', 'shoe-size'] },
    })
    await check({ subject: 'user:alice', purpose: 'bob@example.com' })
    const [first, second] = await kept()
    const digest = { digest: expect.stringMatching(/^[0-9a-f]{32}$/) }
    expect(first).toMatchObject({ purpose: 'analytics', route: 'check', reason: 'property_not_covered' })
    expect(first?.question).toEqual({
      ...{ purpose: 'analytics', others: [], collectedAtMs: Date.UTC(2026, 4, 4, 10) },
      ...{ demandsCollectedAt: false, property: digest, categories: ['usage', digest], recipient: digest },
      ...{ regime: null, sourcePurpose: null },
    })
    expect(second).toMatchObject({ purpose: 'other', question: { purpose: digest } })
    expect(
      JSON.stringify(
        [first, second],
        (_, value) => String(value) && value && (typeof value === 'bigint' ? 0 : value),
      ),
    ).not.toMatch(/example\.com|shoe-size|nowhere|user:/)
  })

  test('is so for every way of asking, co-subjects by their random ids', async () => {
    const { headers, kept } = await asking()
    const entities = { action: { name: 'analytics' }, resource: { type: 'record', id: '1' } }
    const alice = { subject: { type: 'user', id: 'alice' } }
    const nobody = { type: 'user', id: 'nobody' }
    const resource = { ...entities.resource, properties: { subjects: [nobody] } }
    await api.call('POST', '/access/v1/evaluation', { ...entities, ...alice, resource }, headers)
    await api.call('POST', '/access/v1/evaluations', { ...entities, evaluations: [alice, alice] }, headers)
    const at = new Date(Date.now() + 1_000).toISOString()
    const plain = `${JSON.stringify({ user: 'alice', at })}\n`
    const other = `${JSON.stringify({ at, user: 'nobody', more: { deep: ['ü'] } })}\n`
    await fetch(`${api.url}/v1/filter?purpose=analytics&subject=user:user&collected_at=at`, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/x-ndjson' },
      body: plain + other,
    }).then((response) => response.text())
    const rows = await kept()
    expect(rows.map(({ route, reason }) => `${route} ${reason}`).sort()).toEqual([
      'evaluation co_subject_denied',
      'evaluations consent_given',
      'evaluations consent_given',
      'filter consent_given',
      'filter never_asked',
    ])
    expect(rows.find(({ route }) => route === 'evaluation')?.question).toMatchObject({ others: [null] })
    expect(rows.find(({ reason, route }) => route === 'filter' && reason === 'consent_given')).toMatchObject({
      subjectId: expect.any(String),
      question: { demandsCollectedAt: true, collectedAtMs: Date.parse(at) },
    })
  })

  test('stays at so many of each kind a day, however many come', async () => {
    const { kept, check } = await asking()
    for (let n = 0; n < 40; n++) await check({ subject: 'user:alice', purpose: 'analytics' })
    await api.usage.flush()
    for (let n = 0; n < 40; n++) await check({ subject: 'user:alice', purpose: 'analytics' })
    await check({ subject: `user:${randomUUID()}`, purpose: 'analytics' })
    const rows = await kept()
    expect(rows.map(({ reason }) => reason).sort()).toEqual([
      ...['consent_given', 'consent_given', 'consent_given', 'never_asked'],
    ])
  })
})
