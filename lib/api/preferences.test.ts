import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { aConsent } from '../storage/ledger/testing/start-ledger.ts'
import type { Experience } from '../web/experience.ts'
import { type RunningApi, startApi } from './testing/start-api.ts'
import { type RunningMail, startMail } from './testing/start-mail.ts'

let api: RunningApi
let nowMs = Date.now()
const here = 'http://localhost:3000'
let mail: RunningMail

beforeAll(async () => {
  mail = await startMail()
  api = await startApi({ clock: () => nowMs, mailer: mail.mailer })
})
afterAll(async () => {
  await api.close()
  await mail.close()
})

// biome-ignore lint/suspicious/noExplicitAny: what the tests look at, they expect to be there
type Body = Record<string, any>

async function send(
  method: string,
  path: string,
  options: { token?: string; body?: object; of?: RunningApi } = {},
) {
  const { token, body, of = api } = options
  const response = await fetch(`${of.url}/v1/public/demo${path}`, {
    method,
    headers: {
      Origin: here,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  })
  return { status: response.status, headers: response.headers, body: (await response.json()) as Body }
}
const get = (path: string, token?: string) => send('GET', path, token === undefined ? {} : { token })
const post = (path: string, body: object = {}, token?: string) =>
  send('POST', path, token === undefined ? { body } : { body, token })

/** A device that has said these things, one after another. */
async function newDevice(...said: readonly ['grant' | 'deny' | 'withdraw', string][]) {
  const { serving } = (await get('/experience')).body as unknown as Experience
  const { token, device } = (await post('/tokens', { serving })).body as { token: string; device: string }
  for (const [act, purpose] of said) {
    const { snapshot } = (await post('/snapshots', { serving }, token)).body
    const { status } = await post('/consents', { snapshot, choices: [{ purpose, act }] }, token)
    expect(status).toBe(201)
  }
  return { token, device }
}

describe('her own record', () => {
  test('tells what she chose, newest first, with the text she was shown; and nobody else’s', async () => {
    const one = await newDevice(['grant', 'ai_training'], ['withdraw', 'ai_training'])
    const other = await newDevice(['deny', 'analytics'])
    const { body } = await get('/history?locale=de', one.token)
    expect(body.history.map(({ what, purposes }: Body) => [what, purposes[0].key])).toEqual([
      ['withdrawn', 'ai_training'],
      ['granted', 'ai_training'],
    ])
    const shown = body.history[1].notice
    expect(shown).toMatchObject({ key: 'starter', version: 1, locale: 'en' })
    const words = body.words.find(({ locale }: Body) => locale === 'en')
    expect(words.text.body[0]).toEqual(expect.any(String))
    expect(words.sha256).toMatch(/^[0-9a-f]{64}$/)
    expect((await get('/history', other.token)).body.history).toHaveLength(1)
    expect((await get('/history')).body.code).toBe('token_invalid')
  })

  test('can be kept: each event with its place in the chain and what was sealed with it', async () => {
    const { token, device } = await newDevice(['grant', 'analytics'])
    const { headers, body } = await get('/record', token)
    expect(headers.get('content-disposition')).toBe('attachment; filename="privacy-choices-demo.json"')
    expect(body).toMatchObject({ property: 'demo', known_as: `device:${device}` })
    expect(body.events).toHaveLength(1)
    expect(body.events[0]).toMatchObject({
      act: 'granted',
      purpose: 'analytics',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      evidence: { method: 'banner', known_by: 'device' },
    })
    expect(body.words).toHaveLength(1)
  })

  test('holds what holds everywhere, and nothing of another property', async () => {
    const { token, device } = await newDevice(['grant', 'analytics'])
    const subject = { namespace: 'device', id: device }
    await api.ledger.publish(api.organisationId, [
      { act: 'property_published', definition: { key: 'diary', name: 'Diary', origins: [here] } },
    ])
    const choices = [{ purpose: 'personalization', act: 'deny' }] as const
    for (const property of ['diary', null]) {
      await api.ledger.recordConsents(
        aConsent(api.organisationId, { subject, property, notice: null, choices }),
        null,
      )
    }
    const { history } = (await get('/history', token)).body
    expect(history.map(({ purposes }: Body) => purposes[0].key)).toEqual(['personalization', 'analytics'])
  })
})

describe('who has stopped', () => {
  const report = (name: string, seq: number, description?: string) =>
    api.call('PUT', `/v1/consumers/${name}`, { applied: `0:${seq}`, ...(description && { description }) })
  const headSeq = () => api.decisions.revision().seq

  test('is told service by service, from when each said so, whatever it does afterwards', async () => {
    const { token } = await newDevice(['grant', 'analytics'])
    const before = headSeq()
    await report('ads', before, 'Measurement of advertising')
    await report('store', before)
    expect((await get('/stopped', token)).body).toEqual({ since: null, revision: null, services: [] })
    await post('/withdraw-all', {}, token)
    const mine = headSeq()
    const none = { has_applied: false, at: null }
    expect((await get('/stopped', token)).body).toMatchObject({
      since: expect.any(String),
      services: [
        { name: 'Measurement of advertising', ...none },
        { name: 'store', ...none },
      ],
    })
    await report('store', mine)
    const at = (await get('/stopped', token)).body.services[1].at as string
    expect(Date.parse(at)).toBeGreaterThan(Date.now() - 600_000)
    // What it reports again, and what it applies later, leaves the time of hers as it was.
    await report('store', mine)
    await newDevice(['deny', 'analytics'])
    await report('store', headSeq())
    expect((await get('/stopped', token)).body.services).toEqual([
      { name: 'Measurement of advertising', ...none },
      { name: 'store', has_applied: true, at },
    ])
    // One that begins again has not applied it until it comes to it once more.
    await api.call('PUT', '/v1/consumers/store', { applied: `0:${before}`, reset: true })
    expect((await get('/stopped', token)).body.services[1]).toEqual({ name: 'store', ...none })
  })
})

describe('asking for erasure', () => {
  test('registers one request, with a reference and a day, however often she asks', async () => {
    const { token } = await newDevice(['grant', 'analytics'])
    const contact = { contact: 'alice@example.com' }
    const both = await Promise.all([post('/erasure', contact, token), post('/erasure', contact, token)])
    expect(both.map(({ status }) => status)).toEqual([201, 201])
    const [one, other] = both.map(({ body }) => body)
    expect(other).toEqual(one)
    expect(await post('/erasure', {}, token)).toMatchObject({ body: one })
    expect(one!.reference).toMatch(/^[0-9A-F]{8}$/)
    const { requests } = (await api.call('GET', '/v1/requests?kind=erasure')).body as { requests: Body[] }
    const mine = requests.filter(({ reference }) => reference === one!.reference)
    expect(mine).toHaveLength(1)
    expect(mine[0]).toMatchObject({ kind: 'erasure', regime: 'gdpr', state: 'open', namespace: 'device' })
    const told = (await api.call('POST', `/v1/requests/${mine[0]!.id}/texts`)).body
    expect(told).toMatchObject({ texts: [{ text: 'alice@example.com' }] })
  })

  test('is limited', async () => {
    const { token } = await newDevice(['grant', 'analytics'])
    nowMs += 61_000
    const answers = await Promise.all(Array.from({ length: 12 }, () => post('/erasure', {}, token)))
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(2)
    nowMs += 61_000
  })
})

describe('a hand-over', () => {
  test('speaks for the device on another page: once, within two minutes', async () => {
    const { token } = await newDevice(['grant', 'analytics'])
    const { code } = (await post('/hand-overs', {}, token)).body
    const opened = await post('/hand-overs/open', { code })
    expect(opened.status).toBe(201)
    expect((await get('/history', opened.body.token)).body.history).toHaveLength(1)
    expect((await post('/hand-overs/open', { code })).body.code).toBe('token_invalid')
    const late = (await post('/hand-overs', {}, token)).body.code
    nowMs += 121_000
    expect((await post('/hand-overs/open', { code: late })).body.code).toBe('token_expired')
    // What is withdrawn there is withdrawn.
    const again = (await post('/hand-overs', {}, token)).body.code
    const there = (await post('/hand-overs/open', { code: again })).body.token
    await post('/withdraw-all', {}, there)
    const { purposes } = (await get('/consents', token)).body
    expect(purposes.find(({ key }: Body) => key === 'analytics').state).toBe('refused')
  })

  test('is no link of a letter, and belongs to its property', async () => {
    const { token } = await newDevice(['grant', 'analytics'])
    const { code } = (await post('/hand-overs', {}, token)).body
    expect((await post('/links/open', { code })).body.code).toBe('token_invalid')
    expect((await post('/hand-overs/open', { code: `${code.slice(0, -2)}AA` })).body.code).toBe(
      'token_invalid',
    )
  })
})

describe('a link by mail', () => {
  const email = 'Alice@Example.com'
  const linkIn = (text: string) => /#m=([\w-]+)/.exec(text)![1]!
  beforeAll(async () => {
    const subject = { namespace: 'email', id: 'alice@example.com' }
    await api.ledger.recordConsents(
      aConsent(api.organisationId, { subject, choices: [{ purpose: 'analytics', act: 'grant' }] }),
      null,
    )
  })

  test('opens her choices on a POST: once, for fifteen minutes, and reading it spends nothing', async () => {
    expect((await get('/reach')).body).toEqual({ mail: true })
    expect(await post('/links', { email, locale: 'de' })).toMatchObject({
      status: 200,
      body: { asked: true },
    })
    await vi.waitFor(() => expect(mail.letters).toHaveLength(1), { timeout: 30_000 })
    const [letter] = mail.letters
    expect(letter!.to).toEqual(['alice@example.com'])
    expect(letter!.text).toContain(`${here}/p/demo#m=`)
    expect(letter!.text.split('#m=')[1]).not.toMatch(/alice/i)
    const code = linkIn(letter!.text)
    for (const _ of [1, 2]) {
      expect((await post('/links/read', { code })).body).toMatchObject({ address: 'alice@example.com' })
    }
    const { token } = (await post('/links/open', { code })).body
    expect((await get('/history', token)).body.history).toMatchObject([{ what: 'granted' }])
    await post('/withdraw-all', {}, token)
    const asked = { subject: 'email:alice@example.com', purpose: 'analytics', property: 'demo' }
    expect((await api.call('POST', '/v1/check', asked)).body.reason).toBe('consent_withdrawn')
    expect((await post('/links/open', { code })).body.code).toBe('token_invalid')
    nowMs += 3_601_000
    expect((await get('/history', token)).body.code).toBe('token_expired')
  })

  test('goes to nobody unknown, who is answered alike; and three in a while to one address', async () => {
    mail.letters.length = 0
    const unknown = await post('/links', { email: 'nobody@example.com' })
    const known = await Promise.all(Array.from({ length: 5 }, () => post('/links', { email })))
    for (const answer of known) {
      expect([answer.status, answer.body]).toEqual([unknown.status, unknown.body])
    }
    // A letter to someone else shows that all before it were seen to.
    const subject = { namespace: 'email', id: 'bob@example.com' }
    await api.ledger.recordConsents(aConsent(api.organisationId, { subject }), null)
    await post('/links', { email: 'bob@example.com' })
    await vi.waitFor(() => expect(mail.letters.map(({ to }) => to[0])).toContain('bob@example.com'), {
      timeout: 30_000,
    })
    await vi.waitFor(
      () => expect(mail.letters.filter(({ to }) => to[0] === 'alice@example.com')).toHaveLength(3),
      { timeout: 30_000 },
    )
    expect(mail.letters).toHaveLength(4)
    const code = linkIn(mail.letters[0]!.text)
    nowMs += 901_000
    expect((await post('/links/open', { code })).body.code).toBe('token_expired')
  })

  test('is limited for each network', async () => {
    nowMs += 61_000
    const answers = await Promise.all(
      Array.from({ length: 34 }, (_, at) => post('/links', { email: `a${at}@example.com` })),
    )
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(4)
    nowMs += 61_000
  })

  test('is not offered where no mail is sent', async () => {
    const plain = await startApi({ clock: () => nowMs })
    expect((await send('GET', '/reach', { of: plain })).body).toEqual({ mail: false })
    const asked = await send('POST', '/links', { of: plain, body: { email } })
    expect([asked.status, asked.body.code]).toEqual([404, 'not_found'])
    await plain.close()
  })
})
