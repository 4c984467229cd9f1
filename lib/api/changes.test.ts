import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { starterConfiguration } from '../config/starter.ts'
import { starterOrganisation } from '../config/starter-purposes.ts'
import { aConsent } from '../storage/ledger/testing/start-ledger.ts'
import { ensureOrganisation } from '../storage/organisations.ts'
import { type RunningApi, startApi } from './testing/start-api.ts'

type Change = {
  revision: string
  previous: string | null
  id: string
  act: string
  [member: string]: unknown
}
type Page = { from: string; to: string; head: string; changes: Change[] }

let api: RunningApi
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

const read = async (query: string) => {
  const { status, body } = await api.call('GET', `/v1/changes?${query}`)
  expect(status).toBe(200)
  return body as unknown as Page
}
const say = (id: string, act: 'grant' | 'withdraw' = 'grant') =>
  api.ledger.recordConsents(
    aConsent(api.organisationId, {
      subject: { namespace: 'user', id },
      choices: [{ purpose: 'ai_training', act }],
    }),
    null,
  )

/** Reads page after page until `isEnd`, and checks that they chain. */
async function follow(isEnd: (changes: readonly Change[]) => boolean, query = 'limit=7&wait=5') {
  const all: Change[] = []
  let from = '0:0'
  while (!isEnd(all)) {
    const page = await read(`after=${from}&${query}`)
    expect(page.from).toBe(from)
    for (const each of page.changes) {
      expect(each.previous).toBe(all.at(-1)?.revision ?? null)
      all.push(each)
    }
    from = page.to
  }
  return all
}

describe('GET /v1/changes', () => {
  test('a reader who goes on from page to page gets everything once, while others write', async () => {
    const writing = (async () => {
      for (let n = 0; n < 40; n++) await Promise.all([1, 2, 3, 4, 5].map((k) => say(`reader-${n}-${k}`)))
    })()
    const isDone = (changes: readonly Change[]) =>
      changes.filter(({ act }) => act === 'granted').length >= 200
    const all = await follow(isDone)
    await writing
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    const events = await api.events.newest(api.organisationId, { beforeSeq: null, limit: 10_000 })
    expect(all.map(({ id }) => id)).toEqual(events.map(({ id }) => String(id)).reverse())
  })

  test('an organisation sees its own changes, chained over the holes that others leave', async () => {
    const other = await ensureOrganisation(api.database.serve, { ...starterOrganisation, key: 'other' })
    await api.ledger.publish(other, [
      { act: 'organisation_published', definition: { ...starterOrganisation, key: 'other' } },
      ...starterConfiguration('http://localhost:3000').slice(1),
    ])
    const before = (await read('after=0:0&limit=1000')).to
    await say('holes-1')
    await api.ledger.recordConsents(
      { ...aConsent(other), subject: { namespace: 'user', id: 'theirs' } },
      null,
    )
    await say('holes-2')
    const page = await read(`after=${before}`)
    expect(page.changes).toHaveLength(2)
    expect(page.changes[1]!.previous).toBe(page.changes[0]!.revision)
    expect(page.to).toBe(page.head)
    expect(JSON.stringify(page).includes('theirs')).toBe(false)
  })

  test('a waiting reader is answered by the write, and by nothing when its time is over', async () => {
    const { to } = await read('after=0:0&limit=1000')
    const waiting = read(`after=${to}&wait=20`)
    const began = performance.now()
    const { revision } = await say('waited-for', 'withdraw')
    const page = await waiting
    expect(page.changes).toMatchObject([{ act: 'withdrawn', purpose: 'ai_training' }])
    expect(page.to).toBe(`${revision.log}:${revision.seq}`)
    expect(performance.now() - began).toBeLessThan(15_000)
    const empty = await read(`after=${page.to}&wait=1`)
    expect(empty).toMatchObject({ changes: [], from: page.to, to: page.to })
  })

  test('tells neither identifiers nor what keys are recognised by', async () => {
    const { changes } = await read('after=0:0&limit=1000')
    const keys = changes.filter(({ act }) => act === 'key_created')
    expect(keys.length).toBeGreaterThan(0)
    for (const { definition } of keys) expect(Object.keys(definition as object)).not.toContain('sha256')
    expect(JSON.stringify(changes).includes('waited-for')).toBe(false)
  })

  test.each([
    { query: 'after=9:0.1', status: 400, code: 'parameter_invalid' },
    { query: 'after=0:0&limit=1001', status: 400, code: 'parameter_invalid' },
    { query: 'after=0:0&wait=31', status: 400, code: 'parameter_invalid' },
    { query: 'after=0:99999999', status: 409, code: 'revision_unknown' },
    { query: 'after=3.0:1', status: 409, code: 'revision_unknown' },
  ])('answers $query with $code', async ({ query, status, code }) => {
    expect(await api.call('GET', `/v1/changes?${query}`)).toMatchObject({ status, body: { code } })
  })

  // The address as the documentation writes it, with parameters left empty.
  test.each(['after=0:0&limit=&wait=', 'limit=3', 'after=&limit=3', ''])(
    'begins at the beginning with: %s',
    async (query) => {
      const page = await read(query)
      expect(page.from).toBe('0:0')
      expect(page.changes[0]).toMatchObject({ previous: null, act: 'organisation_published' })
    },
  )

  test('needs a scope of its own', async () => {
    const key = await api.makeKey('audit:read', 'consents:read', 'decisions:read')
    const answer = await api.call('GET', '/v1/changes?after=0:0', undefined, {
      Authorization: `Bearer ${key}`,
    })
    expect(answer).toMatchObject({ status: 403, body: { code: 'scope_missing' } })
  })
})
