import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aConsent } from '../storage/ledger/testing/start-ledger.ts'
import { otherOrganisation } from './testing/other-organisation.ts'
import { type RunningApi, startApi } from './testing/start-api.ts'

let api: RunningApi
let key: string
beforeAll(async () => {
  api = await startApi()
  key = await api.makeKey('replica:read')
  await api.ledger.recordConsents(aConsent(api.organisationId), null)
})
afterAll(() => api.close())

const paths = ['/v1/replica/events?after=0:0', '/v1/replica/state']
const get = (path: string, bearer?: string) =>
  fetch(`${api.url}${path}`, bearer === undefined ? {} : { headers: { Authorization: `Bearer ${bearer}` } })
const refusal = async (answer: Response) => {
  const { type: _, ...body } = (await answer.json()) as Record<string, unknown>
  return { status: answer.status, body }
}

describe.each(paths)('GET %s', (path) => {
  test('needs a live key with the scope replica:read; having every other does not help', async () => {
    expect(await refusal(await get(path))).toMatchObject({ status: 401, body: { code: 'key_missing' } })
    const unknown = await refusal(await get(path, `ask_${'x'.repeat(43)}`))
    expect(unknown).toMatchObject({ status: 401, body: { code: 'key_unknown' } })
    const others = await api.makeKey(
      'decisions:read',
      'changes:read',
      'audit:read',
      'consents:read',
      'keys:write',
    )
    expect(await refusal(await get(path, others))).toMatchObject({
      status: 403,
      body: { code: 'scope_missing' },
    })
    const answered = await get(path, key)
    expect(answered.status).toBe(200)
    await answered.arrayBuffer()
  })

  // The feed holds the people of all organisations.
  test('answers another organisation’s key, whatever its scopes, as one without the scope', async () => {
    const other = await otherOrganisation(api, `other-${paths.indexOf(path)}`)
    const without = await api.makeKey('decisions:read')
    expect(await refusal(await get(path, other.key))).toEqual(await refusal(await get(path, without)))
  })

  test('is in the document, with its scope', async () => {
    const document = (await (await get('/openapi.json')).json()) as {
      paths: Record<string, { get?: { 'x-scope'?: string } }>
    }
    expect(document.paths[path.split('?')[0]!]?.get?.['x-scope']).toBe('replica:read')
  })

  test('takes no other method', async () => {
    const { status } = await api.call('POST', path.split('?')[0]!, {})
    expect(status).toBe(405)
  })
})

test.each(['', 'after=', 'after=nowhere', 'after=0:0&wait=6000', 'after=0:0&wait=soon', 'after=0:0&limit=0'])(
  'GET /v1/replica/events?%s is no question',
  async (query) => {
    const answered = await refusal(await get(`/v1/replica/events?${query}`, key))
    expect(answered).toMatchObject({ status: 400, body: { code: 'parameter_invalid' } })
  },
)

test('nobody hands out the scope who does not hold it', async () => {
  const maker = await api.makeKey('keys:write', 'decisions:read')
  const made = await api.call(
    'POST',
    '/v1/keys',
    { name: 'Copy', scopes: ['replica:read'] },
    { Authorization: `Bearer ${maker}` },
  )
  expect(made).toMatchObject({ status: 403, body: { code: 'scope_missing' } })
})

test('no identifier and no evidence is in the feed', async () => {
  const id = 'alice-in-clear'
  const evidence = { method: 'form', userAgent: 'Browser-in-clear' }
  const subject = { namespace: 'user', id }
  await api.ledger.recordConsents(aConsent(api.organisationId, { subject, evidence }), null)
  for (const path of paths) {
    const bytes = Buffer.from(await (await get(path, key)).arrayBuffer())
    expect(bytes.length).toBeGreaterThan(1_000)
    expect(bytes.includes('in-clear')).toBe(false)
  }
})

test('a third replica waits until one of two is filled', async () => {
  const answers = await Promise.all([1, 2, 3].map(() => get('/v1/replica/state', key)))
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 429])
  for (const answer of answers) await answer.arrayBuffer()
  const later = await get('/v1/replica/state', key)
  expect(later.status).toBe(200)
  await later.arrayBuffer()
})
