import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Experience } from '../web/experience.ts'
import { type RunningApi, startApi } from './testing/start-api.ts'

let api: RunningApi
let nowMs = Date.parse('2026-06-01T12:00:00Z')
const Origin = 'http://localhost:3000'
beforeAll(async () => {
  api = await startApi({ clock: () => nowMs })
})
afterAll(() => api.close())

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${api.url}/v1/public/demo${path}`, { headers: { Origin, ...headers } })
async function post(path: string, body: object, token?: string) {
  const response = await fetch(`${api.url}/v1/public/demo${path}`, {
    method: 'POST',
    headers: {
      ...{ Origin, 'Content-Type': 'application/json' },
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: (await response.json()) as Record<string, string> }
}
const experience = async (headers: Record<string, string> = {}) =>
  (await (await get('/experience', headers)).json()) as Experience

/** A device that has a token and a snapshot for its first choice. */
async function newDevice(headers: Record<string, string> = {}) {
  const { serving } = await experience(headers)
  const { status, body } = await post('/tokens', { serving })
  expect(status).toBe(201)
  return { serving, token: body.token!, snapshot: body.snapshot! }
}

test('who fetches ahead of a visit is not taken for a page that shows the banner', async () => {
  const seen = async () => {
    const { snippets } = (await api.call('GET', '/v1/setup')).body as { snippets: { origin: string }[] }
    return snippets.map(({ origin }) => origin)
  }
  expect((await get('/experience', { 'Sec-Purpose': 'prefetch' })).status).toBe(200)
  expect(await seen()).toEqual([])
  await get('/experience')
  expect(await seen()).toEqual([Origin])
})

test('what is asked is the same for everyone, and a cache may hold it until it changes', async () => {
  const [one, other] = await Promise.all([get('/experience'), get('/experience')])
  expect(await one.text()).toBe(await other.text())
  const etag = one.headers.get('etag')!
  expect(one.headers.get('cache-control')).toBe('public, max-age=60')
  expect(one.headers.get('vary')).toBe('Origin, Sec-GPC, x-country')
  const held = await get('/experience', { 'If-None-Match': `"other", W/${etag}` })
  expect([held.status, await held.text(), held.headers.get('etag')]).toEqual([304, '', etag])
  const german = await get('/experience?locale=de-AT', { 'If-None-Match': etag })
  expect([german.status, ((await german.json()) as Experience).locale]).toEqual([200, 'de'])
  expect((await get('/experience', { 'If-None-Match': etag, 'Sec-GPC': '1' })).status).toBe(200)
})

test('the regime is that of where she is; where nobody knows, the strictest', async () => {
  const ruleIn = async (headers: Record<string, string>) => {
    const { purposes, form } = await experience(headers)
    return [form, purposes.find(({ key }) => key === 'analytics')?.rule]
  }
  const { items } = (await api.call('GET', '/v1/configuration')).body as {
    items: { kind: string; key: string; definition: Record<string, unknown> }[]
  }
  const standing = items.find(({ kind, key }) => kind === 'regime' && key === 'default')!.definition
  const { id } = (await api.call('POST', '/v1/releases', { title: 'Elsewhere' })).body
  const lax = { rule: 'opt_out', basis: 'legitimate_interests' }
  const rules = Object.fromEntries(
    Object.entries(standing.rules as object).map(([key, rule]) => [key, rule.rule === 'opt_in' ? lax : rule]),
  )
  const { ai_training } = standing.rules as Record<string, object>
  const put = await api.call('PUT', `/v1/releases/${id}/items/regime/default`, {
    edit: 0,
    definition: { ...standing, rules: { ...rules, ai_training }, fallback: lax },
  })
  expect(put.status, JSON.stringify(put.body)).toBe(200)
  await api.call('POST', `/v1/releases/${id}/submit`)
  await api.call('PUT', '/v1/settings/publication', { four_eyes: 'off' })
  await api.call('POST', `/v1/releases/${id}/flips`)
  const published = await api.call('POST', `/v1/releases/${id}/publish`, {})
  expect(published.status, JSON.stringify(published.body)).toBe(200)
  expect(await ruleIn({ 'X-Country': 'JP' })).toEqual(['opt_in', 'opt_out'])
  expect(await ruleIn({ 'X-Country': 'DE' })).toEqual(['opt_in', 'opt_in'])
  expect(await ruleIn({ 'X-Country': 'XX' })).toEqual(['opt_in', 'opt_in'])
  expect(await ruleIn({})).toEqual(['opt_in', 'opt_in'])
})

test('a choice is bound to what was served: once, on this site, within the hour', async () => {
  const { serving, token, snapshot } = await newDevice()
  const choices = [{ purpose: 'ai_training', act: 'grant' }]
  const first = await post('/consents', { snapshot, choices }, token)
  expect(first.status).toBe(201)
  expect(await post('/consents', { snapshot, choices }, token)).toMatchObject({
    body: { code: 'snapshot_used' },
  })
  const next = await post('/snapshots', { serving }, token)
  expect(next.status).toBe(201)
  const withdrawn = [{ purpose: 'ai_training', act: 'withdraw' }]
  expect((await post('/consents', { snapshot: next.body.snapshot, choices: withdrawn }, token)).status).toBe(
    201,
  )
  // What is served is no snapshot, and a snapshot is not what is served.
  expect((await post('/consents', { snapshot: serving, choices }, token)).body.code).toBe('token_invalid')
  expect((await post('/tokens', { serving: next.body.snapshot })).body.code).toBe('token_invalid')
  const [head, payload, signature] = serving.split('.') as [string, string, string]
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
  const forged = Buffer.from(
    JSON.stringify({ ...claims, notice: { ...claims.notice, version: 9 } }),
  ).toString('base64url')
  expect((await post('/tokens', { serving: [head, forged, signature].join('.') })).body.code).toBe(
    'token_invalid',
  )
  nowMs += 61 * 60_000
  expect((await post('/tokens', { serving })).body.code).toBe('token_expired')
})

test('a yes stands in the answer to it, although the clock was put back meanwhile', async () => {
  const { serving, token, snapshot } = await newDevice()
  const stateAfter = async (act: string, with_: string) => {
    const { body } = await post(
      '/consents',
      { snapshot: with_, choices: [{ purpose: 'analytics', act }] },
      token,
    )
    const { purposes } = body as unknown as { purposes: { key: string; state: string }[] }
    return purposes.find(({ key }) => key === 'analytics')?.state
  }
  expect(await stateAfter('deny', snapshot)).toBe('refused')
  nowMs -= 300
  const next = await post('/snapshots', { serving }, token)
  expect(await stateAfter('grant', String(next.body.snapshot))).toBe('granted')
  nowMs += 300
})

test('a signal that overrules a yes is told of, and only a yes that names it counts', async () => {
  const signal = { 'Sec-GPC': '1' }
  const { serving, token, snapshot } = await newDevice()
  await post('/consents', { snapshot, choices: [{ purpose: 'personalization', act: 'grant' }] }, token)
  const stands = async (headers: Record<string, string> = {}) => {
    const answer = await get('/consents', { Authorization: `Bearer ${token}`, ...headers })
    const { purposes, gpc_conflicts } = (await answer.json()) as {
      purposes: { key: string; state: string }[]
      gpc_conflicts: string[]
    }
    return [purposes.find(({ key }) => key === 'personalization')?.state, gpc_conflicts]
  }
  expect(await stands()).toEqual(['granted', []])
  expect(await stands(signal)).toEqual(['refused', ['personalization']])
  const choices = [{ purpose: 'personalization', act: 'grant' }]
  const again = await post('/snapshots', { serving }, token)
  await post('/consents', { snapshot: again.body.snapshot, choices }, token)
  expect(await stands()).toEqual(['refused', ['personalization']])
  const named = await post('/snapshots', { serving }, token)
  await post('/consents', { snapshot: named.body.snapshot, choices, names_gpc_conflict: true }, token)
  expect(await stands(signal)).toEqual(['granted', []])
})

test('the installation says that it honours the signal while some regime does', async () => {
  const said = await (await fetch(`${api.url}/.well-known/gpc.json`)).json()
  expect(said).toEqual({ gpc: true, lastUpdate: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/) })
})

test('a property says what it was told to of training on its assets', async () => {
  const said = async () => {
    const answer = await fetch(`${api.url}/v1/public/demo/content-usage`)
    return [answer.headers.get('content-usage'), await answer.json()]
  }
  expect(await said()).toEqual([null, { header: null, robots: null }])
  const { items } = (await api.call('GET', '/v1/configuration')).body as {
    items: { kind: string; key: string; definition: object }[]
  }
  const { definition } = items.find(({ kind, key }) => kind === 'property' && key === 'demo')!
  const { id } = (await api.call('POST', '/v1/releases', { title: 'No training' })).body
  await api.call('PUT', `/v1/releases/${id}/items/property/demo`, {
    edit: 0,
    definition: { ...definition, trainAi: 'n' },
  })
  await api.call('POST', `/v1/releases/${id}/submit`)
  const published = await api.call('POST', `/v1/releases/${id}/publish`, {})
  expect(published.status, JSON.stringify(published.body)).toBe(200)
  expect(await said()).toEqual([
    'train-ai=n',
    { header: 'train-ai=n', robots: 'User-Agent: *\nContent-Usage: train-ai=n\n' },
  ])
  expect((await fetch(`${api.url}/v1/public/nowhere/content-usage`)).status).toBe(404)
})

test('what a publisher disallows is denied, whatever people said; what cannot be read says nothing', async () => {
  const subject = 'user:published'
  await api.call('POST', '/v1/consents', {
    ...{ subject, property: 'demo', evidence: { method: 'form' } },
    notice: { key: 'starter', version: 1, locale: 'en' },
    choices: ['ai_training', 'analytics'].map((purpose) => ({ purpose, act: 'grant' })),
  })
  const collected_at = new Date(nowMs).toISOString()
  const check = async (purpose: string, content_usage: unknown) => {
    const asked = { subject, purpose, property: 'demo', collected_at, content_usage }
    const { status, body } = await api.call('POST', '/v1/check', asked)
    return status === 200 ? body.reason : status
  }
  expect(await check('ai_training', undefined)).toBe('consent_given')
  expect(await check('ai_training', 'search=n')).toBe('consent_given')
  expect(await check('ai_training', 'train-ai=n,')).toBe('consent_given')
  expect(await check('ai_training', ['train-ai=y', 'train-ai=n'])).toBe('content_usage_disallowed')
  expect(await check('analytics', 'train-ai=n')).toBe('not_opted_out')
  expect(await check('ai_training', 7)).toBe(400)
  const item = (content_usage?: string) => ({
    subject: { type: 'user', id: 'published' },
    action: { name: 'ai_training' },
    resource: { type: 'record', id: '1', properties: { collected_at, property: 'demo', content_usage } },
  })
  const batch = await api.call('POST', '/access/v1/evaluations', {
    evaluations: [item(), item('train-ai=n')],
  })
  expect((batch.body.evaluations as { decision: boolean }[]).map(({ decision }) => decision)).toEqual([
    true,
    false,
  ])
  const explained = await api.call('POST', '/v1/explain', {
    ...{ subject, purpose: 'ai_training', property: 'demo', collected_at, content_usage: 'train-ai=n' },
  })
  expect(explained.body).toMatchObject({ allowed: false, reason: 'content_usage_disallowed' })
})

test('a device’s token is changed before it runs out, for itself alone', async () => {
  const { token, snapshot } = await newDevice()
  await post('/consents', { snapshot, choices: [{ purpose: 'analytics', act: 'grant' }] }, token)
  const stands = async (bearer: string) =>
    (await (await get('/consents', { Authorization: `Bearer ${bearer}` })).json()) as Record<string, unknown>
  expect((await stands(token)).is_token_ending).toBe(false)
  nowMs += 280 * 86_400_000
  expect((await stands(token)).is_token_ending).toBe(true)
  const { status, body } = await post('/tokens/renewals', {}, token)
  expect(status).toBe(201)
  expect(Date.parse(body.expires_at!) - nowMs).toBe(365 * 86_400_000)
  nowMs += 100 * 86_400_000
  expect((await post('/tokens/renewals', {}, token)).body.code).toBe('token_expired')
  const later = await stands(body.token!)
  expect(later).toMatchObject({ is_token_ending: false })
  // The very device: what it allowed is what it may take back.
  const { purposes } = (await post('/withdraw-all', {}, body.token!)).body as never as typeof later
  expect(purposes).toContainEqual(expect.objectContaining({ key: 'analytics', state: 'refused' }))
  expect((await post('/tokens/renewals', {})).body.code).toBe('token_invalid')
  const elsewhere = await fetch(`${api.url}/v1/public/demo/tokens/renewals`, {
    ...{ method: 'POST', body: '{}' },
    headers: {
      ...{ Origin: 'https://elsewhere.example', 'Content-Type': 'application/json' },
      Authorization: `Bearer ${body.token}`,
    },
  })
  expect(elsewhere.status).toBe(403)
})

// Last: the log's time, which never falls, is a year later from here on.
test('a device takes back what it gave however late, and does nothing else with a token that has run out', async () => {
  const { serving, token, snapshot } = await newDevice()
  await post('/consents', { snapshot, choices: [{ purpose: 'ai_training', act: 'grant' }] }, token)
  nowMs += 366 * 86_400_000
  expect((await post('/snapshots', { serving }, token)).body.code).toBe('token_expired')
  expect((await get('/consents', { Authorization: `Bearer ${token}` })).status).toBe(401)
  const withdrawn = await post('/withdraw-all', {}, token)
  expect(withdrawn.status).toBe(200)
  const { purposes } = withdrawn.body as unknown as { purposes: { key: string; state: string }[] }
  expect(purposes.find(({ key }) => key === 'ai_training')?.state).toBe('refused')
  const [head, payload, signature] = token.split('.') as [string, string, string]
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
  const other = Buffer.from(JSON.stringify({ ...claims, sub: 'another-device' })).toString('base64url')
  const forged = [head, other, signature].join('.')
  expect((await post('/withdraw-all', {}, forged)).body.code).toBe('token_invalid')
})
