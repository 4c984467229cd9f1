import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeApiKey } from '../auth/api-keys.ts'
import { scopes } from '../auth/scopes.ts'
import { starterConfiguration } from '../config/starter.ts'
import { checkLog } from '../storage/ledger/testing/check-log.ts'
import { ensureOrganisation } from '../storage/organisations.ts'
import { member, type RunningApi, startApi } from './testing/start-api.ts'

let api: RunningApi
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

const notice = { key: 'starter', version: 1, locale: 'en' }
const grant = (subject: string, purpose = 'ai_training') => ({
  subject,
  property: 'demo',
  notice,
  evidence: { method: 'form' },
  choices: [{ purpose, act: 'grant' }],
})
const ask = (subject: string, purpose = 'ai_training') => ({
  subject,
  purpose,
  collected_at: new Date().toISOString(),
})
const evaluation = (id: string, properties: object = { collected_at: new Date().toISOString() }) => ({
  subject: { type: 'user', id },
  action: { name: 'ai_training' },
  resource: { type: 'record', id: '1', properties },
})

describe('a yes and its withdrawal', () => {
  test('the answer names the revision that the next question is answered at', async () => {
    const yes = await api.call('POST', '/v1/consents', grant('user:alice'))
    expect(yes).toMatchObject({
      status: 201,
      body: { events: [{ purpose: 'ai_training', status: 'granted', notice }] },
    })
    expect((await api.call('POST', '/v1/check', ask('user:alice'))).body).toMatchObject({
      allowed: true,
      reason: 'consent_given',
      revision: yes.body.revision,
      notice,
      obligations: { categories: ['conversations', 'feedback'] },
    })
    await api.call('POST', '/v1/consents', {
      subject: 'user:alice',
      choices: [{ purpose: 'ai_training', act: 'withdraw' }],
    })
    const no = await api.call('POST', '/v1/check', ask('user:alice'))
    expect(no.body).toMatchObject({ allowed: false, reason: 'consent_withdrawn' })
    expect(no.body.because).toMatch(
      /^Withdrawn \d+ \w{3} \d{4} \d\d:\d\d UTC; shown notice starter 1 \(en\)\.$/,
    )
    expect((await api.call('POST', '/access/v1/evaluation', evaluation('alice'))).body).toMatchObject({
      decision: false,
      context: { reason: 'consent_withdrawn' },
    })
  })

  test('at_least waits for its revision, and a revision that never comes is stale', async () => {
    const { body } = await api.call('POST', '/v1/consents', grant('user:late'))
    const known = await api.call('POST', '/v1/check', { ...ask('user:late'), at_least: body.revision })
    expect(known.body).toMatchObject({ allowed: true })
    const never = await api.call('POST', '/v1/check', { ...ask('user:late'), at_least: '0:999999' })
    expect(never.body).toMatchObject({ allowed: false, reason: 'stale' })
  })

  test('repeating a call with its key writes once', async () => {
    const headers = { 'Idempotency-Key': '"once"' }
    const first = await api.call('POST', '/v1/consents', grant('user:once'), headers)
    const second = await api.call('POST', '/v1/consents', grant('user:once'), headers)
    expect(second.body).toEqual(first.body)
    expect(second.headers.get('idempotent-replayed')).toBe('true')
    const other = await api.call('POST', '/v1/consents', grant('user:other'), headers)
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } })
  })

  test('state and history are read by a random id, found by the identifier', async () => {
    await api.call('POST', '/v1/consents', grant('user:history'))
    const found = await api.call('POST', '/v1/subjects/lookup', { subject: 'user:history' })
    expect(found.body.id).toMatch(/^sub_[0-9a-f]{32}$/)
    const { body } = await api.call('GET', `/v1/subjects/${found.body.id}/consents`)
    expect(body).toMatchObject({
      state: [{ purpose: 'ai_training', state: 'granted' }],
      history: [{ act: 'granted', purpose: 'ai_training' }],
    })
    expect(JSON.stringify(body)).not.toContain('user:history')
    const missing = await api.call('POST', '/v1/subjects/lookup', { subject: 'user:nobody' })
    expect(missing).toMatchObject({ status: 404, body: { code: 'not_found' } })
  })

  test('explain gives the same decision, and every row', async () => {
    await api.call('POST', '/v1/consents', grant('user:why'))
    const { body } = await api.call('POST', '/v1/explain', ask('user:why'))
    expect(body).toMatchObject({ allowed: true, reason: 'consent_given' })
    expect((body.trace as { outcome: string }[]).map(({ outcome }) => outcome)).toEqual(
      Array(15).fill('passed'),
    )
  })
})

describe('AuthZEN', () => {
  test('says where it answers', async () => {
    const { body } = await api.call('GET', '/.well-known/authzen-configuration')
    expect(body).toEqual({
      policy_decision_point: 'http://localhost:3000',
      access_evaluation_endpoint: 'http://localhost:3000/access/v1/evaluation',
      access_evaluations_endpoint: 'http://localhost:3000/access/v1/evaluations',
      search_subject_endpoint: 'http://localhost:3000/access/v1/search/subject',
      search_action_endpoint: 'http://localhost:3000/access/v1/search/action',
      search_resource_endpoint: 'http://localhost:3000/access/v1/search/resource',
    })
  })

  test('a deny is 200; what cannot be read is 400, whatever is wrong with it', async () => {
    expect((await api.call('POST', '/access/v1/evaluation', evaluation('nobody'))).status).toBe(200)
    for (const body of [
      '',
      '{',
      '[]',
      '{}',
      { ...evaluation('a'), subject: 'a' },
      { ...evaluation('a'), action: {} },
    ]) {
      expect((await api.call('POST', '/access/v1/evaluation', body)).status).toBe(400)
    }
    const wrongType = { 'Content-Type': 'text/plain' }
    expect((await api.call('POST', '/access/v1/evaluation', '{}', wrongType)).status).toBe(400)
  })

  test('echoes X-Request-ID, on yes, no and errors', async () => {
    for (const [path, body] of [
      ['/access/v1/evaluation', evaluation('a')],
      ['/access/v1/evaluation', {}],
      ['/access/v1/evaluations', evaluation('a')],
    ] as const) {
      const { headers } = await api.call('POST', path, body, { 'X-Request-ID': 'r-1' })
      expect(headers.get('x-request-id')).toBe('r-1')
    }
  })

  test('many questions: defaults, replacement of whole entities, broken items, short cuts', async () => {
    await api.call('POST', '/v1/consents', grant('user:many'))
    const defaults = evaluation('many')
    const items = [{}, { subject: { type: 'user', id: 'nobody' } }, { resource: { type: 'record' } }, {}]
    const run = async (options: object) =>
      (await api.call('POST', '/access/v1/evaluations', { ...defaults, evaluations: items, options })).body
        .evaluations as {
        decision: boolean
      }[]
    expect((await run({})).map(({ decision }) => decision)).toEqual([true, false, false, true])
    expect(await run({ evaluations_semantic: 'deny_on_first_deny' })).toHaveLength(2)
    expect(await run({ evaluations_semantic: 'permit_on_first_permit' })).toHaveLength(1)
    const single = await api.call('POST', '/access/v1/evaluations', { ...defaults, evaluations: [] })
    expect(single.body).toMatchObject({ decision: true })
  })

  test('a record about several people needs all of them', async () => {
    await api.call('POST', '/v1/consents', grant('user:author'))
    const about = (id: string) =>
      api.call(
        'POST',
        '/access/v1/evaluation',
        evaluation('author', { collected_at: new Date().toISOString(), subjects: [{ type: 'user', id }] }),
      )
    expect((await about('author')).body).toMatchObject({ decision: true })
    expect((await about('nobody')).body).toMatchObject({
      decision: false,
      context: { reason: 'co_subject_denied' },
    })
  })
})

describe('the filter', () => {
  const query = '/v1/filter?purpose=ai_training&subject=user:user_id&collected_at=at'

  test('gives the permitted lines back byte for byte, and says what it did', async () => {
    await api.call('POST', '/v1/consents', grant('user:9007199254740993'))
    const at = new Date().toISOString()
    const kept = ` {"user_id": 9007199254740993,\t"at":"${at}", "x":"ä\\u0041"} \r\n`
    const lines = `${kept}{"user_id":9007199254740992,"at":"${at}"}\nbroken\n\n{"user_id":9007199254740993,"at":"${at}"}`
    const key = await api.makeKey('decisions:read')
    const response = await fetch(api.url + query, {
      method: 'POST',
      headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/x-ndjson' },
      body: lines,
    })
    expect(await response.text()).toBe(`${kept}{"user_id":9007199254740993,"at":"${at}"}`)
    const summary = await api.call('GET', `/v1/filters/${response.headers.get('assent-filter-id')}`)
    expect(summary.body).toMatchObject({
      complete: true,
      records: 4,
      permitted: 2,
      unknown: 1,
      denied: { never_asked: 1 },
      broken: [{ line: 3, code: 'not_json' }],
    })
    expect(summary.body.sha256_out).toMatch(/^[0-9a-f]{64}$/)
  })

  test.each([
    ['purpose=nothing&subject=user:a&collected_at=b', 422, 'purpose_not_found'],
    ['subject=user:a&collected_at=b', 400, 'parameter_invalid'],
    ['purpose=ai_training&collected_at=b', 400, 'parameter_invalid'],
    ['purpose=ai_training&subject=user:a', 400, 'parameter_invalid'],
    ['purpose=ai_training&subject=a&collected_at=b', 400, 'parameter_invalid'],
    ['purpose=ai_training&subject=user:a&collected_at=a', 400, 'parameter_invalid'],
    ['purpose=ai_training&subject=user:a&collected_at=b&content_usage=a', 400, 'parameter_invalid'],
    ['purpose=ai_training&subject=user:a&collected_at=b&content_usage=c[]', 400, 'parameter_invalid'],
    [
      'purpose=ai_training&subject=user:a&subject=user:c[]&collected_at=b&content_usage=c',
      400,
      'parameter_invalid',
    ],
    ['purpose=ai_training&subject=user:a&collected_at=b&categories=x', 400, 'parameter_invalid'],
    ['purpose=ai_training&subject=user:a&collected_at=b&regime=moon', 422, 'regime_not_found'],
    ['purpose=ai_training&subject=user:a&collected_at=b&property=x', 422, 'property_not_found'],
  ])('turns away ?%s', async (parameters, status, code) => {
    const { body, status: got } = await api.call('POST', `/v1/filter?${parameters}`, '')
    expect({ status: got, code: body.code }).toEqual({ status, code })
  })
})

describe('keys and scopes', () => {
  test('a new key works at once with its scopes, is never shown again, and a revoked one is unknown at once', async () => {
    const made = await api.call('POST', '/v1/keys', { name: 'Pipeline', scopes: ['decisions:read'] })
    expect(made.status).toBe(201)
    const headers = { Authorization: `Bearer ${made.body.key}` }
    expect((await api.call('POST', '/v1/check', ask('user:x'), headers)).status).toBe(200)
    const beyond = await api.call('POST', '/v1/consents', grant('user:x'), headers)
    expect(beyond).toMatchObject({ status: 403, body: { code: 'scope_missing' } })
    const list = await api.call('GET', '/v1/keys')
    expect(JSON.stringify(list.body)).not.toContain(made.body.key)
    await api.call('DELETE', `/v1/keys/${made.body.id}`)
    const gone = await api.call('POST', '/v1/check', ask('user:x'), headers)
    expect(gone).toMatchObject({ status: 401, body: { code: 'key_unknown' } })
  })

  test('nobody hands out a scope she does not hold', async () => {
    const key = await api.makeKey('keys:write')
    const made = await api.call(
      'POST',
      '/v1/keys',
      { name: 'More', scopes: ['audit:read'] },
      { Authorization: `Bearer ${key}` },
    )
    expect(made).toMatchObject({ status: 403, body: { code: 'scope_missing' } })
  })
})

describe('another organisation', () => {
  test('its ids, keys, filters and subjects answer exactly as unknown ones do', async () => {
    const other = await ensureOrganisation(api.database.serve, {
      key: 'other',
      name: 'Other',
      regime: 'default',
      categories: [],
    })
    const [, ...rest] = starterConfiguration('https://other.example')
    const { decisions, ledger } = api
    const organisation = decisions.policy(api.organisationId)!.organisation
    const { secret, definition } = makeApiKey('Theirs', scopes)
    await ledger.publish(other, [
      { act: 'organisation_published', definition: { ...organisation, key: 'other' } },
      ...rest,
      { act: 'key_created', definition },
    ])
    const theirs = { Authorization: `Bearer ${secret}` }
    await api.call('POST', '/v1/consents', grant('user:shared'))
    const { body: found } = await api.call('POST', '/v1/subjects/lookup', { subject: 'user:shared' })
    const filtered = await fetch(`${api.url}/v1/filter?purpose=ai_training&subject=user:a&collected_at=b`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${await api.makeKey()}` },
      body: '{"a":"x"}\n',
    })
    await filtered.text()
    const pairs: readonly (readonly [string, string, string, unknown?])[] = [
      [
        'GET',
        `/v1/subjects/${found.id}/consents`,
        '/v1/subjects/sub_00000000000000000000000000000000/consents',
      ],
      [
        'GET',
        `/v1/filters/${filtered.headers.get('assent-filter-id')}`,
        '/v1/filters/flt_0000000000000000000000',
      ],
      [
        'DELETE',
        `/v1/keys/${[...decisions.policy(api.organisationId)!.keys.keys()][0]}`,
        '/v1/keys/key_0000000000000000',
      ],
    ]
    for (const [method, real, unknown] of pairs) {
      const [one, two] = [
        await api.call(method, real, undefined, theirs),
        await api.call(method, unknown, undefined, theirs),
      ]
      expect(one.status).toBe(404)
      expect(one.body).toEqual(two.body)
    }
    const lookup = await api.call('POST', '/v1/subjects/lookup', { subject: 'user:shared' }, theirs)
    expect(lookup.status).toBe(404)
    expect((await api.call('POST', '/v1/check', ask('user:shared'), theirs)).body).toMatchObject({
      reason: 'never_asked',
    })
    const events = (await api.call('GET', '/v1/events?limit=500', undefined, theirs)).body.events as {
      act: string
    }[]
    expect(events.some(({ act }) => act === 'granted')).toBe(false)
    await checkLog(api.database.owner, api.keys)
  })
})

describe('signing in', () => {
  const internal = () => ({ Authorization: `Bearer ${api.internalToken}` })

  test('the routes of the web process do not exist for anyone else', async () => {
    const { status, body } = await api.call('POST', '/v1/internal/sign-in', member)
    expect({ status, code: body.code }).toEqual({ status: 404, code: 'not_found' })
  })

  test('a wrong password, an unknown address and a locked account answer alike', async () => {
    const attempt = (email: string, password: string) =>
      api.call('POST', '/v1/internal/sign-in', { email, password }, internal())
    const unknown = await attempt('nobody@example.com', 'x')
    const wrong = await attempt(member.email, 'x')
    expect(unknown.status).toBe(401)
    expect(wrong.body).toEqual(unknown.body)
    for (let i = 0; i < 4; i++) await attempt(member.email, 'x')
    const locked = await attempt(member.email, member.password)
    expect(locked.body).toEqual(unknown.body)
  })
})

describe('GET /.well-known/jwks.json', () => {
  test('anyone may read the public keys, and there is nothing private among them', async () => {
    const response = await fetch(`${api.url}/.well-known/jwks.json`)
    const { keys } = (await response.json()) as { keys: Record<string, string>[] }
    expect(keys.map((key) => Object.keys(key).sort())).toEqual([['alg', 'crv', 'kid', 'kty', 'use', 'x']])
  })
})
