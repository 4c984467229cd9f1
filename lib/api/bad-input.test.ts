import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningApi, startApi } from './testing/start-api.ts'

let api: RunningApi
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

const writes = [
  '/v1/consents',
  '/v1/subjects/lookup',
  '/v1/keys',
  '/v1/explain',
  '/v1/check',
  '/access/v1/evaluation',
  '/access/v1/evaluations',
]
/** A batch may be larger than other bodies. */
const tooLarge = (path: string) => `"${'x'.repeat((path.endsWith('evaluations') ? 16 : 1) * 1_100_000)}"`
const deep = `{"a":${'['.repeat(100)}${']'.repeat(100)}}`

describe('every route that takes a body', () => {
  test.each(
    writes.flatMap((path) => [
      { path, name: 'no body', body: '', code: 'body_not_json' },
      { path, name: 'half a body', body: '{"subject":', code: 'body_not_json' },
      { path, name: 'a list', body: '[]', code: 'body_invalid' },
      {
        path,
        name: 'bytes that are not UTF-8',
        body: Uint8Array.of(0x22, 0xff, 0x22),
        code: 'body_not_utf8',
      },
      { path, name: 'deep JSON', body: deep, code: 'body_too_deep' },
      { path, name: 'more than its bound', body: tooLarge(path), code: 'body_too_large' },
    ]),
  )('$path turns away $name, and writes nothing', async ({ path, body, code }) => {
    const before = api.decisions.revision()
    const answer = await api.call('POST', path, body)
    expect(answer.body).toMatchObject({ code, type: `http://localhost:3000/docs/errors/${code}` })
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(answer.status).toBe(code === 'body_too_large' ? 413 : 400)
    expect(api.decisions.revision()).toEqual(before)
  })

  test.each(writes)('%s asks for a key, a known one, with its scope, and JSON', async (path) => {
    const post = async (headers: Record<string, string>) =>
      (await api.call('POST', path, '{}', headers)).body.code
    expect(await post({ Authorization: '' })).toBe('key_missing')
    expect(await post({ Authorization: `Bearer ask_${'A'.repeat(43)}` })).toBe('key_unknown')
    expect(await post({ Authorization: `Bearer ${await api.makeKey('changes:read')}` })).toBe('scope_missing')
    expect(await post({ 'Content-Type': 'text/plain' })).toBe('content_type_unsupported')
  })
})

describe('POST /v1/consents', () => {
  const valid = {
    subject: 'user:alice',
    property: 'demo',
    notice: { key: 'starter', version: 1, locale: 'en' },
    evidence: { method: 'form' },
    choices: [{ purpose: 'ai_training', act: 'grant' }],
  }
  test.each([
    { name: 'a subject without namespace', change: { subject: 'alice' }, code: 'body_invalid' },
    { name: 'a missing subject', change: { subject: undefined }, code: 'body_invalid' },
    { name: 'no choices', change: { choices: [] }, code: 'body_invalid' },
    {
      name: 'an unknown act',
      change: { choices: [{ purpose: 'ai_training', act: 'maybe' }] },
      code: 'body_invalid',
    },
    {
      name: 'a purpose twice',
      change: { choices: [valid.choices[0], { purpose: 'ai_training', act: 'deny' }] },
      code: 'body_invalid',
    },
    {
      name: 'an unknown purpose',
      change: { choices: [{ purpose: 'x', act: 'grant' }] },
      code: 'purpose_not_found',
    },
    {
      name: 'a version that is text',
      change: { notice: { ...valid.notice, version: '1' } },
      code: 'body_invalid',
    },
    {
      name: 'an unknown version',
      change: { notice: { ...valid.notice, version: 7 } },
      code: 'notice_not_found',
    },
    { name: 'an unknown property', change: { property: 'x' }, code: 'property_not_found' },
    { name: 'an unknown regime', change: { regime: 'x' }, code: 'regime_not_found' },
    { name: 'a time without zone', change: { occurred_at: '2026-01-01T10:00:00' }, code: 'body_invalid' },
    { name: 'a time to come', change: { occurred_at: '2999-01-01' }, code: 'occurred_at_in_future' },
    { name: 'a NUL', change: { property: 'a\0b' }, code: 'body_invalid' },
    { name: 'an import without proof', change: { actor: 'import' }, code: 'import_needs_evidence' },
    { name: 'too much evidence', change: { evidence: { x: 'y'.repeat(20_000) } }, code: 'body_invalid' },
  ])('turns away $name', async ({ change, code }) => {
    const before = api.decisions.revision()
    const { status, body } = await api.call('POST', '/v1/consents', { ...valid, ...change })
    expect(body.code).toBe(code)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
    expect(api.decisions.revision()).toEqual(before)
  })

  test('takes a no with a property, a regime, a notice and a time that nobody knows', async () => {
    const no = {
      ...valid,
      property: 'x',
      regime: 'x',
      notice: { key: 'x', version: 1, locale: 'x' },
      occurred_at: 'sometime',
    }
    const { status } = await api.call('POST', '/v1/consents', {
      ...no,
      choices: [{ purpose: 'ai_training', act: 'deny' }],
    })
    expect(status).toBe(201)
    const asked = {
      subject: 'user:alice',
      purpose: 'ai_training',
      property: 'demo',
      collected_at: new Date().toISOString(),
    }
    expect((await api.call('POST', '/v1/check', asked)).body).toMatchObject({ reason: 'consent_denied' })
  })
})

describe('other requests', () => {
  test.each([
    ['GET', '/v1/nothing', 404, 'not_found'],
    ['GET', '/v1/check', 405, 'method_not_allowed'],
    ['DELETE', '/v1/consents', 405, 'method_not_allowed'],
    ['GET', '/v1/events?limit=0', 400, 'parameter_invalid'],
    ['GET', '/v1/events?before=x', 400, 'parameter_invalid'],
    ['GET', '/v1/subjects/x/consents', 404, 'not_found'],
    ['GET', '/v1/public/nowhere/experience', 404, 'not_found'],
    ['GET', '/v1/public/demo/experience', 403, 'origin_not_allowed'],
  ])('%s %s is %i %s', async (method, path, status, code) => {
    const answer = await api.call(method, path)
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code })
  })

  test('a regime that nobody knows is an error in a question, never a lax one', async () => {
    const asked = { subject: 'user:a', purpose: 'analytics', regime: 'moon' }
    expect((await api.call('POST', '/v1/check', asked)).body.code).toBe('regime_not_found')
    const context = { regime: 'moon' }
    const evaluation = {
      subject: { type: 'user', id: 'a' },
      action: { name: 'analytics' },
      resource: { type: 'r', id: '1' },
      context,
    }
    expect(await api.call('POST', '/access/v1/evaluation', evaluation)).toMatchObject({ status: 400 })
  })

  test('a member that nobody knows is an error: left out silently it would be a wider yes', async () => {
    const asked = { subject: 'user:a', purpose: 'analytics' }
    for (const more of [{ categorys: ['health'] }, { collectedAt: '2020-01-01' }, { subjects: ['user:b'] }]) {
      expect((await api.call('POST', '/v1/check', { ...asked, ...more })).body.code).toBe('body_invalid')
    }
    expect((await api.call('POST', '/v1/check', { ...asked, at: '2020-01-01' })).body.code).toBe(
      'historical_not_supported',
    )
  })

  test('a caller who goes away in the middle of a body harms nobody', async () => {
    for (const path of [
      '/v1/check',
      '/v1/consents',
      '/v1/filter?purpose=ai_training&subject=user:a&collected_at=b',
    ]) {
      await new Promise<void>((resolve) => {
        const socket = connect(api.port, '127.0.0.1', () => {
          socket.write(
            `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"a"`,
          )
          socket.destroy()
        })
        socket.on('close', () => resolve())
      })
    }
    expect((await api.call('GET', '/readyz')).status).toBe(200)
  })
})
