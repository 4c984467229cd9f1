import { describe, expect, test } from 'vitest'
import { combineDecisions } from './combine-decisions.ts'
import type { Query } from './decision.ts'
import { decisionRows } from './decision-rows.ts'
import type { ConfigBody } from './events.ts'
import { explain } from './explain.ts'
import { denyReasons, permitReasons, type Reason } from './reasons.ts'
import {
  alice,
  aNotice,
  aPurpose,
  aRegime,
  day,
  device,
  History,
  main,
  other,
  publishNotice,
  rule,
} from './testing/history.ts'

type Case = {
  readonly row: number | 'permit'
  readonly want: Reason
  readonly history: () => History
  readonly purpose?: string
  readonly query?: (history: History) => Partial<Query>
}

const optOut = {
  act: 'regime_published',
  version: 2,
  definition: aRegime('home', { fallback: rule('opt_out') }),
} as const
const noticeOnly = { ...optOut, definition: aRegime('home', { fallback: rule('notice_only') }) }
const yes = (...more: readonly ConfigBody[]) => {
  const history = History.begin(...more)
  history.yes('analytics')
  return history
}

const cases: readonly Case[] = [
  { row: 0, want: 'stale', history: yes, query: () => ({ freshness: 'stale' }) },
  { row: 0, want: 'recovering', history: yes, query: () => ({ freshness: 'recovering' }) },
  { row: 1, want: 'purpose_unknown', history: yes, purpose: 'nothing' },
  {
    row: 1,
    want: 'purpose_retired',
    history: () => yes().publish({ act: 'purpose_retired', purpose: 'analytics' }),
  },
  {
    row: 2,
    want: 'purpose_prohibited',
    history: () =>
      yes().publish({ ...optOut, definition: aRegime('home', { fallback: rule('prohibited') }) }),
  },
  { row: 2, want: 'purpose_prohibited', history: yes, query: () => ({ regime: 'moon' }) },
  {
    row: 3,
    want: 'subject_ambiguous',
    history: () => yes().link(alice, device).link(alice, other),
  },
  {
    row: 3,
    want: 'subject_erased',
    history: () => {
      const history = yes().pass(1)
      history.record({ act: 'erased' })
      return history
    },
    query: ({ nowMs }) => ({ collectedAtMs: nowMs - 1 }),
  },
  {
    row: 4,
    want: 'processing_restricted',
    history: () => {
      const history = yes()
      history.record({ act: 'restricted' })
      return history
    },
  },
  { row: 5, want: 'consent_denied', history: () => yes().no('analytics', { act: 'denied' }) },
  { row: 5, want: 'consent_withdrawn', history: () => yes().no('analytics', { act: 'withdrawn' }) },
  { row: 5, want: 'objected', history: () => yes().no('analytics', { act: 'objected' }) },
  { row: 5, want: 'opted_out', history: () => yes().no('analytics', { act: 'opted_out' }) },
  {
    row: 5,
    want: 'gpc_opt_out',
    purpose: 'ads',
    history: () => {
      const gpc = aRegime('home', { gpc: { counts: true, purposes: [] } })
      const history = History.begin({ ...optOut, definition: gpc })
      history.yes('ads')
      history.record({ act: 'gpc_opted_out', property: null, regime: null })
      return history
    },
  },
  {
    row: 6,
    want: 'child_refused',
    purpose: 'ai_training',
    history: () => {
      const history = History.begin()
      history.yes('ai_training')
      return history.no('ai_training.tests')
    },
  },
  {
    row: 7,
    want: 'guardian_required',
    history: () => {
      const history = aged('capable')
      history.record({ act: 'age_stated', atLeast: 13, below: 16 })
      history.yes('analytics')
      return history
    },
  },
  {
    row: 7,
    want: 'age_unknown',
    history: () => {
      const history = aged('unknown')
      history.yes('analytics')
      return history
    },
  },
  { row: 8, want: 'never_asked', history: () => History.begin() },
  {
    row: 8,
    want: 'collected_before_notice',
    history: () => History.begin(optOut),
    query: ({ policy }) => ({ collectedAtMs: policy!.notices.get('main')![0]!.publishedAtMs - 1 }),
  },
  {
    row: 9,
    want: 'consent_unproven',
    history: () => {
      const history = History.begin()
      history.yes('analytics', { notice: null })
      return history
    },
  },
  {
    row: 9,
    want: 'consent_unproven',
    history: () => {
      const history = History.begin()
      history.yes('analytics', { method: null })
      return history
    },
  },
  {
    row: 9,
    want: 'consent_invalidated',
    history: () => {
      const history = yes()
      history.record({ act: 'invalidated', grantSeq: history.events.length })
      return history
    },
  },
  {
    row: 9,
    want: 'consent_invalidated',
    history: () => yes().publish({ act: 'notice_invalidated', notice: 'main', version: 1 }),
  },
  { row: 10, want: 'consent_expired', history: () => yes().pass(365) },
  {
    row: 11,
    want: 'notice_superseded',
    history: () =>
      yes().publish({
        act: 'purpose_published',
        version: 2,
        definition: aPurpose('analytics', { categories: ['chat', 'usage'] }),
      }),
  },
  { row: 12, want: 'property_not_covered', history: yes, query: () => ({ property: 'nowhere' }) },
  {
    row: 12,
    want: 'property_not_covered',
    history: () => {
      const history = History.begin()
      history.yes('analytics', { property: 'app', notice: { ...main, key: 'app' } })
      return history
    },
    query: () => ({ property: 'web' }),
  },
  { row: 12, want: 'recipient_not_covered', history: yes, query: () => ({ recipient: 'someone' }) },
  { row: 12, want: 'category_not_covered', history: yes, query: () => ({ categories: ['usage'] }) },
  {
    row: 12,
    want: 'category_not_covered',
    history: yes,
    query: () => ({ categories: ['chat', 'unheard of'] }),
  },
  { row: 12, want: 'category_required', history: () => special(), purpose: 'health' },
  {
    row: 12,
    want: 'explicit_consent_required',
    history: () => special(),
    purpose: 'health',
    query: () => ({ categories: ['health'] }),
  },
  { row: 13, want: 'collected_at_required', history: yes, query: () => ({ demandsCollectedAt: true }) },
  {
    row: 13,
    want: 'collected_at_required',
    history: yes,
    query: ({ nowMs }) => ({ collectedAtMs: nowMs + 5_001 }),
  },
  {
    row: 13,
    want: 'collected_before_consent',
    history: yes,
    query: ({ nowMs }) => ({ collectedAtMs: nowMs - 1 }),
  },
  {
    row: 14,
    want: 'retention_exceeded',
    history: () => {
      const history = History.begin({
        act: 'purpose_published',
        version: 2,
        definition: aPurpose('analytics', { retentionDays: 30 }),
      })
      history.yes('analytics')
      return history.pass(30)
    },
    query: ({ nowMs }) => ({ collectedAtMs: nowMs - 30 * day }),
  },
  { row: 'permit', want: 'consent_given', history: yes },
  { row: 'permit', want: 'not_opted_out', history: () => History.begin(optOut) },
  { row: 'permit', want: 'notice_only', history: () => History.begin(noticeOnly) },
  {
    row: 'permit',
    want: 'compatible_use',
    history: () => {
      const basis = aRegime('home', {
        rules: { service: rule('notice_only', { basis: 'contract' }) },
        fallback: rule('opt_in', { basis: 'legitimate_interests' }),
      })
      return History.begin({ ...optOut, definition: basis }).approve()
    },
    query: () => ({ sourcePurpose: 'service' }),
  },
]

function aged(unstated: 'capable' | 'unknown'): History {
  const ageBands = { default: 16, countries: { AT: 14 }, unstated }
  return History.begin({ ...optOut, definition: aRegime('home', { ageBands }) })
}

function special(explicit = false): History {
  const history = History.begin(
    { act: 'purpose_published', version: 1, definition: aPurpose('health', { categories: ['health'] }) },
    publishNotice(aNotice('health', 1, [{ purpose: 'health', explicitCategories: ['health'] }])),
  )
  history.yes('health', { notice: { ...main, key: 'health' }, explicit })
  return history
}

describe('decide, row by row', () => {
  test.each(cases)('row $row: $want', ({ row, want, history, purpose = 'analytics', query }) => {
    const played = history()
    const asked = played.query(purpose, query?.(played))
    const { decision, trace } = explain(played.policy!, played.states.get(alice), asked)
    expect(decision.reason).toBe(want)
    expect(decision).toEqual(played.ask(purpose, asked))
    expect(trace).toHaveLength(decisionRows.length)
    const failed = trace.find(({ outcome }) => outcome === 'failed')
    expect(failed?.row ?? 'permit').toBe(row)
    expect(trace.every(({ outcome, saw }) => outcome === 'not_reached' || saw !== '')).toBe(true)
  })

  test('every reason has a row here, but for records about several people and for what publishers say', () => {
    const covered = new Set(cases.map(({ want }) => want))
    expect([...denyReasons, ...permitReasons].filter((reason) => !covered.has(reason))).toEqual([
      'co_subject_denied',
      'content_usage_disallowed',
    ])
  })

  test('the first row that fails names the reason', () => {
    // Each thing that is wrong hides those below it; taken away one by one, the next one shows.
    const history = yes()
    history.record({ act: 'restricted' })
    history.no('analytics')
    history.publish({ act: 'notice_invalidated', notice: 'main', version: 1 })
    history.pass(400).publish({ act: 'purpose_retired', purpose: 'analytics' })
    const query = { property: 'nowhere', categories: ['x'], collectedAtMs: 0 } as const
    expect(history.reason('analytics', { ...query, freshness: 'stale' })).toBe('stale')
    expect(history.reason('analytics', query)).toBe('purpose_retired')
    history.publish({ act: 'purpose_published', version: 2, definition: aPurpose('analytics') })
    expect(history.reason('analytics', { ...query, regime: 'moon' })).toBe('purpose_prohibited')
    expect(history.reason('analytics', query)).toBe('processing_restricted')
    history.record({ act: 'restriction_lifted' })
    expect(history.reason('analytics', query)).toBe('consent_denied')
  })
})

describe('to the millisecond', () => {
  test('a yes holds until the millisecond before it runs out', () => {
    const history = yes()
    const { expiresAtMs } = history.states.get(alice)!.rows[0]!.grant!
    expect(history.reason('analytics', { nowMs: expiresAtMs - 1 })).toBe('consent_given')
    expect(history.reason('analytics', { nowMs: expiresAtMs })).toBe('consent_expired')
  })

  test('data from the very millisecond of the yes is covered, from the one before it is not', () => {
    const history = yes()
    expect(history.reason('analytics', { collectedAtMs: history.nowMs })).toBe('consent_given')
    expect(history.reason('analytics', { collectedAtMs: history.nowMs - 1 })).toBe('collected_before_consent')
  })

  test('data from up to five seconds ahead counts as of now', () => {
    const history = yes()
    expect(history.reason('analytics', { collectedAtMs: history.nowMs + 5_000 })).toBe('consent_given')
    expect(history.reason('analytics', { collectedAtMs: history.nowMs + 5_001 })).toBe(
      'collected_at_required',
    )
  })

  test('data from the millisecond of an erasure is decided afresh', () => {
    const history = yes().pass(1)
    history.record({ act: 'erased' })
    history.yes('analytics')
    expect(history.reason('analytics', { collectedAtMs: history.nowMs })).toBe('consent_given')
    expect(history.reason('analytics', { collectedAtMs: history.nowMs - 1 })).toBe('subject_erased')
  })

  test('retention ends with its last millisecond', () => {
    const history = History.begin({
      act: 'purpose_published',
      version: 2,
      definition: aPurpose('analytics', { retentionDays: 1 }),
    })
    history.yes('analytics')
    const collectedAtMs = history.nowMs
    history.pass(1)
    expect(history.reason('analytics', { collectedAtMs, nowMs: history.nowMs - 1 })).toBe('consent_given')
    expect(history.reason('analytics', { collectedAtMs })).toBe('retention_exceeded')
  })
})

describe('obligations', () => {
  test('name the categories of both versions, the start of the run, and a day at most', () => {
    const history = yes().pass(10)
    expect(history.ask('analytics')).toMatchObject({
      allowed: true,
      obligations: {
        categories: ['chat'],
        collectedFromMs: history.nowMs - 10 * day,
        useUntilMs: history.nowMs + day,
      },
      assumed: ['collected_at'],
    })
  })

  test('end where the yes ends', () => {
    const history = yes().pass(364.5)
    expect(history.ask('analytics')).toMatchObject({ obligations: { useUntilMs: history.nowMs + day / 2 } })
  })
})

describe('a record about several people', () => {
  test('needs all of them, names only the first one’s own reason, and keeps to the narrowest', () => {
    const history = yes()
    const permit = history.ask('analytics')
    const denial = history.ask('analytics', {}, device)
    expect(combineDecisions([permit, permit])).toEqual(permit)
    expect(combineDecisions([permit, denial]).reason).toBe('co_subject_denied')
    expect(combineDecisions([denial, permit]).reason).toBe('never_asked')
    if (!permit.allowed) throw new Error('a permit was expected')
    const narrow = {
      ...permit,
      obligations: { categories: [], collectedFromMs: history.nowMs + 1, useUntilMs: 5 },
    }
    expect(combineDecisions([permit, narrow])).toMatchObject({ obligations: narrow.obligations })
  })
})

test('explicit consent under a notice that names the category allows a special one', () => {
  expect(special(true).reason('health', { categories: ['health'] })).toBe('consent_given')
})
