import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { otherOrganisation } from './testing/other-organisation.ts'
import { type RunningApi, startApi } from './testing/start-api.ts'

let api: RunningApi
let database: pg.Client
let nowMs = Date.now()
const day = 86_400_000
beforeAll(async () => {
  api = await startApi({ clock: () => nowMs })
  database = new pg.Client(api.database.owner)
  await database.connect()
})
afterAll(async () => {
  await database.end()
  await api.close()
})
afterEach(() => {
  nowMs = Date.now()
})

type Json = Record<string, unknown>
let made = 0
const aName = () => `asks-${++made}`
const register = async (body: Json) => {
  const { status, body: request } = await api.call('POST', '/v1/requests', {
    regime: 'gdpr',
    kind: 'access',
    ...body,
  })
  expect(status).toBe(201)
  return request as Json & { id: string; revision: number }
}
const change = (id: string, body: Json) => api.call('POST', `/v1/requests/${id}/changes`, body)
const proof = { text: 'Sent by post.', sha256: 'a'.repeat(64) }

describe('a request', () => {
  test('runs by the clock of its regime, from the day it was received', async () => {
    expect(await register({ received_at: '2026-01-31T10:00:00Z' })).toMatchObject({
      ...{ state: 'open', received_at: '2026-01-31T10:00:00.000Z', due_at: '2026-02-28T23:59:59.999Z' },
      ...{
        extended_until: null,
        is_overdue: true,
        revision: 1,
        clock: { source: 'GDPR Art. 12(3)', may_extend: false },
      },
    })
    const fresh = await register({})
    expect(fresh).toMatchObject({ is_overdue: false, clock: { may_extend: true } })
    expect(await api.call('POST', '/v1/requests', { regime: 'gdpr', kind: 'opt_out' })).toMatchObject({
      status: 422,
      body: { code: 'request_change_refused', pointer: '/kind' },
    })
    const ahead = { regime: 'gdpr', kind: 'access', received_at: new Date(nowMs + day).toISOString() }
    expect((await api.call('POST', '/v1/requests', ahead)).body.code).toBe('request_change_refused')
  })

  test('keeps who asks and what was written sealed, and writes down who reads it', async () => {
    const name = aName()
    const { id } = await register({ subject: `email:${name}@example.com`, text: 'Tell me what you have.' })
    const shown = await api.call('GET', `/v1/requests/${id}`)
    expect(shown.body).toMatchObject({
      namespace: 'email',
      subject: null,
      history: [{ change: 'received', revision: 1 }],
    })
    expect(JSON.stringify(shown.body)).not.toContain(name)
    const { rows } = await database.query(
      `SELECT r::text || e::text || t::text || (SELECT string_agg(a::text, '') FROM admin_acts a) AS all
       FROM requests r JOIN request_events e ON e.request_id = r.id JOIN request_texts t ON t.request_id = r.id
       WHERE r.id = $1`,
      [id],
    )
    expect(rows[0].all).not.toContain(name)
    expect(rows[0].all).not.toContain('Tell me')
    expect((await api.call('POST', `/v1/requests/${id}/texts`)).body).toEqual({
      identifier: `email:${name}@example.com`,
      texts: [{ revision: 1, text: 'Tell me what you have.' }],
    })
    const acts = await database.query("SELECT detail FROM admin_acts WHERE act = 'request_read'")
    expect(acts.rows.at(-1).detail).toEqual({ request: id })
  })

  test('is extended once with a reason, answered with proof, and its history names each change', async () => {
    const { id } = await register({ kind: 'rectification' })
    expect((await change(id, { revision: 1, change: 'extend' })).body).toMatchObject({
      code: 'body_invalid',
      pointer: '/text',
    })
    const extended = await change(id, { revision: 1, change: 'extend', text: 'Three systems are involved.' })
    expect(extended).toMatchObject({ status: 200, body: { revision: 2, clock: { may_extend: false } } })
    expect(extended.body.answer_by).toBe(extended.body.extended_until)
    expect((await change(id, { revision: 2, change: 'answer', text: 'Corrected.' })).body.pointer).toBe(
      '/proof',
    )
    const bare = { revision: 2, change: 'answer', text: 'Corrected.', proof: { text: 'Sent.' } }
    expect((await change(id, bare)).body.pointer).toBe('/proof/reference')
    const answered = await change(id, { revision: 2, change: 'answer', text: 'Corrected.', proof })
    expect(answered.body).toMatchObject({ state: 'answered', revision: 3, proof_sha256: 'a'.repeat(64) })
    const { body } = await api.call('GET', `/v1/requests/${id}`)
    expect((body.history as Json[]).map((each) => each.change)).toEqual(['received', 'extend', 'answer'])
    expect((await api.call('POST', `/v1/requests/${id}/texts`)).body.texts).toEqual([
      { revision: 2, text: 'Three systems are involved.' },
      { revision: 3, text: 'Corrected.', proof },
    ])
  })

  test('is not extended after its first term', async () => {
    const { id } = await register({})
    nowMs += 40 * day
    expect(await change(id, { revision: 1, change: 'extend', text: 'Late.' })).toMatchObject({
      status: 422,
      body: { code: 'request_change_refused', detail: expect.stringContaining('has passed') },
    })
  })

  test('changed in two tabs is changed by the first; the second is told, and nothing is written', async () => {
    const { id } = await register({})
    const [first, second] = await Promise.all([
      change(id, { revision: 1, change: 'note', text: 'First.' }),
      change(id, { revision: 1, change: 'withdraw' }),
    ])
    expect([first.status, second.status].sort()).toEqual([200, 409])
    const late = await change(id, { revision: 1, change: 'note', text: 'Late.' })
    expect(late).toMatchObject({ status: 409, body: { code: 'conflict' } })
    expect((await api.call('GET', `/v1/requests/${id}`)).body).toMatchObject({ revision: 2 })
  })

  test('of another organisation is unknown in every way', async () => {
    const { id } = await register({ subject: `user:${aName()}` })
    const other = await otherOrganisation(api, 'elsewhere')
    const Authorization = `Bearer ${other.key}`
    const unknown = '00000000-0000-4000-8000-000000000000'
    for (const [method, more, body] of [
      ['GET', '', undefined],
      ['POST', '/texts', undefined],
      ['POST', '/changes', { revision: 1, change: 'withdraw' }],
      ['POST', '/refusal', { purposes: ['analytics'], method: 'mail' }],
    ] as const) {
      const [theirs, nobodys] = await Promise.all(
        [id, unknown].map((of) => api.call(method, `/v1/requests/${of}${more}`, body, { Authorization })),
      )
      expect(theirs).toMatchObject({ status: 404, body: { code: 'not_found' } })
      expect(theirs!.body).toEqual(nobodys!.body)
    }
    expect((await api.call('GET', '/v1/requests', undefined, { Authorization })).body).toEqual({
      ...{ requests: [], next: null, open: 0, overdue: 0 },
    })
  })
})

describe('an objection', () => {
  test('acts at once, from when it was received, whenever it is answered', async () => {
    const name = aName()
    const subject = `user:${name}`
    const { id } = await register({ kind: 'objection', subject })
    const refused = await api.call('POST', `/v1/requests/${id}/refusal`, {
      ...{ purposes: ['analytics'], method: 'mail' },
    })
    expect(refused).toMatchObject({
      status: 201,
      body: { recorded: 1, request: { revision: 2, state: 'open' } },
    })
    const sub = (refused.body.request as Json).subject
    expect((await api.call('POST', '/v1/check', { subject, purpose: 'analytics' })).body).toMatchObject({
      allowed: false,
      reason: 'objected',
    })
    const { body } = await api.call('GET', `/v1/requests?subject=${sub}`)
    expect(body.requests).toMatchObject([{ id, subject: sub }])
    expect((await api.call('GET', `/v1/requests/${id}`)).body.history).toMatchObject([
      {},
      { change: 'refusal_recorded', detail: { purposes: 'analytics', method: 'mail' } },
    ])
  })

  test('needs someone who objects, and a purpose there is; an access request refuses nothing', async () => {
    const refuse = (id: string, purposes: string[]) =>
      api.call('POST', `/v1/requests/${id}/refusal`, { purposes, method: 'mail' })
    const nobody = await register({ kind: 'objection' })
    expect((await refuse(nobody.id, ['analytics'])).body.code).toBe('request_change_refused')
    const named = await register({ kind: 'objection', subject: `user:${aName()}` })
    expect((await refuse(named.id, ['nothing'])).body.code).toBe('purpose_not_found')
    const access = await register({ subject: `user:${aName()}` })
    expect((await refuse(access.id, ['analytics'])).body.code).toBe('request_change_refused')
  })
})

describe('the list', () => {
  test('shows what is overdue first and what is closed last, filtered, page by page', async () => {
    const late = await register({ kind: 'erasure', received_at: '2020-01-01' })
    const later = await register({ kind: 'erasure', received_at: '2020-03-01' })
    const closed = await register({ kind: 'erasure', received_at: '2019-01-01' })
    await change(closed.id, { revision: 1, change: 'withdraw' })
    const idsOf = async (query: string) => {
      const { body } = await api.call('GET', `/v1/requests?${query}`)
      return (body.requests as { id: string }[]).map(({ id }) => id)
    }
    expect(await idsOf('kind=erasure')).toEqual([late.id, later.id, closed.id])
    expect(await idsOf('kind=erasure&overdue=true')).toEqual([late.id, later.id])
    expect(await idsOf('state=withdrawn&kind=erasure')).toEqual([closed.id])
    expect(await idsOf('subject=nobody')).toEqual([])
    const seen: string[] = []
    let after = ''
    for (;;) {
      const { body } = await api.call('GET', `/v1/requests?limit=2${after}`)
      seen.push(...(body.requests as { id: string }[]).map(({ id }) => id))
      if (body.next === null) break
      after = `&after=${body.next}`
    }
    expect(seen).toEqual(await idsOf('limit=200'))
    expect(seen.slice(0, 2)).toEqual([late.id, later.id])
    const { body } = await api.call('GET', '/v1/requests?limit=1')
    expect(body.overdue).toBeGreaterThanOrEqual(2)
  })
})
