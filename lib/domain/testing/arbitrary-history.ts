import fc from 'fast-check'
import type { Query } from '../decision.ts'
import type { ConfigBody, SubjectBody } from '../events.ts'
import type { RecallScope } from '../recall.ts'
import {
  aNotice,
  anOrganisation,
  aPurpose,
  aRegime,
  day,
  device,
  History,
  other,
  publishNotice,
  rule,
  start,
} from './history.ts'

/** Histories and questions drawn at random, for rules that hold whatever was said. */

const purposes = ['service', 'analytics', 'ads', 'ai_training', 'ai_training.tuning', 'ai_training.tests']
const purpose = fc.constantFrom(...purposes)
const property = fc.constantFrom(null, 'app', 'web', 'nowhere')
const regimeKey = fc.constantFrom(null, 'home', 'us', 'young')
const kinds = fc.constantFrom('opt_in' as const, 'opt_out' as const, 'notice_only' as const)
const bases = fc.constantFrom('consent' as const, 'legitimate_interests' as const)
const notice = fc.constantFrom(
  null,
  { key: 'main', version: 1, locale: 'en' },
  { key: 'main', version: 2, locale: 'en' },
  { key: 'app', version: 1, locale: 'en' },
  { key: 'main', version: 1, locale: 'xx' },
)
const actor = fc.constantFrom(
  'subject' as const,
  'subject' as const,
  'subject' as const,
  'guardian' as const,
  'controller' as const,
  'import' as const,
)

export const regimes = fc.record({
  home: kinds,
  homeBasis: bases,
  us: kinds,
  usBasis: bases,
  isProhibited: fc.boolean(),
  hasAges: fc.boolean(),
  unstated: fc.constantFrom('capable' as const, 'unknown' as const),
})

/** Where a place named the regime, those around it hold too. */
const withWider = (body: SubjectBody): fc.Arbitrary<SubjectBody> =>
  fc
    .constantFrom(null, null, 'us', 'young')
    .map((wider) => (wider === null ? body : ({ ...body, widerRegimes: [wider] } as SubjectBody)))

const grant: fc.Arbitrary<SubjectBody> = fc
  .record({
    act: fc.constant('granted' as const),
    purpose,
    property: fc.constantFrom(null, 'app', 'web'),
    notice,
    method: fc.constantFrom('form', 'form', 'form', null),
    actor,
    regime: regimeKey,
    country: fc.constantFrom(null, 'AT'),
    explicit: fc.boolean(),
    namesGpcConflict: fc.boolean(),
    imported: fc.boolean(),
    experience: fc.constantFrom(null, null, { key: 'banner', version: 1 }, { key: 'banner', version: 2 }),
    via: fc.constantFrom(null, 'k1', 'k2'),
    importId: fc.constantFrom(null, null, null, 'spring'),
  })
  .chain(withWider)
export const refusal: fc.Arbitrary<SubjectBody> = fc
  .record({
    act: fc.constantFrom('denied' as const, 'withdrawn' as const, 'objected' as const, 'opted_out' as const),
    purpose,
    property: fc.constantFrom(null, 'app', 'web'),
    notice,
    method: fc.constant(null),
    actor,
    regime: regimeKey,
  })
  .chain(withWider)
const fact: fc.Arbitrary<SubjectBody> = fc.oneof(
  fc.constant({ act: 'gpc_opted_out' as const, property: null, regime: null }),
  fc.record({ act: fc.constant('invalidated' as const), grantSeq: fc.integer({ min: 14, max: 24 }) }),
  fc.record({
    act: fc.constant('expired' as const),
    purpose,
    property: fc.constant(null),
    grantSeq: fc.integer({ min: 14, max: 24 }),
  }),
  fc.record({ act: fc.constant('objection_overridden' as const), purpose }),
  fc.constantFrom(
    { act: 'restricted' as const },
    { act: 'restriction_lifted' as const },
    { act: 'erased' as const },
  ),
  fc.constantFrom(
    { act: 'age_stated' as const, atLeast: 18, below: null },
    { act: 'age_stated' as const, atLeast: 13, below: 16 },
    { act: 'age_stated' as const, atLeast: null, below: 13 },
  ),
  fc.constantFrom(
    { act: 'linked' as const, other: device },
    { act: 'unlinked' as const, other: device },
    { act: 'linked' as const, other: other },
    { act: 'linked' as const, other: other, device: true as const },
  ),
)
const later: fc.Arbitrary<ConfigBody> = fc.oneof(
  fc.constantFrom<ConfigBody>(
    { act: 'notice_invalidated', notice: 'main', version: 1 },
    { act: 'notice_withdrawn', notice: 'main', version: 1 },
    { act: 'purpose_retired', purpose: 'ads' },
    { act: 'assessment_revoked', assessment: 'a' },
    publishNotice(aNotice('main', 2, [...purposes.slice(0, 3), { purpose: 'ai_training', version: 2 }])),
    {
      act: 'purpose_published',
      version: 2,
      definition: aPurpose('ai_training', { categories: ['chat', 'usage'], retentionDays: 30 }),
    },
    {
      act: 'purpose_published',
      version: 2,
      definition: aPurpose('analytics', { recipients: ['someone'], retentionDays: 50 }),
      material: true,
    },
    { act: 'regime_published', version: 2, definition: aRegime('us', { consentLifetimeDays: 10 }) },
  ),
)
const recall: fc.Arbitrary<ConfigBody> = fc
  .constantFrom<RecallScope>(
    { kind: 'experience', key: 'banner', version: 1 },
    { kind: 'import', id: 'spring' },
    { kind: 'key', id: 'k1' },
    { kind: 'key', id: 'k2' },
    { kind: 'notice', key: 'main', version: 1 },
    { kind: 'notice', key: 'app', version: 1 },
  )
  .map((scope) => ({ act: 'consents_invalidated', scope, reason: 'a dark pattern', by: 'member:1' }))
type Step = { readonly days: number; readonly late: number } & (
  | { readonly body: SubjectBody }
  | { readonly config: ConfigBody }
)
export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc
    .oneof(
      { weight: 5, arbitrary: grant.map((body) => ({ body })) },
      { weight: 4, arbitrary: refusal.map((body) => ({ body })) },
      { weight: 2, arbitrary: fact.map((body) => ({ body })) },
      { weight: 1, arbitrary: later.map((config) => ({ config })) },
      { weight: 1, arbitrary: recall.map((config) => ({ config })) },
    )
    .chain((step) =>
      fc
        .record({ days: fc.constantFrom(0, 0, 1, 5, 40), late: fc.constantFrom(0, 0, 0, 1, 3, 30) })
        .map((when) => ({ ...step, ...when })),
    ),
  { maxLength: 12 },
)
export const query = fc.record({
  purpose: fc.oneof({ weight: 9, arbitrary: purpose }, { weight: 1, arbitrary: fc.constant('nothing') }),
  property,
  collected: fc.constantFrom(null, 0, 1, 2, 20, 60, -1, 400),
  demandsCollectedAt: fc.boolean(),
  categories: fc.constantFrom(null, null, ['chat'], ['usage'], ['health'], ['x'], []),
  recipient: fc.constantFrom(null, null, null, 'someone'),
  regime: regimeKey,
  sourcePurpose: fc.constantFrom(null, 'service', 'analytics'),
  freshness: fc.constantFrom(
    'fresh' as const,
    'fresh' as const,
    'fresh' as const,
    'fresh' as const,
    'stale' as const,
  ),
})

type Drawn<T> = T extends fc.Arbitrary<infer Value> ? Value : never

export function begin(drawn: Drawn<typeof regimes>): History {
  const ages = { default: 16, countries: { AT: 14 }, unstated: drawn.unstated }
  const earlier = { fromMs: start - 10 * day, sourcePurposes: ['service', 'analytics'] }
  const history = new History()
  history.publish(
    { act: 'organisation_published', definition: anOrganisation },
    {
      act: 'regime_published',
      version: 1,
      definition: aRegime('home', {
        rules: { ai_training: rule('opt_in'), service: rule('notice_only', { basis: 'contract' }) },
        fallback: rule(drawn.home, { basis: drawn.homeBasis }),
        ageBands: drawn.hasAges ? ages : null,
      }),
    },
    {
      act: 'regime_published',
      version: 1,
      definition: aRegime('us', {
        rules: drawn.isProhibited ? { ads: rule('prohibited') } : {},
        fallback: rule(drawn.us, { basis: drawn.usBasis, optInBelowAge: 16 }),
        gpc: { counts: true, purposes: drawn.isProhibited ? ['ai_training'] : [] },
        consentLifetimeDays: 50,
      }),
    },
    { act: 'property_published', definition: { key: 'app', name: 'App', origins: [] } },
    { act: 'property_published', definition: { key: 'web', name: 'Web', origins: [] } },
    ...purposes.map(
      (key): ConfigBody => ({
        act: 'purpose_published',
        version: 1,
        definition: aPurpose(key, {
          saleOrSharing: key === 'ads',
          needsCollectedAt: key === 'ai_training',
          categories: key === 'ads' ? ['chat', 'health'] : ['chat'],
          recipients: key === 'analytics' ? ['someone'] : [],
          retentionDays: key === 'analytics' ? 50 : null,
        }),
      }),
    ),
  )
  history
    .pass(1)
    .publish(
      publishNotice(
        aNotice('main', 1, [
          'service',
          { purpose: 'analytics', coversEarlier: earlier },
          { purpose: 'ads', explicitCategories: ['health'] },
          { purpose: 'ai_training', coversEarlier: earlier },
          'ai_training.tuning',
        ]),
      ),
      publishNotice(aNotice('app', 1, ['analytics', 'ads', 'ai_training', 'ai_training.tests'], 'app')),
    )
  return history.approve().pass(1)
}

export function play(history: History, drawn: readonly Step[]): History {
  for (const step of drawn) {
    history.pass(step.days)
    if ('config' in step && step.config.act === 'consents_invalidated') history.publish(step.config)
    else if ('config' in step) publishOnce(history, step.config)
    else history.record(step.body, { occurredAtMs: history.nowMs - step.late * day })
  }
  return history.pass(1)
}

/** Versions follow one another: what is published already is not published again. */
function publishOnce(history: History, body: ConfigBody): void {
  const isThere = history.events.some((event) => JSON.stringify(event.body) === JSON.stringify(body))
  if (!isThere) history.publish(body)
}

export function toQuery(history: History, { collected, ...rest }: Drawn<typeof query>): Query {
  const collectedAtMs = collected === null ? null : history.nowMs - collected * day
  return history.query(rest.purpose, { ...rest, collectedAtMs })
}
