import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sha256Of } from '../auth/api-keys.ts'
import { digestQuestionText } from '../auth/digest-question-text.ts'
import { starterNotice } from '../config/starter-notice.ts'
import { starterPurposes } from '../config/starter-purposes.ts'
import { starterRegimes } from '../config/starter-regimes.ts'
import { findFlips } from '../decisions/flips/find-flips.ts'
import { sampledDays } from '../decisions/flips/sampled-questions.ts'
import type { RegimeRule } from '../domain/definitions.ts'
import type { SubjectFactBody } from '../domain/events.ts'
import type { OrganisationId } from '../domain/ids.ts'
import type { ReleaseItem } from '../domain/release.ts'
import { bodiesOf } from '../domain/release-bodies.ts'
import { aConsent } from '../storage/ledger/testing/start-ledger.ts'
import { openPrisma } from '../storage/open-prisma.ts'
import { createSampledQuestions } from '../storage/sampled-questions.ts'
import { otherOrganisation } from './testing/other-organisation.ts'
import { type RunningApi, startApi } from './testing/start-api.ts'

let api: RunningApi
let prisma: ReturnType<typeof openPrisma>
let keyId: string
let headers: Record<string, string>

const optOutBelow = (optInBelowAge: number): RegimeRule => ({
  ...{ rule: 'opt_out', basis: 'legitimate_interests', optInBelowAge },
})
const regime = (analytics: RegimeRule) => {
  const [definition] = starterRegimes
  return { ...definition!, rules: { ...definition!.rules, analytics } }
}
const purpose = (key: string) => starterPurposes.find((each) => each.key === key)!
const analytics = (changes: object): ReleaseItem => ({
  ...{ kind: 'purpose', key: 'analytics', definition: { ...purpose('analytics'), ...changes } },
})
const ruled = (rule: RegimeRule): ReleaseItem => ({
  kind: 'regime',
  key: 'default',
  definition: regime(rule),
})

async function flips(items: readonly ReleaseItem[], organisationId: OrganisationId = api.organisationId) {
  await api.usage.flush()
  const policy = api.decisions.policy(organisationId)!
  return findFlips({
    policy,
    steps: bodiesOf(policy, items, () => 'f'.repeat(64)),
    nowMs: Date.now(),
    days: sampledDays(createSampledQuestions(prisma), organisationId, Date.now(), () => undefined),
    stateOf: (subject) => api.decisions.state(organisationId, subject),
    digestOf: digestQuestionText(api.keys.question),
  })
}

const check = (subject: string, more: object = {}) =>
  api.call('POST', '/v1/check', { subject, purpose: 'analytics', ...more }, headers)
const fact = (id: string, body: SubjectFactBody) =>
  api.ledger.recordFact(api.organisationId, { namespace: 'user', id }, body)

beforeAll(async () => {
  api = await startApi({ sampleRate: 0, keptOfKind: 20 })
  prisma = openPrisma(api.database.serve)
  const { organisationId, ledger } = api
  // Whoever has not refused may be counted, from 16 on.
  const definition = regime(optOutBelow(16))
  await ledger.publish(organisationId, [{ act: 'regime_published', version: 2, definition }])
  const say = (id: string, act: 'grant' | 'opt_out') =>
    ledger.recordConsents(
      aConsent(organisationId, {
        subject: { namespace: 'user', id },
        choices: [{ purpose: 'analytics', act }],
      }),
      null,
    )
  await say('agreed', 'grant')
  await say('refused', 'opt_out')
  await fact('fifteen', { act: 'age_stated', atLeast: 15, below: 16 })
  await say('erased', 'grant')
  await fact('erased', { act: 'erased' })
  const key = await api.makeKey('decisions:read')
  keyId = api.decisions.keyBySha256(sha256Of(key))!.id
  headers = { Authorization: `Bearer ${key}` }

  for (const id of ['agreed', 'refused', 'fifteen', 'erased', 'nobody']) await check(`user:${id}`)
  await check('user:erased', { collected_at: '2020-01-01' })
  await check('user:nobody', { recipient: 'acme.example' })
  const entities = { action: { name: 'analytics' }, resource: { type: 'record', id: '1' } }
  const evaluations = [
    { subject: { type: 'user', id: 'agreed' } },
    { subject: { type: 'user', id: 'fifteen' } },
  ]
  await api.call('POST', '/access/v1/evaluations', { ...entities, evaluations }, headers)
  const at = new Date(Date.now() - 1).toISOString()
  await fetch(`${api.url}/v1/filter?purpose=analytics&subject=user:user&collected_at=at`, {
    method: 'POST',
    headers: { ...headers, 'Content-Type': 'application/x-ndjson' },
    body: ['agreed', 'fifteen', 'refused'].map((user) => `${JSON.stringify({ user, at })}\n`).join(''),
  }).then((response) => response.text())
})
afterAll(async () => {
  await prisma.$disconnect()
  await api.close()
})

describe('what a release would change in the answers', () => {
  test('is nothing where a purpose gains a category that nobody asked about', async () => {
    const { categories } = purpose('personalization')
    const definition = { ...purpose('personalization'), categories: [...categories, 'health'] }
    const report = await flips([{ kind: 'purpose', key: 'personalization', definition }])
    expect(report).toMatchObject({
      ...{ sample: { questions: 12, asked: 12, weight: 12 }, flows: [] },
      ...{ allowed: { questions: 0, causes: [] }, denied: { questions: 0, services: [] } },
    })
    const { allowed, denied } = report.unchanged
    expect(allowed.questions + denied.questions).toBe(12)
  })

  test('names the services that stop where people must be asked first', async () => {
    const report = await flips([ruled({ rule: 'opt_in', basis: 'consent' })])
    expect(report.allowed.questions).toBe(0)
    // Nobody, and who came again after her erasure, twice: of her old data she is refused before and after, not of new.
    expect(report.denied.services).toMatchObject([
      {
        ...{ key: keyId, name: 'Test', purpose: 'analytics', questions: 3, weight: 3 },
        ...{ item: { kind: 'regime', key: 'default' }, before: 'not_opted_out', after: 'never_asked' },
      },
    ])
    expect(report.flows).toMatchObject([{ before: 'not_opted_out', after: 'never_asked', questions: 3 }])
    expect(report.denied.services[0]!.examples.map(({ data }) => data).sort()).toEqual([
      'asked',
      'asked',
      'new',
    ])
    const [nobody] = report.denied.services[0]!.examples.filter(({ subject }) => subject === null)
    expect(nobody).toMatchObject({ purpose: 'analytics', data: 'asked', route: 'check' })
  })

  test('shows by cause what becomes a yes, however it was asked', async () => {
    const more = analytics({ description: { en: 'In other words.' } })
    const report = await flips([more, ruled(optOutBelow(13))])
    expect(report.denied.questions).toBe(0)
    expect(report.allowed.causes).toMatchObject([
      {
        ...{ item: { kind: 'regime', key: 'default' }, before: 'guardian_required', after: 'not_opted_out' },
        ...{ questions: 3, services: [{ key: keyId, questions: 3 }] },
      },
    ])
    const { examples } = report.allowed.causes[0]!
    const fifteen = api.decisions.subjectOf(api.organisationId, { namespace: 'user', id: 'fifteen' })
    expect(examples.map(({ route }) => route).sort()).toEqual(['check', 'evaluations', 'filter'])
    expect(new Set(examples.map(({ subject }) => subject))).toEqual(new Set([fifteen]))
  })

  test('knows what a question named that the release only now adds, and never shows it otherwise', async () => {
    const { version: _, ...draft } = starterNotice
    const purposes = draft.purposes.map((entry) =>
      entry.purpose === 'analytics' ? { ...entry, version: 'next' as const } : entry,
    )
    const wider = analytics({ recipients: ['acme.example'] })
    const report = await flips([
      wider,
      { kind: 'notice', key: draft.key, definition: { ...draft, purposes } },
    ])
    const found = report.allowed.causes.find(({ before }) => before === 'recipient_not_covered')
    expect(found).toMatchObject({ questions: 1, examples: [{ recipient: 'acme.example' }] })
    const unrelated = await flips([ruled(optOutBelow(13))])
    expect(JSON.stringify(unrelated).includes('acme')).toBe(false)
  })

  test('is nothing for whom data from before an erasure is about, and for who refused', async () => {
    const report = await flips([ruled({ rule: 'notice_only', basis: 'contract' })])
    const subjects = ['erased', 'refused'].map((id) =>
      api.decisions.subjectOf(api.organisationId, { namespace: 'user', id }),
    )
    const turned = report.allowed.causes.flatMap(({ examples }) => examples)
    expect(turned.filter(({ subject }) => subject === subjects[1])).toEqual([])
    expect(turned.filter(({ before }) => before === 'subject_erased')).toEqual([])
  })

  test('is of the organisation’s own questions, and writes nothing to what was asked', async () => {
    const { organisationId } = await otherOrganisation(api)
    await api.usage.flush()
    const before = await prisma.$queryRaw`SELECT sum(count) FROM usage_counts`
    const kept = await prisma.decisionSample.count()
    const theirs = await flips([ruled(optOutBelow(13))], organisationId)
    expect(theirs.sample).toEqual({ questions: 0, weight: 0, asked: 0, from: null, to: null })
    await flips([ruled(optOutBelow(13))])
    await api.usage.flush()
    expect(await prisma.$queryRaw`SELECT sum(count) FROM usage_counts`).toEqual(before)
    expect(await prisma.decisionSample.count()).toBe(kept)
  })
})
