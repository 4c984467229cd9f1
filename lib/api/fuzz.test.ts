import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkLog } from '../storage/ledger/testing/check-log.ts'
import { readConsents } from './hot/read-consents.ts'
import { readCheck, readEvaluation } from './hot/read-question.ts'
import { consentsRequest } from './schemas/consents.ts'
import { checkRequest, evaluationRequest } from './schemas/decisions.ts'
import { type RunningApi, startApi } from './testing/start-api.ts'

let api: RunningApi
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

const anything = fc.jsonValue({ maxDepth: 2 })
const subjects = fc.integer({ min: 0, max: 40 }).map((n) => `user:u${n}`)
const purposes = fc.constantFrom(
  'ai_training',
  'ai_training.fine_tuning',
  'analytics',
  'service',
  'personalization',
)
const instants = fc.constantFrom(
  '2026-11-23',
  '2026-11-23T10:00:00Z',
  '2026-11-23T10:00:00+02:00',
  'yesterday',
  '',
)
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 })

const checks = fc.record({
  subject: subjects,
  purpose: purposes,
  collected_at: optional(instants),
  property: optional(fc.constantFrom('demo', 'nowhere')),
  categories: optional(fc.array(fc.constantFrom('feedback', 'health', 'x'), { maxLength: 3 })),
  recipient: optional(fc.constantFrom('someone')),
  regime: optional(fc.constantFrom('gdpr', 'ccpa')),
  at_least: optional(fc.constantFrom('0:1', '0:0')),
})
const evaluations = fc.record({
  subject: fc.record({ type: fc.constant('user'), id: fc.integer({ min: 0, max: 40 }).map((n) => `u${n}`) }),
  action: fc.record({ name: purposes }),
  resource: fc.record({
    type: fc.constant('record'),
    id: fc.constant('1'),
    properties: optional(
      fc.record({ collected_at: optional(instants), property: optional(fc.constant('demo')) }),
    ),
  }),
  context: optional(
    fc.record({ regime: optional(fc.constantFrom('gdpr')), recipient: optional(fc.constant('x')) }),
  ),
})
const consents = fc.record({
  subject: subjects,
  property: optional(fc.constantFrom('demo')),
  notice: optional(
    fc.record({ key: fc.constant('starter'), version: fc.constant(1), locale: fc.constantFrom('en', 'de') }),
  ),
  evidence: optional(fc.record({ method: fc.constantFrom('form', 'api') })),
  choices: fc.uniqueArray(
    fc.record({ purpose: purposes, act: fc.constantFrom('grant', 'deny', 'withdraw', 'object', 'opt_out') }),
    { minLength: 1, maxLength: 4, selector: ({ purpose }) => purpose },
  ),
  regime: optional(fc.constantFrom('gdpr', 'ccpa')),
})

/** One member of a valid body replaced by anything, or dropped. */
function broken(valid: fc.Arbitrary<object>): fc.Arbitrary<unknown> {
  return fc.tuple(valid, fc.nat(), anything, fc.boolean()).map(([body, at, value, isDropped]) => {
    const names = Object.keys(body)
    const name = names[at % names.length]!
    const { [name]: _gone, ...rest } = body as Record<string, unknown>
    return isDropped ? rest : { ...rest, [name]: value }
  })
}

test('2,000 bodies at the write and decision routes: only 2xx or 4xx, and the state is still the fold', async () => {
  const routes = [
    ['/v1/check', checks],
    ['/access/v1/evaluation', evaluations],
    ['/v1/consents', consents],
    ['/access/v1/evaluations', evaluations.map((each) => ({ ...each, evaluations: [{}, each] }))],
  ] as const
  const body = fc
    .constantFrom(...routes)
    .chain(([path, valid]) =>
      fc
        .oneof(
          { weight: 3, arbitrary: valid as fc.Arbitrary<unknown> },
          { weight: 3, arbitrary: broken(valid) },
          { weight: 1, arbitrary: anything },
        )
        .map((value) => ({ path, text: JSON.stringify(value) })),
    )
  const mangled = fc.oneof(
    { weight: 9, arbitrary: body },
    {
      weight: 1,
      arbitrary: fc
        .tuple(body, fc.nat())
        .map(([{ path, text }, at]) => ({ path, text: text.slice(0, at % (text.length + 1)) })),
    },
  )
  const sample = fc.sample(mangled, { numRuns: 2_000, seed: 20_261_124 })
  const count: Record<string, number> = {}
  for (let at = 0; at < sample.length; at += 50) {
    await Promise.all(
      sample.slice(at, at + 50).map(async ({ path, text }) => {
        const { status } = await api.call('POST', path, text)
        count[Math.floor(status / 100)] = (count[Math.floor(status / 100)] ?? 0) + 1
        expect([2, 4], `${path} ${text}`).toContain(Math.floor(status / 100))
      }),
    )
  }
  expect(count[2]).toBeGreaterThan(400)
  expect(count[4]).toBeGreaterThan(200)
  const { seq, states } = await checkLog(api.database.owner, api.keys)
  expect(seq).toBe(api.decisions.revision().seq)
  for (const [id, state] of states) expect(api.decisions.state(api.organisationId, id)).toEqual(state)
})

test.each([
  { name: '/v1/check', valid: checks as fc.Arbitrary<object>, read: readCheck, schema: checkRequest },
  {
    name: '/access/v1/evaluation',
    valid: evaluations as fc.Arbitrary<object>,
    read: readEvaluation,
    schema: evaluationRequest,
  },
])(
  'the hand-written reader of $name takes what the schema takes, and nothing else',
  ({ valid, read, schema }) => {
    const deepBroken = valid.chain((body) =>
      fc.constantFrom(...Object.keys(body)).chain((name) => {
        const member = (body as Record<string, unknown>)[name]
        const isObject = typeof member === 'object' && member !== null && !Array.isArray(member)
        return isObject
          ? broken(fc.constant(member)).map((inner) => ({ ...body, [name]: inner }))
          : fc.constant(body)
      }),
    )
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.constantFrom('', 'x'.repeat(300), 'a\0', '\ud800', 'user:'),
    )
    const withText = fc.tuple(broken(valid), text).map(([body, value]) => {
      const entries = Object.entries(body as object)
      return entries.length === 0 ? body : Object.fromEntries([...entries.slice(1), [entries[0]![0], value]])
    })
    fc.assert(
      fc.property(fc.oneof(valid, broken(valid), deepBroken, withText, anything), (value) => {
        const isTaken = (() => {
          try {
            read(value)
            return true
          } catch {
            return false
          }
        })()
        expect(isTaken).toBe(schema.safeParse(value).success)
      }),
      { numRuns: 5_000 },
    )
  },
)

test('the hand-written reader of /v1/consents reads what the schema reads, and nothing else', () => {
  const parts = fc.record({
    ...{
      subject: subjects,
      property: fc.constantFrom('demo', null),
      regime: fc.constantFrom('gdpr', null, ''),
    },
    country: fc.constantFrom('DE', 'de', 'DEU', null),
    region: fc.constantFrom('DE-SN', 'DE-', 'US-CA', 'de-sn', 'DE-ABCD', null),
    occurred_at: instants,
    actor: fc.constantFrom('subject', 'guardian', 'import', 'nobody', null),
    names_gpc_conflict: fc.constantFrom(true, false, null, 1),
    notice: fc.record({
      key: fc.constantFrom('starter', '', 'a\0'),
      version: fc.constantFrom(1, 0, 1.5, 1_000_000, 1_000_001, '1'),
      locale: fc.constantFrom('en', 'x'.repeat(36)),
      more: optional(fc.constant('beside')),
    }),
    evidence: fc.record({
      method: fc.constantFrom('form', null, 3),
      reference: fc.constantFrom('r', null),
      x: anything,
    }),
    choices: fc.array(
      fc.record({
        purpose: purposes,
        act: fc.constantFrom('grant', 'deny', 'withdraw', 'object', 'opt_out', 'grants'),
        explicit: optional(fc.constantFrom(true, false, null)),
      }),
      { maxLength: 3 },
    ),
  })
  const valid = consents as fc.Arbitrary<object>
  const mixed = fc
    .tuple(valid, parts, fc.array(fc.nat({ max: 10 }), { maxLength: 4 }))
    .map(([body, other, at]) => {
      const names = Object.keys(other)
      const taken = at.map((i) => names[i % names.length]!)
      return {
        ...body,
        ...Object.fromEntries(taken.map((name) => [name, (other as Record<string, unknown>)[name]])),
      }
    })
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 4 }),
    fc.constantFrom('a\0', '\ud800', 'user:'),
  )
  const withText = fc
    .tuple(mixed, fc.nat(), texts)
    .map(([body, at, text]) => ({ ...body, [Object.keys(body)[at % Object.keys(body).length]!]: text }))
  let taken = 0
  fc.assert(
    fc.property(fc.oneof(valid, mixed, broken(mixed), withText, anything), (value) => {
      // As it comes from the wire: members that are undefined are not there.
      const sent: unknown = JSON.parse(JSON.stringify(value) ?? 'null')
      const wanted = consentsRequest.safeParse(sent)
      const read = readConsents(sent)
      expect(read !== undefined).toBe(wanted.success)
      if (wanted.success) expect(read).toEqual(wanted.data)
      if (wanted.success) taken += 1
    }),
    { numRuns: 8_000 },
  )
  expect(taken).toBeGreaterThan(1_500)
})
