import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type RunningApi, startApi } from '../api/testing/start-api.ts'
import { aConsent } from '../storage/ledger/testing/start-ledger.ts'
import { type Assent, createAssent } from './assent.ts'
import type { CheckQuestion } from './client.ts'
import { type FaultyProxy, startFaultyProxy } from './testing/faulty-proxy.ts'

let api: RunningApi
let proxy: FaultyProxy
let key: string
let assent: Assent
let hasty: Assent
beforeAll(async () => {
  api = await startApi()
  proxy = await startFaultyProxy(api.port)
  key = await api.makeKey('decisions:read', 'consents:write')
  assent = createAssent({ url: proxy.url, key, timeoutMs: 20_000, patienceMs: 20_000 })
  hasty = createAssent({ url: proxy.url, key, timeoutMs: 400, patienceMs: 300 })
  for (let n = 0; n < 20; n++) {
    const subject = { namespace: 'user', id: `u${n}` }
    await api.ledger.recordConsents(aConsent(api.organisationId, { subject }), null)
    if (n % 2 === 0) {
      const choices = [{ purpose: 'ai_training', act: 'withdraw' as const }]
      await api.ledger.recordConsents(aConsent(api.organisationId, { subject, choices }), null)
    }
  }
})
afterEach(() => {
  proxy.thaw()
  proxy.mend()
})
afterAll(async () => {
  await proxy.close()
  await api.close()
})

const about = (n: number): CheckQuestion => ({
  subject: `user:u${n}`,
  purpose: 'ai_training',
  collected_at: new Date().toISOString(),
})

describe('check', () => {
  test('gives the server’s answer whole', async () => {
    expect(await assent.check(about(1))).toMatchObject({
      allowed: true,
      reason: 'consent_given',
      obligations: { categories: expect.any(Array) },
    })
    expect(await assent.check(about(2))).toMatchObject({ allowed: false, reason: 'consent_withdrawn' })
    expect(await assent.isAllowed(about(1))).toBe(true)
    expect(await assent.isAllowed(about(2))).toBe(false)
  })

  test.each<{ name: string; fault: () => void }>([
    { name: 'a network that freezes', fault: () => proxy.freeze() },
    { name: 'a server that is away', fault: () => proxy.refuse() },
    { name: 'half an answer', fault: () => proxy.cutAfter(150) },
    { name: 'an answer that comes too late', fault: () => proxy.delay(5_000) },
  ])('says no to $name, in time, without throwing', async ({ fault }) => {
    expect(await assent.isAllowed(about(1))).toBe(true)
    fault()
    const began = performance.now()
    const answers = await Promise.all([hasty.check(about(1)), hasty.check(about(3))])
    expect(performance.now() - began).toBeLessThan(10_000)
    for (const answer of answers) {
      expect(answer).toMatchObject({ allowed: false, reason: 'unreachable', error: { status: 0 } })
    }
    expect(await hasty.isAllowed(about(1))).toBe(false)
  })

  test('asks again where the connection broke, and time is left', async () => {
    await assent.check(about(1))
    proxy.refuse()
    const asked = assent.check(about(1))
    setTimeout(() => proxy.mend(), 80)
    expect(await asked).toMatchObject({ allowed: true })
  })

  test.each([
    {
      name: 'a subject that is none',
      changes: { subject: 'alice' },
      codes: ['identifier_invalid', 'body_invalid'],
    },
    { name: 'a member misspelt', changes: { categorys: ['a'] }, codes: ['body_invalid', 'body_invalid'] },
  ])('says no to $name, alone and among others', async ({ changes, codes }) => {
    const question = { ...about(1), ...changes }
    const answers = [await assent.check(question), (await assent.checkMany([question, about(1)]))[0]]
    expect(answers).toMatchObject(
      codes.map((code) => ({ allowed: false, reason: 'rejected', error: { code } })),
    )
  })

  test('says no with a wrong key, and names it', async () => {
    const wrong = createAssent({ url: api.url, key: `ask_${'x'.repeat(43)}` })
    expect(await wrong.check(about(1))).toMatchObject({
      allowed: false,
      reason: 'rejected',
      error: { code: 'key_unknown', status: 401 },
    })
    expect(await wrong.checkMany([about(1)])).toMatchObject([{ allowed: false, reason: 'rejected' }])
  })

  test.each(['{}', '[]', 'null', '"yes"', '{"allowed":"true","reason":"x"}', '{"allowed":1}', '<html>', ''])(
    'says no to an answer that is %j',
    async (body) => {
      const server = createServer((_, response) => response.end(body))
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as AddressInfo
      const other = createAssent({ url: `http://127.0.0.1:${port}`, key, timeoutMs: 500 })
      const answers = [await other.check(about(1)), ...(await other.checkMany([about(1)]))]
      server.closeAllConnections()
      server.close()
      expect(answers).toMatchObject([
        { allowed: false, reason: 'unreachable' },
        { allowed: false, reason: 'unreachable' },
      ])
    },
  )
})

describe('checkMany', () => {
  test('answers 2,500 questions in their order, each as if asked alone', async () => {
    const questions = Array.from({ length: 2_500 }, (_, n) => about(n % 23))
    const answers = await assent.checkMany(questions)
    expect(answers).toHaveLength(2_500)
    for (const [n, { allowed, reason }] of answers.entries()) {
      const id = n % 23
      const want = id >= 20 ? 'never_asked' : id % 2 === 0 ? 'consent_withdrawn' : 'consent_given'
      expect([allowed, reason]).toEqual([want === 'consent_given', want])
    }
    const alone = await assent.check(about(1))
    expect(answers[1]).toMatchObject({ reason: alone.reason, because: alone.because, event: alone.event })
    expect(await assent.checkMany([])).toEqual([])
  })

  test('a cut in the middle leaves a no for all that was not answered', async () => {
    await assent.checkMany([about(1)])
    proxy.cutAfter(1_200_000)
    const cutting = createAssent({ url: proxy.url, key, timeoutMs: 3_000 })
    const answers = await cutting.checkMany(Array.from({ length: 6_000 }, () => about(1)))
    const reasons = answers.map(({ reason }) => reason)
    const answered = reasons.lastIndexOf('consent_given') + 1
    expect(answered % 1_000).toBe(0)
    expect(answered).toBeGreaterThan(0)
    expect(answered).toBeLessThan(6_000)
    expect(new Set(reasons.slice(answered))).toEqual(new Set(['unreachable']))
    expect(answers.slice(answered).some(({ allowed }) => allowed)).toBe(false)
  })

  test('asks about property, categories, recipient, regime and at_least as check does', async () => {
    const { revision, recorded_at } = await assent.recordConsents({
      subject: 'user:terms',
      property: 'demo',
      notice: { key: 'starter', version: 1, locale: 'en' },
      evidence: { method: 'form' },
      choices: [{ purpose: 'ai_training', act: 'grant' }],
    })
    const base = { ...about(0), subject: 'user:terms', collected_at: recorded_at }
    const questions: CheckQuestion[] = [
      { ...base, at_least: revision },
      { ...base, at_least: '0:99999999' },
      { ...base, property: 'demo' },
      { ...base, categories: ['feedback'] },
      { ...base, categories: ['health'] },
      { ...base, recipient: 'someone' },
      { ...base, regime: 'gdpr' },
      { ...base, regime: 'moon' },
      { subject: 'user:terms', purpose: 'ai_training' },
    ]
    const together = await assent.checkMany(questions)
    const alone = await Promise.all(questions.map((question) => assent.check(question)))
    const told = (answers: typeof together) => answers.map(({ allowed, reason }) => ({ allowed, reason }))
    expect(told(together)).toEqual(told(alone))
    expect(new Set(alone.map(({ reason }) => reason)).size).toBeGreaterThan(4)
  })
})

describe('recordConsents', () => {
  const statement = (id: string) => ({
    subject: `user:${id}`,
    choices: [{ purpose: 'ai_training', act: 'withdraw' as const }],
  })
  const eventsOf = async (id: string) => {
    const { body } = await api.call('GET', `/v1/subjects/${id}/consents`)
    return body.history as unknown[]
  }

  test('an answer that is lost is asked for again, and recorded once', async () => {
    await assent.check(about(1))
    // The write arrives and its answer is cut.
    proxy.cutAfter(20)
    const writing = assent.recordConsents(statement('lost'))
    setTimeout(() => proxy.mend(), 300)
    const { subject } = await writing
    expect(await eventsOf(subject)).toHaveLength(1)
  })

  test('the same key is the same statement, another is another', async () => {
    const first = await assent.recordConsents(statement('twice'), { idempotencyKey: 'one' })
    const again = await assent.recordConsents(statement('twice'), { idempotencyKey: 'one' })
    expect(again).toEqual(first)
    await assent.recordConsents(statement('twice'))
    expect(await eventsOf(first.subject)).toHaveLength(2)
  })

  test('rejects where nobody answers, and where it is refused', async () => {
    proxy.refuse()
    await expect(hasty.recordConsents(statement('away'))).rejects.toMatchObject({ code: 'unreachable' })
    proxy.mend()
    await expect(assent.recordConsents({ subject: 'alice', choices: [] })).rejects.toMatchObject({
      code: 'body_invalid',
    })
  })
})
