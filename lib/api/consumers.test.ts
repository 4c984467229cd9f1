import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { aConsent } from '../storage/ledger/testing/start-ledger.ts'
import { otherOrganisation } from './testing/other-organisation.ts'
import { type RunningApi, startApi } from './testing/start-api.ts'

type Shown = {
  name: string
  state: string
  applied: string
  behind: number
  behind_since: string | null
  [member: string]: unknown
}

let api: RunningApi
let aheadMs = 0
beforeAll(async () => {
  api = await startApi({ clock: () => Date.now() + aheadMs })
})
beforeEach(() => {
  aheadMs = 0
})
afterAll(() => api.close())

const report = (name: string, body: object | string, key?: string) =>
  api.call('PUT', `/v1/consumers/${name}`, body, key === undefined ? {} : { Authorization: `Bearer ${key}` })
const list = async (key?: string) => {
  const headers = key === undefined ? {} : { Authorization: `Bearer ${key}` }
  const { status, body } = await api.call('GET', '/v1/consumers', undefined, headers)
  expect(status).toBe(200)
  return body.consumers as Shown[]
}
const find = async (name: string) => (await list()).find((each) => each.name === name)!
const say = () => api.ledger.recordConsents(aConsent(api.organisationId), null)
const head = () => `0:${api.decisions.revision().seq}`

describe('consumers of the change feed', () => {
  test('are up to date, behind by so many changes, or stopped', async () => {
    await say()
    const key = await api.makeKey('changes:read')
    const told = await report(
      'store',
      { applied: head(), description: 'Features', purposes: ['analytics'] },
      key,
    )
    expect(told).toMatchObject({ status: 200, body: { name: 'store', applied: head(), head: head() } })
    expect(await find('store')).toMatchObject({
      ...{ state: 'up_to_date', behind: 0, behind_since: null, applied: head() },
      ...{ description: 'Features', purposes: ['analytics'] },
      reported_by: expect.stringMatching(/^key_/),
    })
    // A quiet log leaves nobody behind, however long it is quiet.
    aheadMs = 3_600_000
    expect((await find('store')).state).toBe('up_to_date')
    aheadMs = 0
    await say()
    await say()
    expect(await find('store')).toMatchObject({ state: 'behind', behind: 2 })
    aheadMs = 61_000
    expect(await find('store')).toMatchObject({ state: 'stopped', behind: 2 })
    expect(Date.parse((await find('store')).behind_since!)).toBeLessThan(Date.now() + 5_000)
  })

  test('never go back, unless they say so; what is not said stays', async () => {
    const first = (await say()).revision.seq
    const second = (await say()).revision.seq
    await report('going-back', { applied: `0:${second}`, description: 'As it was' })
    const back = await report('going-back', { applied: `0:${first}` })
    expect(back).toMatchObject({ status: 409, body: { code: 'conflict' } })
    expect((await find('going-back')).applied).toBe(`0:${second}`)
    expect((await report('going-back', { applied: `0:${first}`, reset: true })).status).toBe(200)
    expect(await find('going-back')).toMatchObject({ applied: `0:${first}`, description: 'As it was' })
  })

  test('reports that overtake each other leave the furthest', async () => {
    const last = api.decisions.revision().seq
    const seqs = Array.from({ length: 10 }, (_, n) => last - 9 + n)
    const answers = await Promise.all(seqs.map((seq) => report('overtaken', { applied: `0:${seq}` })))
    for (const { status } of answers) expect([200, 409]).toContain(status)
    expect((await find('overtaken')).applied).toBe(`0:${last}`)
  })

  test('belong to their organisation', async () => {
    await report('ours', { applied: '0:1' })
    const other = await otherOrganisation(api)
    expect(await list(other.key)).toEqual([])
    await report('ours', { applied: '0:2', description: 'Theirs' }, other.key)
    expect(await find('ours')).toMatchObject({ applied: '0:1', description: '' })
    // Their changes are not what ours waits for.
    await report('ours', { applied: head() })
    await api.ledger.recordConsents(aConsent(other.organisationId), null)
    expect(await find('ours')).toMatchObject({ state: 'up_to_date', behind: 0 })
    await report('only-ours', { applied: '0:1' })
    const removed = await api.call('DELETE', '/v1/consumers/only-ours', undefined, {
      Authorization: `Bearer ${other.key}`,
    })
    const unknown = await api.call('DELETE', '/v1/consumers/nobody', undefined, {
      Authorization: `Bearer ${other.key}`,
    })
    expect(removed).toMatchObject({ status: 404, body: unknown.body })
    expect((await api.call('DELETE', '/v1/consumers/only-ours')).status).toBe(200)
    expect(await find('only-ours')).toBeUndefined()
  })

  test('are at most a hundred, however many come at once', async () => {
    const other = await otherOrganisation(api, 'crowded')
    const answers = await Promise.all(
      Array.from({ length: 110 }, (_, n) => report(`many-${n}`, { applied: '0:1' }, other.key)),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 409]))
    expect(await list(other.key)).toHaveLength(100)
    const known = (await list(other.key)).at(-1)!.name
    expect((await report(known, { applied: '0:2' }, other.key)).status).toBe(200)
  })

  test.each([
    { name: 'Upper', body: { applied: '0:1' }, status: 400, code: 'parameter_invalid' },
    { name: '-dash', body: { applied: '0:1' }, status: 400, code: 'parameter_invalid' },
    { name: 'x'.repeat(64), body: { applied: '0:1' }, status: 400, code: 'parameter_invalid' },
    { name: 'bad', body: {}, status: 400, code: 'body_invalid' },
    { name: 'bad', body: { applied: 18 }, status: 400, code: 'body_invalid' },
    { name: 'bad', body: { applied: '0:1', aplied: '0:2' }, status: 400, code: 'body_invalid' },
    {
      name: 'bad',
      body: { applied: '0:1', description: 'x'.repeat(201) },
      status: 400,
      code: 'body_invalid',
    },
    { name: 'bad', body: '{', status: 400, code: 'body_not_json' },
    { name: 'bad', body: { applied: '0:1', purposes: ['spam'] }, status: 422, code: 'purpose_not_found' },
    { name: 'bad', body: { applied: '0:99999999' }, status: 409, code: 'revision_unknown' },
    { name: 'bad', body: { applied: '1.0:1' }, status: 409, code: 'revision_unknown' },
  ])('refuses $name with $body', async ({ name, body, status, code }) => {
    expect(await report(name, body)).toMatchObject({ status, body: { code } })
    expect(await find('bad')).toBeUndefined()
  })

  test.each([
    { method: 'PUT', path: '/v1/consumers/x', body: { applied: '0:1' }, scope: 'audit:read' },
    { method: 'GET', path: '/v1/consumers', scope: 'changes:read' },
    { method: 'DELETE', path: '/v1/consumers/x', scope: 'changes:read' },
  ] as const)(
    '$method $path needs another scope than $scope, and a key',
    async ({ method, path, scope, ...rest }) => {
      const body = 'body' in rest ? rest.body : undefined
      const key = await api.makeKey(scope)
      const lacking = await api.call(method, path, body, { Authorization: `Bearer ${key}` })
      expect(lacking).toMatchObject({ status: 403, body: { code: 'scope_missing' } })
      const unknown = await api.call(method, path, body, { Authorization: 'Bearer ask_nobody' })
      expect(unknown).toMatchObject({ status: 401, body: { code: 'key_unknown' } })
    },
  )
})
