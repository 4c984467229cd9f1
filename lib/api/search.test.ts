import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { noticePublished } from '../config/notice-published.ts'
import { starterNotice } from '../config/starter-notice.ts'
import { aConsent } from '../storage/ledger/testing/start-ledger.ts'
import { otherOrganisation } from './testing/other-organisation.ts'
import { type RunningApi, startApi } from './testing/start-api.ts'

type Found = {
  readonly page: { readonly next_token: string; readonly count: number }
  readonly results: readonly Record<string, unknown>[]
}

let api: RunningApi
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

const act = (id: string, ...choices: [purpose: string, act: 'grant' | 'withdraw'][]) =>
  api.ledger.recordConsents(
    aConsent(api.organisationId, {
      subject: { namespace: 'user', id },
      choices: choices.map(([purpose, said]) => ({ purpose, act: said })),
    }),
    null,
  )
const search = async (what: 'subject' | 'action' | 'resource', body: object, headers = {}) => {
  const answer = await api.call('POST', `/access/v1/search/${what}`, body, headers)
  expect(answer).toMatchObject({ status: 200 })
  return answer.body as unknown as Found
}
const resource = { type: 'record', id: '1', properties: { collected_at: '2100-01-01T00:00:00Z' } }
const now = () => ({ ...resource, properties: { collected_at: new Date().toISOString() } })
const users = (page: object = {}, action = 'analytics') => ({
  subject: { type: 'user' },
  action: { name: action },
  resource: { type: 'record', id: '1' },
  page,
})
const idsOf = ({ results }: Found) => results.map(({ id }) => String(id))

async function everyUser(limit: number, between: () => Promise<unknown> = async () => undefined) {
  const ids: string[] = []
  for (let token = ''; ; ) {
    const found = await search('subject', users({ limit, token }))
    expect(found.page.count).toBe(found.results.length)
    expect(found.results.length).toBeLessThanOrEqual(limit)
    ids.push(...idsOf(found))
    token = found.page.next_token
    if (token === '') return ids
    await between()
  }
}

describe('POST /access/v1/search/subject', () => {
  test('finds everyone who is permitted throughout exactly once, while others come and go', async () => {
    const names = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => `${prefix}-${n}`)
    const stay = names('stay', 40)
    const never = names('never', 10)
    const come = names('come', 20)
    const go = names('go', 20)
    await Promise.all([...stay, ...go].map((id) => act(id, ['analytics', 'grant'])))
    await Promise.all(never.map((id) => act(id, ['analytics', 'withdraw'])))
    let n = 0
    const between = async () => {
      // Someone gives, someone takes back, someone takes back and gives again, someone nobody knew is new.
      await act(come[n % come.length]!, ['analytics', 'grant'])
      await act(go[n % go.length]!, ['analytics', n % 3 === 0 ? 'grant' : 'withdraw'])
      await act(`new-${n}`, ['analytics', 'grant'])
      n += 1
    }
    for (const limit of [2, 25]) {
      const found = await everyUser(limit, between)
      expect(new Set(found).size).toBe(found.length)
      expect(stay.filter((id) => !found.includes(id))).toEqual([])
      expect(never.filter((id) => found.includes(id))).toEqual([])
    }
  })

  test('finds whom evaluation permits, and nobody else', async () => {
    const found = new Set(await everyUser(1_000))
    const ids = [...found, 'never-1', 'never-2', 'go-1', 'nobody-knows']
    for (const id of ids) {
      const { body } = await api.call('POST', '/access/v1/evaluation', {
        ...users(),
        subject: { type: 'user', id },
      })
      expect(body.decision).toBe(found.has(id))
    }
  })

  test('neither finds nor opens whoever was erased', async () => {
    await act('erased', ['analytics', 'grant'])
    await api.ledger.recordFact(api.organisationId, { namespace: 'user', id: 'erased' }, { act: 'erased' })
    expect(await everyUser(1_000)).not.toContain('erased')
  })

  test('decides each page when it is asked for', async () => {
    const [first, second] = await everyUser(2)
    const { page } = await search('subject', users({ limit: 1 }))
    await act(second!, ['analytics', 'withdraw'])
    const after = await search('subject', users({ limit: 1, token: page.next_token }))
    expect(idsOf(after)).not.toContain(second)
    expect(idsOf(after)).not.toContain(first)
  })

  test('knows its own organisation’s people alone', async () => {
    const other = await otherOrganisation(api)
    await api.ledger.recordConsents(
      aConsent(other.organisationId, {
        subject: { namespace: 'user', id: 'theirs' },
        choices: [{ purpose: 'analytics', act: 'grant' }],
      }),
      null,
    )
    const theirs = await search('subject', users(), { Authorization: `Bearer ${other.key}` })
    expect(idsOf(theirs)).toEqual(['theirs'])
    expect(await everyUser(1_000)).not.toContain('theirs')
    const { page } = await search('subject', users({ limit: 1 }))
    const stolen = await api.call('POST', '/access/v1/search/subject', users({ token: page.next_token }), {
      Authorization: `Bearer ${other.key}`,
    })
    expect(stolen).toMatchObject({ status: 400, body: { code: 'body_invalid', pointer: '/page/token' } })
  })

  test('a token holds for the same entities alone, and nobody makes one', async () => {
    const { page } = await search('subject', users({ limit: 1 }))
    const token = page.next_token
    const same = { ...users({ token, limit: 5 }), subject: { id: 'ignored', type: 'user' } }
    expect((await api.call('POST', '/access/v1/search/subject', same)).status).toBe(200)
    const others: object[] = [
      users({ token }, 'ai_training'),
      { ...users({ token }), resource: { type: 'record', id: '2' } },
      { ...users({ token }), context: { regime: 'gdpr' } },
      { ...users({ token }), subject: { type: 'device' } },
      users({ token: `${token.slice(0, -4)}AAAA` }),
      users({ token: 'made-up' }),
    ]
    for (const body of others) {
      const answer = await api.call('POST', '/access/v1/search/subject', body)
      expect(answer).toMatchObject({ status: 400, body: { code: 'body_invalid', pointer: '/page/token' } })
    }
    const elsewhere = await api.call('POST', '/access/v1/search/action', {
      subject: { type: 'user', id: 'stay-1' },
      resource: { type: 'record', id: '1' },
      page: { token },
    })
    expect(elsewhere.status).toBe(400)
  })

  test.each([
    { name: 'a purpose nobody has', body: () => users({}, 'spam') },
    { name: 'a namespace nobody has', body: () => ({ ...users(), subject: { type: 'robot' } }) },
    { name: 'a type that is no namespace', body: () => ({ ...users(), subject: { type: 'User!' } }) },
    {
      name: 'another subject of the record who is not permitted',
      body: () => ({
        ...users(),
        resource: { ...resource, properties: { subjects: [{ type: 'user', id: 'never-1' }] } },
      }),
    },
  ])('answers $name with an empty list', async ({ body }) => {
    const found = await search('subject', body())
    expect(found).toMatchObject({ results: [], page: { next_token: '', count: 0 } })
  })
})

describe('POST /access/v1/search/action', () => {
  test('names the purposes that evaluation permits, page by page', async () => {
    await act('chooser', ['analytics', 'grant'], ['ai_training', 'grant'], ['personalization', 'withdraw'])
    const subject = { type: 'user', id: 'chooser' }
    const own = now()
    const names: string[] = []
    for (let token = ''; ; ) {
      const found = await search('action', { subject, resource: own, page: { limit: 1, token } })
      names.push(...found.results.map(({ name }) => String(name)))
      token = found.page.next_token
      if (token === '') break
    }
    expect(names).toContain('analytics')
    expect(names).not.toContain('personalization')
    const { body } = await api.call('GET', '/v1/purposes')
    for (const { key } of body.purposes as { key: string }[]) {
      const asked = { subject, action: { name: key }, resource: own }
      const { body: answer } = await api.call('POST', '/access/v1/evaluation', asked)
      expect([key, answer.decision]).toEqual([key, names.includes(key)])
    }
  })

  test.each([
    { type: 'user', id: 'nobody-knows-her' },
    { type: 'Not A Namespace', id: '1' },
  ])('answers an empty list for $type $id', async (subject) => {
    expect(await search('action', { subject, resource })).toMatchObject({ results: [] })
  })
})

describe('POST /access/v1/search/resource', () => {
  test('names the properties on which evaluation permits', async () => {
    await api.ledger.publish(api.organisationId, [
      { act: 'property_published', definition: { key: 'shop', name: 'Shop', origins: [] } },
      noticePublished({ ...starterNotice, key: 'shop', property: 'shop' }),
    ])
    await api.ledger.recordConsents(
      aConsent(api.organisationId, {
        subject: { namespace: 'user', id: 'visitor' },
        property: 'shop',
        notice: { key: 'shop', version: 1, locale: 'en' },
        choices: [{ purpose: 'analytics', act: 'grant' }],
      }),
      null,
    )
    const question = { subject: { type: 'user', id: 'visitor' }, action: { name: 'analytics' } }
    const { results } = await search('resource', { ...question, resource: { type: 'property', id: 'any' } })
    const properties = [...api.decisions.policy(api.organisationId)!.properties.keys()]
    for (const key of properties) {
      const found = results.find(({ id }) => id === key)
      const asked = found ?? { type: 'property', id: key, properties: { property: key } }
      const { body } = await api.call('POST', '/access/v1/evaluation', { ...question, resource: asked })
      expect([key, body.decision]).toEqual([key, found !== undefined])
    }
    expect(properties.length).toBeGreaterThan(1)
    expect(results.map(({ id }) => id)).toEqual(['shop'])
  })

  test('does not know records', async () => {
    const body = {
      subject: { type: 'user', id: 'visitor' },
      action: { name: 'analytics' },
      resource: { type: 'record' },
    }
    expect(await search('resource', body)).toMatchObject({ results: [], page: { next_token: '' } })
  })
})

describe('searching', () => {
  test.each([
    { path: 'subject', body: { ...users(), subject: {} } },
    { path: 'subject', body: { ...users(), action: undefined } },
    { path: 'subject', body: { ...users(), resource: { type: 'record' } } },
    { path: 'subject', body: users({ limit: -1 }) },
    { path: 'subject', body: users({ limit: 1.5 }) },
    { path: 'subject', body: users({ token: 7 }) },
    { path: 'subject', body: { ...users(), context: { regime: 'mars' } } },
    { path: 'subject', body: { ...users(), context: { at: '2020-01-01' } } },
    { path: 'action', body: { subject: { type: 'user' }, resource } },
    { path: 'resource', body: { subject: { type: 'user', id: 'x' }, action: { name: 'analytics' } } },
    { path: 'resource', body: '[' },
    { path: 'action', body: '' },
  ])('answers 400 to $path with $body', async ({ path, body }) => {
    expect((await api.call('POST', `/access/v1/search/${path}`, body)).status).toBe(400)
  })

  test('is 400 for another content type, as AuthZEN has it', async () => {
    const answer = await api.call('POST', '/access/v1/search/subject', users(), {
      'Content-Type': 'text/plain',
    })
    expect(answer).toMatchObject({ status: 400, body: { code: 'content_type_unsupported' } })
  })

  test.each(['subject', 'action', 'resource'])('%s needs its own scope, and a key', async (what) => {
    const key = await api.makeKey('decisions:read', 'consents:read', 'audit:read')
    const path = `/access/v1/search/${what}`
    const lacking = await api.call('POST', path, users(), { Authorization: `Bearer ${key}` })
    expect(lacking).toMatchObject({ status: 403, body: { code: 'scope_missing' } })
    const unknown = await api.call('POST', path, users(), { Authorization: 'Bearer ask_nobody' })
    expect(unknown).toMatchObject({ status: 401, body: { code: 'key_unknown' } })
  })

  test('a revision this node does not reach is no empty page', async () => {
    const body = { ...users(), context: { at_least: '0:99999999' } }
    const answer = await api.call('POST', '/access/v1/search/subject', body)
    expect(answer).toMatchObject({ status: 503, body: { code: 'not_ready' } })
  })

  test('is advertised, and echoes X-Request-ID', async () => {
    const { body } = await api.call('GET', '/.well-known/authzen-configuration')
    for (const what of ['subject', 'action', 'resource']) {
      expect(body[`search_${what}_endpoint`]).toBe(`http://localhost:3000/access/v1/search/${what}`)
    }
    const answer = await api.call('POST', '/access/v1/search/subject', users(), { 'X-Request-ID': 'r-1' })
    expect(answer.headers.get('x-request-id')).toBe('r-1')
  })

  test('any limit gives the same people in the same order', async () => {
    const all = await everyUser(1_000)
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 5, max: 200 }), async (limit) => {
        expect(await everyUser(limit)).toEqual(all)
      }),
      { numRuns: 4 },
    )
  })
})
