import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sha256Of } from '../auth/api-keys.ts'
import { starterRegimes } from '../config/starter-regimes.ts'
import type { RegimeRule } from '../domain/definitions.ts'
import { openPrisma } from '../storage/open-prisma.ts'
import { otherOrganisation } from './testing/other-organisation.ts'
import { type Called, type RunningApi, startApi } from './testing/start-api.ts'

type Headers = Record<string, string>
type Release = {
  readonly id: string
  readonly state: string
  readonly sha256: string
  readonly base_sha256: string
  readonly has_new_yes: boolean
  readonly approvals_needed: number
  readonly approvals: readonly { readonly approver: string; readonly void_because: string | null }[]
  readonly publish_error: { readonly code: string } | null
}
type Flips = {
  readonly state: string
  readonly is_current: boolean
  readonly report: {
    readonly sample: { readonly questions: number }
    readonly allowed: { readonly questions: number; readonly causes: readonly { examples: object[] }[] }
    readonly denied: { readonly services: readonly object[] }
  } | null
}

let api: RunningApi
let prisma: ReturnType<typeof openPrisma>
let author: Headers
let second: Headers
let third: Headers
let developer: Headers
let keyId: string
let asking: Headers

/** The rule that stands before each test: opt-out from 16 on. */
const optOutBelow = (optInBelowAge: number): RegimeRule => ({
  ...{ rule: 'opt_out', basis: 'legitimate_interests', optInBelowAge },
})
const ruled = (rule: RegimeRule) => {
  const [definition] = starterRegimes
  return { ...definition!, rules: { ...definition!.rules, analytics: rule } }
}

beforeAll(async () => {
  api = await startApi({ sampleRate: 0, keptOfKind: 20 })
  prisma = openPrisma(api.database.serve)
  author = await api.signInAs('officer')
  second = await api.signInAs('officer')
  third = await api.signInAs('owner')
  developer = await api.signInAs('developer')
  const key = await api.makeKey('decisions:read')
  keyId = api.decisions.keyBySha256(sha256Of(key))!.id
  asking = { Authorization: `Bearer ${key}` }
  const definition = ruled(optOutBelow(16))
  await api.ledger.publish(api.organisationId, [{ act: 'regime_published', version: 2, definition }])
  await stateAge('fifteen', 15)
  for (const id of ['nobody', 'fifteen']) await check(id)
})
afterAll(async () => {
  await prisma.$disconnect()
  await api.close()
})

const stateAge = (id: string, age: number) =>
  api.ledger.recordFact(
    api.organisationId,
    { namespace: 'user', id },
    { act: 'age_stated', atLeast: age, below: age + 1 },
  )
async function check(id: string) {
  await api.call('POST', '/v1/check', { subject: `user:${id}`, purpose: 'analytics' }, asking)
  await api.usage.flush()
}
const answered = <T>({ status, body }: Called, wanted = 200): T => {
  expect({ status, body }).toMatchObject({ status: wanted })
  return body as T
}
const post = (id: string, what: string, who: Headers, body: object = {}) =>
  api.call(
    'POST',
    `/v1/releases/${id}/${what}`,
    what === 'flips' || what === 'submit' ? undefined : body,
    who,
  )
const find = async (id: string) =>
  answered<Release>(await api.call('GET', `/v1/releases/${id}`, undefined, author))

/** A release, not submitted, that changes the rule. */
async function drafted(rule: RegimeRule): Promise<Release> {
  const { id } = answered<Release>(await api.call('POST', '/v1/releases', { title: 'Ages' }, author), 201)
  const path = `/v1/releases/${id}/items/regime/default`
  return answered(await api.call('PUT', path, { edit: 0, definition: ruled(rule) }, author))
}
async function submitted(rule: RegimeRule): Promise<Release> {
  const { id } = await drafted(rule)
  answered(await post(id, 'submit', author))
  await reported(id)
  return find(id)
}
const flipsOf = async (id: string, who = author) =>
  answered<Flips>(await api.call('GET', `/v1/releases/${id}/flips`, undefined, who))
/** The report, once it is made. */
async function reported(id: string, who = author): Promise<Flips> {
  await expect.poll(async () => (await flipsOf(id, who)).state, { timeout: 30_000 }).not.toBe('running')
  return flipsOf(id, who)
}
async function approve(id: string, who: Headers): Promise<Release> {
  const { sha256, base_sha256 } = await find(id)
  return answered(await post(id, 'approve', who, { sha256, base_sha256 }))
}

describe('the flip report of a release', () => {
  test('is begun by submitting it, and names the services that stop', async () => {
    const { id } = await submitted({ rule: 'opt_in', basis: 'consent' })
    const flips = await reported(id)
    expect(flips).toMatchObject({ state: 'done', is_current: true })
    expect(flips.report?.denied.services).toMatchObject([
      { key: keyId, name: 'Test', purpose: 'analytics', before: 'not_opted_out', after: 'never_asked' },
    ])
    expect(await find(id)).toMatchObject({ has_new_yes: false, approvals_needed: 1 })
  })

  test('is demanded for the release as it is, and not older than a day', async () => {
    const { id } = await submitted(optOutBelow(17))
    await approve(id, second)
    const path = `/v1/releases/${id}/items/regime/default`
    answered(await api.call('PUT', path, { edit: 1, definition: ruled(optOutBelow(18)) }, author))
    await approve(id, second)
    const needed = { status: 409, body: { code: 'flip_report_needed' } }
    expect(await post(id, 'publish', author)).toMatchObject(needed)
    expect(await reported(id)).toMatchObject({ is_current: false })
    expect(await post(id, 'flips', author)).toMatchObject({ status: 201, body: { is_current: true } })
    await reported(id)
    const { flips } = await prisma.release.findUniqueOrThrow({ where: { id } })
    const aged = { ...(flips as object), madeAtMs: Date.now() - 86_400_001 }
    await prisma.release.update({ where: { id }, data: { flips: aged } })
    expect(await post(id, 'publish', author)).toMatchObject(needed)
    const tomorrow = { at: new Date(Date.now() + 86_400_000).toISOString() }
    expect(await post(id, 'publish', author, tomorrow)).toMatchObject(needed)
  })

  test('that shows a new yes takes two people, who approve after it', async () => {
    const { id, sha256, base_sha256 } = await submitted(optOutBelow(14))
    const flips = await reported(id)
    expect(flips.report?.allowed).toMatchObject({
      questions: 1,
      causes: [
        { purpose: 'analytics', item: { kind: 'regime', key: 'default' }, before: 'guardian_required' },
      ],
    })
    expect(await find(id)).toMatchObject({ has_new_yes: true, approvals_needed: 2 })
    await approve(id, second)
    const missing = { status: 409, body: { code: 'approval_missing' } }
    expect(await post(id, 'publish', author)).toMatchObject(missing)
    expect(await post(id, 'approve', author, { sha256, base_sha256 })).toMatchObject({
      ...{ status: 403, body: { code: 'own_work' } },
    })
    // The same report again takes nothing back.
    answered(await post(id, 'flips', author), 201)
    await reported(id)
    expect(await approve(id, third)).toMatchObject({ state: 'approved' })
  })

  test('that shows a new yes later voids what was approved before', async () => {
    const { id } = await submitted(optOutBelow(12))
    // 15 is known: whoever approves now has seen that, and not what comes.
    for (const who of [second, third]) await approve(id, who)
    expect(await find(id)).toMatchObject({ state: 'approved' })
    await stateAge('late', 13)
    await api.call('POST', '/v1/check', { subject: 'user:late', purpose: 'personalization' }, asking)
    const path = `/v1/releases/${id}/items/regime/default`
    const rules = { ...ruled(optOutBelow(12)).rules, personalization: optOutBelow(12) }
    const definition = { ...ruled(optOutBelow(12)), rules }
    answered(await api.call('PUT', path, { edit: 1, definition }, author))
    // Approved without its report: nobody could know.
    for (const who of [second, third]) await approve(id, who)
    await api.usage.flush()
    answered(await post(id, 'flips', author), 201)
    await reported(id)
    const late = await find(id)
    expect(late).toMatchObject({ state: 'in_review', has_new_yes: true })
    expect(late.approvals.map(({ void_because }) => void_because)).toEqual(
      expect.arrayContaining(['items_changed', 'before_report']),
    )
    expect(await post(id, 'publish', author)).toMatchObject({ body: { code: 'approval_missing' } })
    for (const who of [second, third]) await approve(id, who)
    expect(await post(id, 'publish', author)).toMatchObject({ status: 200, body: { state: 'published' } })
    // What stands for the tests that follow is the rule from 16 on again.
    const version = api.decisions.policy(api.organisationId)!.regimes.get('default')!.version + 1
    const back = { act: 'regime_published', version, definition: ruled(optOutBelow(16)) } as const
    await api.ledger.publish(api.organisationId, [back])
  })

  test('is made again before a scheduled release goes live, which is held where it has a new yes', async () => {
    // Asked so far: 15, and nobody; a twelve-year-old asks only afterwards.
    await api.ledger.publish(api.organisationId, [
      {
        act: 'regime_published',
        version: api.decisions.policy(api.organisationId)!.regimes.get('default')!.version + 1,
        definition: ruled(optOutBelow(15)),
      },
    ])
    const { id } = await submitted(optOutBelow(11))
    expect(await find(id)).toMatchObject({ has_new_yes: false })
    await approve(id, second)
    const at = new Date(Date.now() + 86_400_000).toISOString()
    expect(await post(id, 'publish', author, { at })).toMatchObject({ body: { state: 'scheduled' } })
    await stateAge('twelve', 12)
    await check('twelve')
    await prisma.release.update({ where: { id }, data: { publishAt: new Date(Date.now() - 1) } })
    await api.releases.publishDue()
    expect(await find(id)).toMatchObject({
      ...{ state: 'scheduled', has_new_yes: true, publish_error: { code: 'approval_missing' } },
    })
    const reports = await prisma.flipReport.count({ where: { releaseId: id } })
    // Tried again each minute, looked at again more seldom.
    await api.releases.publishDue()
    expect(await prisma.flipReport.count({ where: { releaseId: id } })).toBe(reports)
    for (const who of [second, third]) await approve(id, who)
    await api.releases.publishDue()
    expect(await find(id)).toMatchObject({ state: 'published' })
  })

  test('shows no subjects to members who see no people', async () => {
    await stateAge('ten', 10)
    await check('ten')
    const { id } = await submitted(optOutBelow(9))
    const subjects = (flips: Flips) =>
      flips.report!.allowed.causes.flatMap(({ examples }) =>
        examples.map((example) => (example as { subject: string | null }).subject),
      )
    expect(subjects(await reported(id)).some((subject) => subject !== null)).toBe(true)
    expect(subjects(await reported(id, developer)).every((subject) => subject === null)).toBe(true)
  })

  test('says so where no question was kept, and demands nothing then', async () => {
    const theirs = await otherOrganisation(api, 'quiet')
    const owner = await api.signInAs('owner', theirs.organisationId)
    const opened = await api.call('POST', '/v1/releases', { title: 'First' }, owner)
    const { id } = answered<Release>(opened, 201)
    const path = `/v1/releases/${id}/items/regime/default`
    const definition = ruled(optOutBelow(16))
    answered(await api.call('PUT', path, { edit: 0, definition }, owner))
    answered(await post(id, 'submit', owner))
    expect((await reported(id, owner)).report?.sample.questions).toBe(0)
    expect(await post(id, 'publish', owner)).toMatchObject({ status: 200, body: { state: 'published' } })
    expect(await api.call('GET', `/v1/releases/${id}/flips`, undefined, author)).toMatchObject({
      status: 404,
    })
  })

  test('never changes once it is made, nor is it removed', async () => {
    const { id } = await submitted(optOutBelow(16))
    const { id: report } = await prisma.flipReport.findFirstOrThrow({ where: { releaseId: id } })
    const change = prisma.flipReport.update({ where: { id: report }, data: { report: {} } })
    await expect(change).rejects.toThrow('never changes')
    await expect(prisma.flipReport.delete({ where: { id: report } })).rejects.toThrow()
  })
})
