import { createHash } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { canonicalJson } from '../domain/canonical-json.ts'
import { aConsent } from '../storage/ledger/testing/start-ledger.ts'
import { type RunningApi, startApi } from './testing/start-api.ts'

const day = 86_400_000
let api: RunningApi
let officer: Record<string, string>
let aheadMs = 0
const now = () => Date.now() + aheadMs
const iso = (atMs: number) => new Date(atMs).toISOString()

let grantedAt: number
beforeAll(async () => {
  api = await startApi({ clock: now })
  const say = (act: 'grant' | 'withdraw', purpose = 'ai_training') =>
    api.ledger.recordConsents(aConsent(api.organisationId, { choices: [{ purpose, act }] }), null)
  await say('grant')
  grantedAt = now()
  aheadMs += day
  await say('withdraw')
  await say('grant', 'analytics')
  officer = await api.signInAs('officer')
})
afterAll(() => api.close())

const open = (changes: object = {}, headers = officer) =>
  api.call(
    'POST',
    '/v1/rooms',
    { subject: 'user:alice', purpose: 'ai_training', reason: { why: 'authority' }, ...changes },
    headers,
  )
const tokenOf = (link: unknown) => String(link).split('#')[1]!
const look = (token: string) =>
  api.call('POST', '/v1/public/rooms', { token }, { Authorization: '', 'Content-Type': 'application/json' })

describe('a room', () => {
  test('shows the answer to one question at its moment, row by row, with words and events, sealed', async () => {
    const made = await open({ at: iso(grantedAt + 1_000), property: 'demo' })
    expect(made.status).toBe(201)
    const { status, body } = await look(tokenOf(made.body.link))
    expect(status).toBe(200)
    expect(body.content).toMatchObject({
      question: { purpose: 'ai_training', property: 'demo', at: iso(grantedAt + 1_000) },
      answer: {
        as_known_then: { allowed: true, reason: 'consent_given' },
        as_known_now: { allowed: true, reason: 'consent_given' },
      },
      words: [{ key: 'starter', version: 1, locale: 'en', text: { title: 'What we do with your data' } }],
      events: [{ act: 'granted', is_relied_on: true, hash: expect.stringMatching(/^[0-9a-f]{64}$/) }],
    })
    const { rows } = (body.content as { answer: { as_known_then: { rows: unknown[] } } }).answer.as_known_then
    expect(rows).toHaveLength(15)
    const sha256 = createHash('sha256').update(canonicalJson(body.content)).digest('hex')
    expect(body.content_sha256).toBe(sha256)
  })

  test('answers about now where no moment is named: of the same person, another answer', async () => {
    const { body } = await open()
    expect(body.content).toMatchObject({
      answer: { as_known_then: { allowed: false, reason: 'consent_withdrawn' } },
      events: [{ act: 'granted' }, { act: 'withdrawn', is_relied_on: true }],
    })
  })

  test('names the person nowhere, nor the officer’s reason, and says what it withholds', async () => {
    const { body: made } = await open({ reason: { why: 'other', note: 'Letter of the authority, 12/3' } })
    const { body } = await look(tokenOf(made.link))
    const text = JSON.stringify(body)
    for (const hidden of ['alice', 'Letter of', 'analytics']) expect(text).not.toContain(hidden)
    expect(text).toContain('identifiers by which the organisation knows this person')
    const client = new pg.Client(api.database.serve)
    await client.connect()
    const { rows } = await client.query(
      `SELECT (SELECT string_agg(r::text, ' ') FROM rooms r) || (SELECT string_agg(detail::text, ' ')
       FROM admin_acts) AS stored`,
    )
    await client.end()
    expect(rows[0].stored).not.toContain('alice')
    expect(rows[0].stored).not.toContain(tokenOf(made.link))
  })

  test('counts every look, and shows the officer from which network', async () => {
    const { body: made } = await open()
    for (let n = 0; n < 3; n++) expect((await look(tokenOf(made.link))).status).toBe(200)
    const { body } = await api.call('GET', `/v1/rooms/${made.id}`, undefined, officer)
    expect(body).toMatchObject({ state: 'open', views: 3 })
    expect(body.seen).toEqual(Array.from({ length: 3 }, () => ({ at: expect.any(String), from: '127.0.0' })))
    const { body: listed } = await api.call(
      'GET',
      '/v1/evidence?kind=room_viewed&limit=3',
      undefined,
      officer,
    )
    expect(listed.evidence).toEqual(
      Array.from({ length: 3 }, () => expect.objectContaining({ actor: 'visitor', about: made.id })),
    )
  })

  test('is closed at once and for good: it says so, shows nothing, and nobody’s look is counted', async () => {
    const { body: made } = await open()
    await look(tokenOf(made.link))
    expect((await api.call('DELETE', `/v1/rooms/${made.id}`, undefined, officer)).status).toBe(200)
    expect((await api.call('DELETE', `/v1/rooms/${made.id}`, undefined, officer)).status).toBe(200)
    const closed = await look(tokenOf(made.link))
    expect(closed).toMatchObject({
      status: 410,
      body: { code: 'room_closed', detail: 'This room was closed.' },
    })
    expect(JSON.stringify(closed.body)).not.toContain('ai_training')
    const { body } = await api.call('GET', `/v1/rooms/${made.id}`, undefined, officer)
    expect(body).toMatchObject({ state: 'revoked', views: 1 })
  })

  test('runs out when it was said to', async () => {
    const { body: made } = await open({ days: 2 })
    aheadMs += 2 * day - 3_600_000
    expect((await look(tokenOf(made.link))).status).toBe(200)
    aheadMs += 3_600_000
    const late = await look(tokenOf(made.link))
    expect(late).toMatchObject({
      status: 410,
      body: { code: 'room_closed', detail: 'This room has run out.' },
    })
    officer = await api.signInAs('officer')
    const { body } = await api.call('GET', `/v1/rooms/${made.id}`, undefined, officer)
    expect(body).toMatchObject({ state: 'expired', views: 1 })
  })

  test('is nothing to a token that nobody gave out, and looked into at a measured pace', async () => {
    expect(await look('x'.repeat(43))).toMatchObject({ status: 404, body: { code: 'not_found' } })
    const answers = await Promise.all(Array.from({ length: 80 }, () => look('y'.repeat(43))))
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThan(0)
  })

  test.each([
    [{ days: 91 }, 400, 'body_invalid'],
    [{ reason: undefined }, 400, 'body_invalid'],
    [{ reason: { why: 'other' } }, 400, 'body_invalid'],
    [{ reason: { why: 'authority', note: 'about alice' } }, 400, 'body_invalid'],
    [{ at: iso(Date.now() + 9 * day) }, 400, 'body_invalid'],
    [{ at: 'yesterday' }, 400, 'parameter_invalid'],
    [{ purpose: 'nothing' }, 422, 'purpose_not_found'],
    [{ property: 'elsewhere' }, 422, 'property_not_found'],
    [{ subject: 'user:nobody' }, 404, 'not_found'],
  ])('is not opened with %j', async (changes, status, code) => {
    expect(await open(changes)).toMatchObject({ status, body: { code } })
  })

  test('cannot be changed in the database, nor its views', async () => {
    const client = new pg.Client(api.database.owner)
    await client.connect()
    for (const sql of [
      "UPDATE rooms SET content = '{}'",
      'DELETE FROM rooms',
      'UPDATE rooms SET revoked_at = null WHERE revoked_at IS NOT NULL',
      "UPDATE room_views SET address_prefix = ''",
      'DELETE FROM room_views',
      'TRUNCATE room_views',
    ]) {
      await expect(client.query(sql), sql).rejects.toMatchObject({ code: '23001' })
    }
    await client.end()
  })
})
