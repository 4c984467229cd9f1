import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { noticePublished } from '../config/notice-published.ts'
import { starterNotice } from '../config/starter-notice.ts'
import { starterPurposes } from '../config/starter-purposes.ts'
import { canonicalJson } from '../domain/canonical-json.ts'
import { aConsent } from '../storage/ledger/testing/start-ledger.ts'
import { otherOrganisation } from './testing/other-organisation.ts'
import { type RunningApi, startApi } from './testing/start-api.ts'

let api: RunningApi
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

const say = (id: string, changes: Parameters<typeof aConsent>[1] = {}) =>
  api.ledger.recordConsents(
    aConsent(api.organisationId, { subject: { namespace: 'user', id }, ...changes }),
    null,
  )
const yesTo = (...purposes: string[]) => purposes.map((purpose) => ({ purpose, act: 'grant' as const }))
const consents = async (path = 'starter/1') => (await api.call('GET', `/v1/notices/${path}/consents`)).body

describe('one version of a notice', () => {
  test('is shown with its words, the hash of its definition, and the event that published it', async () => {
    const { status, body } = await api.call('GET', '/v1/notices/starter/1')
    expect(status).toBe(200)
    expect(body).toMatchObject({ key: 'starter', version: 1, versions: [1], is_invalidated: false })
    const { key, version, property, purposes, texts } = body
    const definition = { key, version, property, purposes, texts }
    expect(body.sha256).toBe(createHash('sha256').update(canonicalJson(definition)).digest('hex'))
    const { events } = (await api.call('GET', `/v1/events?limit=1&before=${Number(body.published_seq) + 1}`))
      .body as { events: readonly object[] }
    expect(events).toMatchObject([{ act: 'notice_published', sha256: body.sha256, seq: body.published_seq }])
    expect(body.published_in).toMatch(new RegExp(`:${body.published_seq}$`))
  })

  test.each(['starter/2', 'nobody/1'])('%s is not there, in the words of any other', async (path) => {
    const unknown = await api.call('GET', `/v1/notices/${path}`)
    expect(unknown).toMatchObject({ status: 404, body: { code: 'not_found' } })
    expect((await api.call('GET', `/v1/notices/${path}/consents`)).body).toEqual(unknown.body)
  })

  test.each(['starter/0', 'starter/x', 'starter/1.5'])('%s is not a version', async (path) => {
    expect(await api.call('GET', `/v1/notices/${path}`)).toMatchObject({
      status: 400,
      body: { code: 'parameter_invalid' },
    })
  })

  test.each([
    { path: '/v1/notices/starter/1', scope: 'audit:read' },
    { path: '/v1/notices/starter/1/consents', scope: 'config:read' },
  ] as const)('$path needs another scope than $scope', async ({ path, scope }) => {
    const key = await api.makeKey(scope)
    const lacking = await api.call('GET', path, undefined, { Authorization: `Bearer ${key}` })
    expect(lacking).toMatchObject({ status: 403, body: { code: 'scope_missing' } })
  })
})

describe('publishing a notice', () => {
  const complete = { controller: 'Alice Ltd', contact: 'privacy@sea.org' }
  const texts = { en: { ...starterNotice.texts.en!, ...complete } }
  const definition = {
    ...starterNotice,
    key: 'new',
    purposes: [{ purpose: 'ai_training', version: 1 }],
    texts,
  }
  const publish = (body: object, key?: string) =>
    api.call('POST', '/v1/notices', body, key === undefined ? {} : { Authorization: `Bearer ${key}` })

  test('puts the next version in force, and warns of what it lacks without keeping it back', async () => {
    const first = await publish({ ...definition, texts: starterNotice.texts })
    expect(first).toMatchObject({
      status: 201,
      body: {
        ...{ key: 'new', version: 1 },
        warnings: [
          { check: 'controller', outcome: 'missing', source: expect.stringContaining('Art. 13(1)(a)') },
          { check: 'contact', outcome: 'missing' },
        ],
      },
    })
    expect(await publish({ ...definition, version: 2 })).toMatchObject({
      status: 201,
      body: { warnings: [] },
    })
    const { body } = await api.call('GET', '/v1/notices/new/1')
    expect(body).toMatchObject({
      sha256: first.body.sha256,
      versions: [1, 2],
      published_in: first.body.revision,
    })
    expect(body.in_force_until).not.toBeNull()
    const checks = body.completeness as { outcome: string }[]
    expect(checks.filter(({ outcome }) => outcome !== 'met')).toEqual(first.body.warnings)
  })

  test.each([
    { name: 'a version out of order', changes: { version: 9 }, status: 422, code: 'definition_invalid' },
    { name: 'an unknown property', changes: { property: 'x' }, status: 422, code: 'definition_invalid' },
    { name: 'no language', changes: { texts: {} }, status: 422, code: 'definition_invalid' },
    { name: 'a member that is not known', changes: { reach: 'all' }, status: 400, code: 'body_invalid' },
    {
      name: 'a tag that is no language',
      changes: { texts: { English: texts.en } },
      status: 400,
      code: 'body_invalid',
    },
  ])('refuses $name', async ({ changes, status, code }) => {
    const before = api.decisions.revision()
    expect(await publish({ ...definition, version: 3, ...changes })).toMatchObject({ status, body: { code } })
    expect(api.decisions.revision()).toEqual(before)
  })

  test('needs the scope config:write', async () => {
    const key = await api.makeKey('config:read', 'audit:read')
    expect(await publish({ ...definition, version: 3 }, key)).toMatchObject({
      status: 403,
      body: { code: 'scope_missing' },
    })
  })
})

describe('consents that rest on a notice', () => {
  test('are counted by purpose and locale, and a withdrawal is gone from the next count', async () => {
    expect(await consents()).toMatchObject({ in_force: 0, consents: [] })
    await say('a', { choices: yesTo('ai_training', 'analytics') })
    await say('b', { choices: yesTo('ai_training') })
    await say('c', {
      choices: yesTo('ai_training'),
      notice: { key: 'starter', version: 1, locale: 'de' },
    })
    const nothing = { superseded: 0, run_out: 0, void: 0 }
    expect(await consents()).toMatchObject({
      ...{ in_force: 4, ...nothing },
      consents: [
        { purpose: 'ai_training', purpose_version: 1, locale: 'de', in_force: 1, ...nothing },
        { purpose: 'ai_training', purpose_version: 1, locale: 'en', in_force: 2, ...nothing },
        { purpose: 'analytics', purpose_version: 1, locale: 'en', in_force: 1, ...nothing },
      ],
    })
    const { revision } = await say('b', { choices: [{ purpose: 'ai_training', act: 'withdraw' }] })
    const after = await consents()
    expect(after.in_force).toBe(3)
    expect(after.revision).toBe(`${revision.epoch}:${revision.seq}`)
  })

  test('are another organisation’s own business', async () => {
    const other = await otherOrganisation(api)
    await api.ledger.recordConsents(aConsent(other.organisationId), null)
    const before = (await consents()).in_force
    const theirs = await api.call('GET', '/v1/notices/starter/1/consents', undefined, {
      Authorization: `Bearer ${other.key}`,
    })
    expect(theirs.body.in_force).toBe(1)
    expect((await consents()).in_force).toBe(before)
    await api.ledger.publish(api.organisationId, [
      noticePublished({ ...starterNotice, key: 'ours', version: 1 }),
    ])
    const [unknown, hidden] = await Promise.all(
      ['nobody', 'ours'].map((key) =>
        api.call('GET', `/v1/notices/${key}/1`, undefined, { Authorization: `Bearer ${other.key}` }),
      ),
    )
    expect(hidden).toMatchObject({ status: 404, body: unknown!.body })
  })

  test('are superseded by a material change of the purpose, and void with the notice', async () => {
    const analytics = starterPurposes.find(({ key }) => key === 'analytics')!
    await api.ledger.publish(api.organisationId, [
      {
        act: 'purpose_published',
        version: 2,
        definition: { ...analytics, recipients: ['a new recipient'] },
      },
    ])
    expect(await consents()).toMatchObject({ in_force: 2, superseded: 1, void: 0 })
    await api.ledger.publish(api.organisationId, [
      { act: 'notice_invalidated', notice: 'starter', version: 1 },
    ])
    expect(await consents()).toMatchObject({ in_force: 0, superseded: 0, run_out: 0, void: 3 })
  })
})
