import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { starterRegimes } from '../config/starter-regimes.ts'
import { otherOrganisation } from './testing/other-organisation.ts'
import { type RunningApi, startApi } from './testing/start-api.ts'

const day = 86_400_000
const gdpr = starterRegimes.find(({ key }) => key === 'gdpr')!
/** Stricter than the regime around it, in everything. */
const saxony = {
  ...gdpr,
  ...{ key: 'saxony', name: 'Saxony', territories: ['DE-SN'], consentLifetimeDays: 30 },
  ageBands: { default: 18, countries: {}, unstated: 'unknown' as const },
  gpc: { counts: true, purposes: ['analytics'] },
}
/** Laxer than the starter's own regime, which would otherwise decide everything. */
const own = { ...starterRegimes[2]!, key: 'default', territories: [] }

let nowMs = Date.UTC(2026, 2, 1, 12)
let api: RunningApi
beforeAll(async () => {
  api = await startApi({ clock: () => nowMs })
  await api.ledger.publish(api.organisationId, [
    { act: 'regime_published', version: 2, definition: own },
    { act: 'regime_published', version: 1, definition: saxony },
  ])
})
afterAll(() => api.close())

type Act = { readonly afterDays: number; readonly act: string; readonly purpose: string } & Record<
  string,
  unknown
>
type Person = {
  readonly age: number | 'unknown'
  readonly country?: string
  readonly region?: string
  readonly gpc: boolean
  readonly history: readonly Act[]
}
type Question = {
  readonly purpose: string
  readonly afterDays: number
  readonly collectedBeforeDays: number | null
} & Record<string, unknown>

const iso = (atMs: number) => new Date(atMs).toISOString()
const notice = { key: 'starter', version: 1, locale: 'en' }
const shown = { notice, method: 'form' }
let people = 0

/** Records the history for real, a day or more at a time, and asks; then asks the simulator the same. */
async function both(person: Person, question: Question) {
  const id = `simulated-${++people}`
  const subject = { namespace: 'user', id }
  const { country, region, age, gpc } = person
  const place = { ...(country && { country }), ...(region && { region }) }
  // Her age and the signal are known from the first thing on that she says.
  nowMs += (person.history[0]?.afterDays ?? question.afterDays) * day
  if (age !== 'unknown') {
    await api.ledger.recordFact(api.organisationId, subject, {
      act: 'age_stated',
      atLeast: age,
      below: age + 1,
    })
  }
  if (gpc) await api.ledger.recordGpc(api.organisationId, subject, null)
  const history: object[] = []
  const statuses: unknown[] = []
  for (const [
    index,
    { afterDays, act, purpose, explicit, method, notice: of, ...more },
  ] of person.history.entries()) {
    if (index > 0) nowMs += afterDays * day
    history.push({ at: iso(nowMs), act, purpose, explicit, method, notice: of, ...more })
    const { status, body } = await api.call('POST', '/v1/consents', {
      ...{ subject: `user:${id}`, evidence: { method }, notice: of, ...place, ...more },
      choices: [{ act, purpose, explicit }],
    })
    expect([status, body]).toEqual([201, body])
    statuses.push(...(body.events as { status: string }[]).map((event) => ({ status: event.status })))
  }
  const { afterDays, collectedBeforeDays, ...asked } = question
  if (person.history.length > 0) nowMs += afterDays * day
  const collected =
    collectedBeforeDays === null ? {} : { collected_at: iso(nowMs - collectedBeforeDays * day) }
  // Nobody has seen her anywhere before she says something: then the question names the regime.
  const named = person.history.length === 0 && country === 'FR' ? { regime: 'gdpr' } : {}
  const real = await api.call('POST', '/v1/explain', {
    subject: `user:${id}`,
    ...asked,
    ...collected,
    ...named,
  })
  const simulated = await api.call('POST', '/v1/simulate', {
    person: { age, ...place, gpc, history },
    question: { ...asked, ...collected, at: iso(nowMs) },
  })
  expect([real.status, simulated.status], JSON.stringify(simulated.body)).toEqual([200, 200])
  return { real: real.body, simulated: simulated.body, statuses }
}

/** What both must say alike; rows 3 and 8 name the subject and positions in the log, which only one of them has. */
function alike({ trace, ...body }: Record<string, unknown>) {
  const rows = (trace as { row: number; saw: string }[]).map((row) =>
    row.row === 3 || row.row === 8 ? { ...row, saw: '' } : row,
  )
  const { allowed, reason, because, decided_at, notice: relied, obligations, assumed } = body
  return { allowed, reason, because, decided_at, relied, obligations, assumed, rows }
}

const yes = (purpose: string, more: object = {}): Act => ({
  afterDays: 1,
  act: 'grant',
  purpose,
  ...shown,
  ...more,
})
const no = (purpose: string, act = 'withdraw'): Act => ({ afterDays: 1, act, purpose })
const ask = (purpose: string, more: object = {}): Question => ({
  ...{ purpose, afterDays: 1, collectedBeforeDays: 0, ...more },
})
const saxon = { region: 'DE-SN', country: 'DE', gpc: true }

describe('the simulator answers what would be answered about a real person with that history', () => {
  test.each<{ name: string; person: Person; question: Question; want: string }>([
    {
      name: 'a 15-year-old in Saxony with GPC on, who said yes',
      person: { ...saxon, age: 15, history: [yes('ai_training')] },
      question: ask('ai_training'),
      want: 'guardian_required',
    },
    {
      name: 'the same 15-year-old, agreed for by her guardian',
      person: { ...saxon, age: 15, history: [yes('ai_training', { actor: 'guardian' })] },
      question: ask('ai_training'),
      want: 'consent_given',
    },
    {
      name: 'a person in Saxony who never stated her age',
      person: { ...saxon, age: 'unknown', history: [yes('ai_training')] },
      question: ask('ai_training'),
      want: 'age_unknown',
    },
    {
      name: 'a person in Saxony, 30 days after her yes',
      person: { ...saxon, age: 30, history: [yes('ai_training')] },
      question: ask('ai_training', { afterDays: 30 }),
      want: 'consent_expired',
    },
    {
      name: 'a person in Saxony with GPC on, under a regime that has it refuse analytics',
      person: { ...saxon, age: 30, history: [no('ai_training', 'deny')] },
      question: ask('analytics', { property: 'demo' }),
      want: 'gpc_opt_out',
    },
    {
      name: 'data from before the yes',
      person: { country: 'FR', gpc: false, age: 40, history: [yes('ai_training')] },
      question: ask('ai_training', { collectedBeforeDays: 20 }),
      want: 'collected_before_consent',
    },
    {
      name: 'someone who never said anything, in France',
      person: { country: 'FR', gpc: false, age: 'unknown', history: [] },
      question: ask('analytics', { property: 'demo' }),
      want: 'never_asked',
    },
    {
      name: 'someone who never said anything, nobody knows where',
      person: { gpc: false, age: 'unknown', history: [] },
      question: ask('analytics', { property: 'demo' }),
      want: 'not_opted_out',
    },
    {
      name: 'a Californian of 15, who is not asked for analytics at 16',
      person: { region: 'US-CA', gpc: false, age: 15, history: [no('ai_training', 'deny')] },
      question: ask('analytics', { property: 'demo' }),
      want: 'never_asked',
    },
    {
      name: 'a yes that nobody can prove',
      person: {
        country: 'FR',
        gpc: false,
        age: 40,
        history: [{ afterDays: 1, act: 'grant', purpose: 'ai_training' }],
      },
      question: ask('ai_training'),
      want: 'consent_unproven',
    },
    {
      name: 'yes, taken back, and yes again',
      person: {
        ...{ country: 'FR', gpc: false, age: 40 },
        history: [yes('ai_training'), no('ai_training'), yes('ai_training')],
      },
      question: ask('ai_training'),
      want: 'consent_given',
    },
    {
      name: 'a purpose that nobody has published',
      person: { country: 'FR', gpc: false, age: 40, history: [] },
      question: ask('selling_souls'),
      want: 'purpose_unknown',
    },
  ])('$name: $want', async ({ person, question, want }) => {
    const { real, simulated, statuses } = await both(person, question)
    expect(simulated.reason).toBe(want)
    expect(alike(simulated)).toEqual(alike(real))
    expect(simulated.history).toEqual(statuses)
  })

  test('and so for any history', { timeout: 180_000 }, async () => {
    const purposes = fc.constantFrom('ai_training', 'ai_training.evaluation', 'analytics', 'personalization')
    const act = fc.record({
      afterDays: fc.constantFrom(1, 5, 40),
      act: fc.constantFrom('grant', 'grant', 'deny', 'withdraw', 'object', 'opt_out'),
      purpose: purposes,
      property: fc.constantFrom('demo', null),
      notice: fc.constantFrom(notice, notice, null),
      method: fc.constantFrom('form', 'form', null),
      actor: fc.constantFrom('subject', 'subject', 'guardian'),
      explicit: fc.boolean(),
      names_gpc_conflict: fc.boolean(),
    })
    const person = fc
      .record({
        age: fc.constantFrom('unknown' as const, 12, 15, 17, 40),
        gpc: fc.boolean(),
        place: fc.constantFrom(
          { region: 'DE-SN' },
          { country: 'AT' },
          { region: 'US-CA' },
          { country: 'JP' },
          {},
        ),
        history: fc.array(act, { minLength: 1, maxLength: 4 }),
      })
      .map(({ place, ...rest }) => ({ ...rest, ...place }))
    const question = fc.record({
      purpose: purposes,
      afterDays: fc.constantFrom(1, 29, 200, 800),
      collectedBeforeDays: fc.constantFrom(0, 3, 100, null),
      property: fc.constantFrom('demo', null),
    })
    await fc.assert(
      fc.asyncProperty(person, question, async (someone, asked) => {
        const { real, simulated, statuses } = await both(someone, asked)
        expect(alike(simulated)).toEqual(alike(real))
        expect(simulated.history).toEqual(statuses)
      }),
      { numRuns: 40 },
    )
  })
})

describe('POST /v1/simulate', () => {
  const simulate = (person: object, question: object = {}) =>
    api.call('POST', '/v1/simulate', { person, question: { purpose: 'ai_training', ...question } })

  test('says which regimes were combined, through which territory, and what each asks', async () => {
    const { body } = await simulate({ age: 15, region: 'DE-SN', gpc: true }, { collected_at: '2026-03-01' })
    expect(body).toMatchObject({ allowed: false, reason: 'guardian_required' })
    expect(body.regimes).toMatchObject([
      { key: 'default', territory: null, rule: 'opt_in', rule_of: 'ai_training', decides: ['rule'] },
      { key: 'gdpr', territory: 'DE', rule: 'opt_in', consent_age: 16, consent_lifetime_days: 365 },
      { key: 'saxony', territory: 'DE-SN', consent_age: 18, decides: ['rule', 'age', 'lifetime'] },
    ])
    const rows = body.trace as { outcome: string }[]
    expect(rows).toHaveLength(15)
    expect(rows.map(({ outcome }) => outcome)).toEqual([
      ...Array(7).fill('passed'),
      'failed',
      ...Array(7).fill('not_reached'),
    ])
  })

  test('answers as if a release were published, and about another organisation’s as about none', async () => {
    const draft = { ...own, rules: { ...own.rules, ai_training: { rule: 'prohibited', basis: 'consent' } } }
    const draftIn = async (key?: string) => {
      const headers = key === undefined ? {} : { Authorization: `Bearer ${key}` }
      const opened = await api.call('POST', '/v1/releases', { title: 'Stricter' }, headers)
      const path = `/v1/releases/${String(opened.body.id)}/items/regime/default`
      expect((await api.call('PUT', path, { edit: 0, definition: draft }, headers)).status).toBe(200)
      return String(opened.body.id)
    }
    const release = await draftIn()
    const ask = (more: object) =>
      api.call('POST', '/v1/simulate', { person: {}, question: { purpose: 'ai_training' }, ...more })
    expect((await ask({})).body.reason).toBe('never_asked')
    expect((await ask({ release })).body.reason).toBe('purpose_prohibited')
    const theirs = await draftIn((await otherOrganisation(api)).key)
    const [found, unknown] = await Promise.all(
      [theirs, '00000000-0000-4000-8000-000000000000'].map((id) => ask({ release: id })),
    )
    expect(found!.status).toBe(404)
    expect(found!.body).toEqual(unknown!.body)
  })

  test('stores nothing', async () => {
    const before = api.decisions.revision()
    await simulate({
      country: 'DE',
      gpc: true,
      age: 20,
      history: [{ at: '2026-03-01', act: 'grant', purpose: 'ai_training', ...shown }],
    })
    expect(api.decisions.revision()).toEqual(before)
    expect(
      api.decisions.subjectOf(api.organisationId, { namespace: 'simulated', id: 'person' }),
    ).toBeUndefined()
  })

  test.each([
    {
      name: 'a purpose nobody has',
      act: { purpose: 'none' },
      pointer: '/person/history/0/purpose',
      status: 404,
    },
    {
      name: 'a notice nobody has',
      act: { notice: { ...notice, version: 9 } },
      pointer: '/person/history/0/notice',
      status: 404,
    },
    {
      name: 'a time after the question',
      act: { at: '2030-01-01' },
      pointer: '/person/history/0/at',
      status: 400,
    },
    { name: 'a time that cannot be read', act: { at: 'soon' }, pointer: '/person/history/0/at', status: 400 },
    {
      name: 'a property nobody has',
      act: { property: 'none' },
      pointer: '/person/history/0/property',
      status: 404,
    },
  ])('points to $name', async ({ act, pointer }) => {
    const history = [{ at: '2026-03-02', act: 'grant', purpose: 'ai_training', ...shown, ...act }]
    const { status, body } = await simulate({ history }, { at: '2027-01-01' })
    expect(status).toBeGreaterThanOrEqual(400)
    expect(body).toMatchObject({ pointer })
  })

  test('turns away a region that lies elsewhere', async () => {
    expect((await simulate({ country: 'FR', region: 'DE-SN' })).body).toMatchObject({
      pointer: '/person/region',
    })
  })
})
