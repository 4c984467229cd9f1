import { describe, expect, test } from 'vitest'
import type { ConfigBody, GrantBody } from './events.ts'
import { explain } from './explain.ts'
import type { RecallScope } from './recall.ts'
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

const app = { key: 'app', version: 1, locale: 'en' }
const regime = (version: number, changes: Parameters<typeof aRegime>[1]): ConfigBody => ({
  act: 'regime_published',
  version,
  definition: aRegime('home', changes),
})
const interests = regime(2, { fallback: rule('opt_out') })

describe('a refusal of any kind stands under every rule, basis and version', () => {
  test.each(['denied', 'withdrawn', 'objected', 'opted_out'] as const)(
    '%s in March, legal basis swapped in April: still no',
    (act) => {
      const history = History.begin()
      history.yes('analytics')
      history.no('analytics', { act }).pass(31).publish(interests)
      expect(history.ask('analytics').allowed).toBe(false)
      history.publish(regime(3, { fallback: rule('notice_only') }))
      history.publish({ act: 'purpose_published', version: 2, definition: aPurpose('analytics') })
      expect(history.ask('analytics').allowed).toBe(false)
    },
  )

  test('only a later, valid yes to the same purpose lifts it', () => {
    const history = History.begin().no('analytics').pass(1)
    history.yes('ads')
    history.yes('analytics', { notice: null })
    history.yes('analytics', { notice: { ...main, version: 9 } })
    expect(history.reason('analytics')).toBe('consent_denied')
    history.yes('analytics')
    expect(history.reason('analytics')).toBe('consent_given')
  })

  test('where the rule asks for no consent, the yes that lifted a no is held to everything a yes is held to', () => {
    const history = History.begin(interests).no('analytics').pass(1)
    history.yes('analytics')
    expect(history.reason('analytics')).toBe('not_opted_out')
    expect(history.reason('analytics', { collectedAtMs: history.nowMs - 1 })).toBe('collected_before_consent')
    expect(history.reason('analytics', { nowMs: history.nowMs + 365 * day })).toBe('consent_expired')
  })

  test('an objection acts at once; only a recorded decision or her own yes lifts it', () => {
    const history = History.begin(interests).no('analytics', { act: 'objected' })
    expect(history.reason('analytics')).toBe('objected')
    history.record({ act: 'objection_overridden', purpose: 'analytics' })
    expect(history.reason('analytics')).toBe('not_opted_out')
    history.no('analytics')
    history.record({ act: 'objection_overridden', purpose: 'analytics' })
    expect(history.reason('analytics')).toBe('consent_denied')
  })
})

describe('a yes reaches what its notice names, a no at least as far', () => {
  test('refuses in the health app, accepts on the recipe site', () => {
    const history = History.begin()
    history.no('analytics', { property: 'app', notice: app }).pass(1)
    history.yes('analytics', { property: 'web' })
    expect(history.reason('analytics', { property: 'web' })).toBe('consent_given')
    expect(history.reason('analytics', { property: 'app' })).toBe('consent_denied')
    expect(history.reason('analytics')).toBe('consent_denied')
  })

  test('a yes under one app’s notice says nothing about the organisation', () => {
    const history = History.begin()
    history.yes('analytics', { property: 'app', notice: app })
    expect(history.reason('analytics', { property: 'app' })).toBe('consent_given')
    expect(history.reason('analytics', { property: 'web' })).toBe('property_not_covered')
    expect(history.reason('analytics')).toBe('property_not_covered')
  })

  test('a no said in one app answers the organisation’s notice for the organisation', () => {
    const history = History.begin()
    history.yes('analytics', { property: 'web' })
    history.no('analytics', { property: 'app' })
    expect(history.reason('analytics', { property: 'web' })).toBe('consent_denied')
  })

  test('a later yes in one app outlives the organisation’s no there, and nowhere else', () => {
    const history = History.begin().no('analytics').pass(1)
    history.yes('analytics', { property: 'app', notice: app })
    expect(history.reason('analytics', { property: 'app' })).toBe('consent_given')
    expect(history.reason('analytics', { property: 'web' })).toBe('consent_denied')
    expect(history.reason('analytics')).toBe('consent_denied')
  })
})

describe('a parent’s yes and its children', () => {
  test('covers the children its notice names, and no other', () => {
    const history = History.begin()
    history.yes('ai_training')
    expect(history.reason('ai_training.tuning')).toBe('consent_given')
    const narrow = History.begin()
    narrow.yes('ai_training', { property: 'app', notice: app })
    expect(narrow.reason('ai_training.tuning', { property: 'app' })).toBe('never_asked')
  })

  test('never lifts a child’s no', () => {
    const history = History.begin().no('ai_training.tuning').pass(1)
    history.yes('ai_training')
    expect(history.reason('ai_training.tuning')).toBe('consent_denied')
    expect(history.reason('ai_training')).toBe('child_refused')
    expect(history.reason('ai_training.tests')).toBe('consent_given')
  })

  test('a parent’s no is a no to its children; a parent never asked is none', () => {
    const history = History.begin()
    history.yes('ai_training.tuning')
    expect(history.reason('ai_training.tuning')).toBe('consent_given')
    history.no('ai_training')
    expect(history.reason('ai_training.tuning')).toBe('consent_denied')
  })
})

describe('the rule combines every regime the person was ever seen under', () => {
  const strict: ConfigBody = {
    act: 'regime_published',
    version: 1,
    definition: aRegime('eu', { consentLifetimeDays: 100 }),
  }
  const lax: ConfigBody = {
    act: 'regime_published',
    version: 1,
    definition: aRegime('texas', { fallback: rule('opt_out'), consentLifetimeDays: 900 }),
  }

  test('a German opens the app in Texas', () => {
    const history = History.begin(interests, strict, lax)
    expect(history.reason('analytics', { regime: 'texas' })).toBe('not_opted_out')
    history.yes('ads', { regime: 'eu' })
    history.pass(1).yes('ads', { regime: 'texas' })
    expect(history.reason('analytics', { regime: 'texas' })).toBe('never_asked')
  })

  test('the shortest lifetime counts, and a question can only tighten', () => {
    const history = History.begin(strict, lax)
    history.yes('analytics', { regime: 'texas' })
    history.pass(200)
    expect(history.reason('analytics')).toBe('consent_given')
    expect(history.reason('analytics', { regime: 'texas' })).toBe('consent_given')
    expect(history.reason('analytics', { regime: 'eu' })).toBe('consent_expired')
  })

  test('someone known to be too young must be asked where others may be told', () => {
    const history = History.begin(regime(2, { fallback: rule('opt_out', { optInBelowAge: 16 }) }))
    expect(history.reason('analytics')).toBe('not_opted_out')
    history.record({ act: 'age_stated', atLeast: 13, below: 16 })
    expect(history.reason('analytics')).toBe('never_asked')
  })
})

describe('Global Privacy Control', () => {
  const counting = regime(2, { fallback: rule('opt_out'), gpc: { counts: true, purposes: [] } })
  const signal = { act: 'gpc_opted_out', property: null, regime: null } as const

  test('refuses what is sold or shared, under any rule, and nothing else', () => {
    const history = History.begin(counting)
    expect(history.reason('ads')).toBe('not_opted_out')
    history.record(signal)
    expect(history.reason('ads')).toBe('gpc_opt_out')
    expect(history.reason('analytics')).toBe('not_opted_out')
  })

  test('its later absence changes nothing; only a yes in a dialogue that names the conflict lifts it', () => {
    const history = History.begin(counting)
    history.record(signal)
    history.pass(30).yes('ads')
    expect(history.reason('ads')).toBe('gpc_opt_out')
    history.yes('ads', { namesGpcConflict: true })
    expect(history.reason('ads')).toBe('not_opted_out')
  })

  test('a regime may count it for AI training', () => {
    const history = History.begin(regime(2, { gpc: { counts: true, purposes: ['ai_training'] } }))
    history.yes('ai_training')
    history.record(signal)
    expect(history.reason('ai_training')).toBe('gpc_opt_out')
    expect(history.reason('ai_training.tuning')).toBe('gpc_opt_out')
  })

  test('is heard for the known user too', () => {
    const history = History.begin(counting)
    history.record(signal, { whose: device })
    history.link(alice, device)
    expect(history.reason('ads')).toBe('gpc_opt_out')
  })
})

describe('time', () => {
  test('accept queued offline on Monday, laptop withdraws on Tuesday, queue sent on Wednesday: still no', () => {
    const history = History.begin()
    const monday = history.nowMs
    history.pass(1).no('analytics', { act: 'withdrawn' }).pass(1)
    expect(history.yes('analytics', { occurredAtMs: monday })).toBe('superseded')
    expect(history.reason('analytics')).toBe('consent_withdrawn')
  })

  test('a queued yes to a part is superseded by a later no to the whole', () => {
    const history = History.begin()
    const monday = history.nowMs
    history.pass(1).no('ai_training').pass(1)
    expect(history.yes('ai_training.tuning', { occurredAtMs: monday })).toBe('superseded')
  })

  test('a no that was said before a yes but arrives after it stands', () => {
    const history = History.begin()
    const before = history.nowMs
    history.pass(1).yes('analytics')
    history.no('analytics', { occurredAtMs: before })
    expect(history.ask('analytics')).toMatchObject({ reason: 'consent_denied', basis: { atMs: before } })
  })

  test('a no with a clock far ahead acts from when it was recorded', () => {
    const history = History.begin()
    history.no('analytics', { occurredAtMs: history.nowMs + 999 * day })
    expect(history.ask('analytics')).toMatchObject({
      reason: 'consent_denied',
      basis: { atMs: history.nowMs },
    })
    history.pass(1)
    expect(history.yes('analytics')).toBe('granted')
  })

  test('a yes acts from when it was recorded; only an import with its evidence from when it was said', () => {
    const history = History.begin()
    const said = history.nowMs
    history.pass(10).yes('analytics', { occurredAtMs: said })
    expect(history.reason('analytics', { collectedAtMs: said })).toBe('collected_before_consent')
    history.yes('ads', { occurredAtMs: said, imported: true, actor: 'import' })
    expect(history.reason('ads', { collectedAtMs: said })).toBe('consent_given')
  })

  test('an import older than the yes that stands changes nothing', () => {
    const history = History.begin()
    history.yes('analytics')
    const stood = history.states.get(alice)!.rows
    history.pass(1)
    expect(
      history.yes('analytics', { occurredAtMs: history.nowMs - 9 * day, imported: true, actor: 'import' }),
    ).toBe('superseded')
    expect(history.states.get(alice)!.rows).toEqual(stood)
  })

  test('the run is broken by a no, an expiry or a material change, and by nothing else', () => {
    const widened: ConfigBody[] = [
      {
        act: 'purpose_published',
        version: 2,
        definition: aPurpose('analytics', { recipients: ['someone'] }),
      },
      publishNotice(aNotice('main', 2, [{ purpose: 'analytics', version: 2 }])),
    ]
    const renewed = (between: (history: History) => void, version = 1) => {
      const history = History.begin()
      const first = history.nowMs
      history.yes('analytics')
      history.pass(100)
      between(history)
      history.pass(1).yes('analytics', { notice: { ...main, version } })
      return history.reason('analytics', { collectedAtMs: first })
    }
    expect(renewed(() => undefined)).toBe('consent_given')
    expect(renewed((history) => void history.no('analytics'))).toBe('collected_before_consent')
    expect(renewed((history) => void history.pass(300))).toBe('collected_before_consent')
    expect(renewed((history) => void history.publish(...widened), 2)).toBe('collected_before_consent')
  })

  test('the time of collection is demanded where the purpose says so, for its children too', () => {
    const flagged: ConfigBody = {
      act: 'purpose_published',
      version: 2,
      definition: aPurpose('ai_training', { needsCollectedAt: true }),
    }
    const history = History.begin(flagged)
    history.yes('ai_training')
    expect(history.reason('ai_training')).toBe('collected_at_required')
    expect(history.reason('ai_training.tuning')).toBe('collected_at_required')
    expect(history.reason('ai_training', { collectedAtMs: history.nowMs })).toBe('consent_given')
  })

  test('a notice may cover earlier data: from a named date, for a named source, lawfully collected then', () => {
    const history = History.begin()
    const fromMs = history.nowMs
    const coversEarlier = { fromMs, sourcePurposes: ['analytics'] }
    history.publish(publishNotice(aNotice('main', 2, [{ purpose: 'ads', coversEarlier }, 'analytics'])))
    history.yes('analytics')
    history.pass(10).yes('ads', { notice: { ...main, version: 2 } })
    const ask = (changes: object) =>
      history.reason('ads', { collectedAtMs: fromMs, sourcePurpose: 'analytics', ...changes })
    expect(ask({})).toBe('consent_given')
    expect(ask({ collectedAtMs: fromMs - 1 })).toBe('collected_before_consent')
    expect(ask({ sourcePurpose: 'service' })).toBe('collected_before_consent')
    expect(ask({ sourcePurpose: null })).toBe('collected_before_consent')
    history.no('analytics')
    expect(ask({})).toBe('collected_before_consent')
  })
})

describe('links', () => {
  test('a device’s yes never flows to a user; its no does, and stays when the link ends', () => {
    const history = History.begin()
    history.yes('analytics', { whose: device })
    history.link(alice, device)
    expect(history.reason('analytics')).toBe('never_asked')
    history.no('ads', { whose: device })
    expect(history.reason('ads')).toBe('consent_denied')
    history.unlink(alice, device)
    history.yes('ads', { whose: device })
    expect(history.reason('ads')).toBe('consent_denied')
  })

  test('what either refused before the link, the other refuses from it on', () => {
    const history = History.begin().no('analytics', { whose: device, act: 'withdrawn' })
    history.yes('analytics')
    history.link(alice, device)
    expect(history.reason('analytics')).toBe('consent_withdrawn')
  })

  test('two devices of hers are no second person, and what one refuses is refused on both', () => {
    const history = History.begin()
    history.link(alice, device, device)
    history.link(alice, other, other).pass(1).yes('analytics')
    expect(history.reason('analytics')).toBe('consent_given')
    history.no('ads')
    expect(history.reason('ads', {}, other)).toBe('consent_denied')
    expect(history.reason('ads', {}, device)).toBe('consent_denied')
  })

  test('a device that two people used at once is nobody’s', () => {
    const history = History.begin()
    history.yes('analytics', { whose: device })
    history.link(alice, device, device)
    history.link(other, device, device)
    expect(history.reason('analytics', {}, device)).toBe('subject_ambiguous')
  })

  test('an identifier that meant several people is nobody’s, for data of that time only', () => {
    const history = History.begin()
    history.yes('analytics')
    history.link(alice, device).link(alice, other).pass(1).unlink(alice, device)
    expect(history.reason('analytics', { collectedAtMs: history.nowMs - day / 2 })).toBe('subject_ambiguous')
    expect(history.reason('analytics')).toBe('consent_given')
  })
})

describe('capacity', () => {
  const ages = (unstated: 'capable' | 'unknown' = 'capable') =>
    History.begin(regime(2, { ageBands: { default: 16, countries: { AT: 14 }, unstated } }))

  test('a yes that was void when it was given never ripens', () => {
    const history = ages()
    history.record({ act: 'age_stated', atLeast: 13, below: 16 })
    expect(history.yes('analytics')).toBe('void')
    history.pass(300).record({ act: 'age_stated', atLeast: 16, below: null })
    expect(history.reason('analytics')).toBe('guardian_required')
    expect(history.yes('analytics')).toBe('granted')
  })

  test('the age is that of the country where it is said', () => {
    const history = ages()
    history.record({ act: 'age_stated', atLeast: 14, below: 15 })
    expect(history.yes('analytics', { country: 'DE' })).toBe('void')
    expect(history.yes('analytics', { country: 'AT' })).toBe('granted')
  })

  test('the child’s own no beats the guardian’s yes', () => {
    const history = ages()
    history.record({ act: 'age_stated', atLeast: 13, below: 16 })
    expect(history.yes('analytics', { actor: 'guardian' })).toBe('granted')
    history.no('analytics').pass(1)
    history.yes('analytics', { actor: 'guardian' })
    expect(history.reason('analytics')).toBe('consent_denied')
  })

  test('a guardian’s yes lifts a guardian’s no', () => {
    const history = ages().no('analytics', { actor: 'guardian' }).pass(1)
    history.yes('analytics', { actor: 'guardian' })
    expect(history.reason('analytics')).toBe('consent_given')
  })

  test('where an unstated age counts as too young, nobody is asked in vain', () => {
    expect(ages('unknown').reason('analytics')).toBe('age_unknown')
  })
})

describe('a compatibility assessment', () => {
  const basis = regime(2, {
    rules: { service: rule('notice_only', { basis: 'contract' }) },
    fallback: rule('opt_in', { basis: 'legitimate_interests' }),
  })
  const query = { sourcePurpose: 'service' }

  test('replaces only “never asked”', () => {
    const history = History.begin(basis).approve()
    expect(history.reason('analytics', query)).toBe('compatible_use')
    expect(history.reason('analytics')).toBe('never_asked')
    history.no('analytics')
    expect(history.reason('analytics', query)).toBe('consent_denied')
  })

  test('never a basis of consent, a special category, data read from a device, or a child', () => {
    expect(History.begin().approve().reason('analytics', query)).toBe('never_asked')
    for (const key of ['health', 'cookie']) {
      const wide: ConfigBody = {
        act: 'purpose_published',
        version: 2,
        definition: aPurpose('analytics', { categories: [key] }),
      }
      const history = History.begin(basis, wide).approve({ categories: [key] })
      expect(history.reason('analytics', { ...query, categories: [key] })).toBe('never_asked')
    }
    const young = History.begin(
      regime(2, {
        rules: { service: rule('notice_only', { basis: 'contract' }) },
        fallback: rule('opt_in', { basis: 'legitimate_interests' }),
        ageBands: { default: 16, countries: {}, unstated: 'capable' },
      }),
    ).approve()
    young.record({ act: 'age_stated', atLeast: 13, below: 16 })
    expect(young.reason('analytics', query)).toBe('guardian_required')
  })

  test('ends when it is revoked, and at its date', () => {
    const history = History.begin(basis)
    const expiresAtMs = history.nowMs + day / 2
    history.approve({ expiresAtMs })
    expect(history.reason('analytics', query)).toBe('compatible_use')
    // What it permits ends with it, although a use may otherwise be a day old.
    expect(history.ask('analytics', query)).toMatchObject({ obligations: { useUntilMs: expiresAtMs } })
    expect(history.reason('analytics', { ...query, nowMs: history.nowMs + day })).toBe('never_asked')
    history.publish({ act: 'assessment_revoked', assessment: 'a' })
    expect(history.reason('analytics', query)).toBe('never_asked')
  })
})

describe('erasure', () => {
  test('earlier data denies; later data is decided afresh, with earlier refusals standing', () => {
    const history = History.begin(interests)
    history.yes('ai_training')
    history.no('analytics').pass(1)
    history.record({ act: 'erased' })
    expect(history.reason('ads', { collectedAtMs: history.nowMs - 1 })).toBe('subject_erased')
    expect(history.reason('ads')).toBe('not_opted_out')
    expect(history.reason('ai_training')).toBe('never_asked')
    expect(history.reason('analytics')).toBe('consent_denied')
  })
})

describe('jobs and officers', () => {
  test('“expired” ends the yes it names, and not a later one', () => {
    const history = History.begin()
    history.yes('analytics')
    const grantSeq = history.events.length
    history.pass(1).yes('analytics')
    history.record({ act: 'expired', purpose: 'analytics', property: null, grantSeq })
    expect(history.reason('analytics')).toBe('consent_given')
    history.record({ act: 'expired', purpose: 'analytics', property: null, grantSeq: grantSeq + 1 })
    expect(history.reason('analytics')).toBe('consent_expired')
  })

  test.each([
    ['a category', { categories: ['chat', 'usage'] }],
    ['a recipient', { recipients: ['someone'] }],
    ['a controller', { controllers: ['someone'] }],
    ['a transfer', { transfers: ['US'] }],
    ['another basis', { basis: 'legitimate_interests' as const }],
    ['automated decisions', { automatedDecisions: true }],
    ['a sale', { saleOrSharing: true }],
  ])('%s more is a material change; the words alone are not', (_what, changes) => {
    const history = History.begin()
    history.yes('analytics')
    const publish = (version: number, more: object) =>
      history.publish({
        act: 'purpose_published',
        version,
        definition: aPurpose('analytics', { name: { en: 'New' }, ...more }),
      })
    publish(2, {})
    expect(history.reason('analytics')).toBe('consent_given')
    publish(3, changes)
    expect(history.reason('analytics')).toBe('notice_superseded')
  })

  test('keeping data longer is a material change, shorter is not', () => {
    const kept = (version: number, retentionDays: number | null): ConfigBody => ({
      act: 'purpose_published',
      version,
      definition: aPurpose('analytics', { retentionDays }),
    })
    const history = History.begin(
      kept(2, 30),
      publishNotice(aNotice('main', 2, [{ purpose: 'analytics', version: 2 }])),
    )
    history.yes('analytics', { notice: { ...main, version: 2 } })
    history.publish(kept(3, 20))
    expect(history.reason('analytics')).toBe('consent_given')
    history.publish(kept(4, null))
    expect(history.reason('analytics')).toBe('notice_superseded')
  })
})

test('a fold of the same events is the same state, however often', () => {
  const play = () => {
    const history = History.begin()
    history.yes('analytics')
    history.no('ads', { property: 'app' }).link(alice, device)
    return history.states
  }
  expect(play()).toEqual(play())
})

describe('a yes is never more than what was said', () => {
  const counting = (rest: object = {}) => regime(2, { gpc: { counts: true, purposes: [] }, ...rest })
  const signal = { act: 'gpc_opted_out', property: null, regime: null } as const

  test.each(['expired', 'invalidated'] as const)(
    'a part refused, agreed to, and that yes %s: the older yes to the whole does not step in',
    (end) => {
      const history = History.begin()
      history.yes('ai_training')
      history.pass(1).no('ai_training.tuning').pass(1)
      history.yes('ai_training.tuning')
      const grantSeq = history.events.length
      history.record(
        end === 'expired'
          ? { act: 'expired', purpose: 'ai_training.tuning', property: null, grantSeq }
          : { act: 'invalidated', grantSeq },
      )
      expect(history.ask('ai_training.tuning').allowed).toBe(false)
      history.pass(1).yes('ai_training')
      expect(history.ask('ai_training.tuning').allowed).toBe(false)
    },
  )

  test('what was collected while the browser’s signal stood is not covered by the yes that lifts it', () => {
    const history = History.begin(counting())
    history.yes('ads')
    history.pass(10).record(signal)
    const silenced = history.nowMs + day
    history.pass(10).yes('ads', { namesGpcConflict: true })
    expect(history.reason('ads')).toBe('consent_given')
    expect(history.reason('ads', { collectedAtMs: silenced })).toBe('collected_before_consent')
    history.pass(10).yes('ads', { namesGpcConflict: true })
    expect(history.reason('ads', { collectedAtMs: history.nowMs - 5 * day })).toBe('consent_given')
    expect(history.reason('ads', { collectedAtMs: silenced })).toBe('collected_before_consent')
  })

  test('a yes from before the signal does not step in for the one that named the conflict', () => {
    const history = History.begin(counting())
    history.yes('ads')
    history.pass(1).record(signal)
    history.pass(1).yes('ads', { namesGpcConflict: true, property: 'app', notice: app })
    const grantSeq = history.events.length
    history.record({ act: 'expired', purpose: 'ads', property: 'app', grantSeq })
    expect(history.ask('ads', { property: 'app' }).allowed).toBe(false)
  })

  test('neither a guardian’s yes nor one said before the signal lifts it', () => {
    const history = History.begin(counting())
    const before = history.nowMs
    history.pass(1).record(signal)
    history.yes('ads', { namesGpcConflict: true, occurredAtMs: before })
    expect(history.reason('ads')).toBe('gpc_opt_out')
    history.yes('ads', { namesGpcConflict: true, actor: 'guardian' })
    expect(history.reason('ads')).toBe('gpc_opt_out')
  })

  test('a controller cannot say yes for anyone', () => {
    const history = History.begin()
    expect(history.yes('analytics', { actor: 'controller' })).toBe('unproven')
    expect(history.reason('analytics')).toBe('consent_unproven')
    history.no('analytics')
    history.yes('analytics', { actor: 'controller' })
    expect(history.reason('analytics')).toBe('consent_denied')
  })

  test('data from while her no stood is not covered by her later yes, though a guardian had agreed meanwhile', () => {
    const history = History.begin().no('analytics').pass(1)
    history.yes('analytics', { actor: 'guardian' })
    const refused = history.nowMs
    history.pass(1).yes('analytics')
    expect(history.reason('analytics', { collectedAtMs: refused })).toBe('collected_before_consent')
  })

  test('data of a part from while the whole was refused is not covered when the whole is agreed to again', () => {
    const history = History.begin()
    history.yes('ai_training.tuning')
    history.pass(1).no('ai_training').pass(1)
    const refused = history.nowMs
    history.pass(1).yes('ai_training')
    expect(history.reason('ai_training.tuning', { collectedAtMs: refused })).toBe('collected_before_consent')
    expect(history.reason('ai_training.tuning')).toBe('consent_given')
  })

  test('a renewal that names a part covers the part’s data from then on, the whole’s from the beginning', () => {
    const history = History.begin(publishNotice(aNotice('part', 1, ['ai_training'])))
    history.yes('ai_training', { notice: { ...main, key: 'part' } })
    const earlier = history.nowMs
    history.pass(10).yes('ai_training')
    expect(history.reason('ai_training', { collectedAtMs: earlier })).toBe('consent_given')
    expect(history.reason('ai_training.tuning', { collectedAtMs: earlier })).toBe('collected_before_consent')
    expect(history.reason('ai_training.tuning')).toBe('consent_given')
  })

  test('striking the first yes of a run, or its notice, takes the data of its time', () => {
    const renewed = () => {
      const history = History.begin(publishNotice(aNotice('second', 1, ['analytics'])))
      history.yes('analytics')
      const grantSeq = history.events.length
      const earlier = history.nowMs
      history.pass(10).yes('analytics', { notice: { ...main, key: 'second' } })
      return { history, grantSeq, earlier }
    }
    const one = renewed()
    expect(one.history.reason('analytics', { collectedAtMs: one.earlier })).toBe('consent_given')
    one.history.record({ act: 'invalidated', grantSeq: one.grantSeq })
    expect(one.history.reason('analytics', { collectedAtMs: one.earlier })).toBe('collected_before_consent')
    expect(one.history.reason('analytics')).toBe('consent_given')
    const two = renewed()
    two.history.publish({ act: 'notice_invalidated', notice: 'main', version: 1 })
    expect(two.history.reason('analytics', { collectedAtMs: two.earlier })).toBe('collected_before_consent')
    expect(two.history.reason('analytics')).toBe('consent_given')
  })

  test('data collected for a purpose while it was refused was not lawfully collected for it', () => {
    const basis = regime(2, {
      rules: { service: rule('opt_out') },
      fallback: rule('opt_in', { basis: 'legitimate_interests' }),
    })
    const history = History.begin(basis).approve().no('service').pass(1)
    const refused = history.nowMs
    history.pass(1).yes('service')
    const query = { sourcePurpose: 'service' }
    expect(history.reason('analytics', { ...query, collectedAtMs: refused })).toBe('never_asked')
    expect(history.reason('analytics', query)).toBe('compatible_use')
  })

  test('data of one site from while its no stood is not covered by a yes said elsewhere, nor by its renewal here', () => {
    const history = History.begin().no('analytics', { property: 'web', notice: app }).pass(1)
    history.yes('analytics', { property: 'app' })
    const refused = history.nowMs
    history.pass(1).yes('analytics', { property: 'web' })
    expect(history.reason('analytics', { property: 'web', collectedAtMs: refused })).toBe(
      'collected_before_consent',
    )
    expect(history.reason('analytics', { property: 'web' })).toBe('consent_given')
  })

  test('with an erasure every yes goes, and every no that one of them had lifted stands again', () => {
    const history = History.begin(interests).no('analytics').pass(1)
    history.yes('analytics')
    expect(history.reason('analytics')).toBe('not_opted_out')
    history.record({ act: 'erased' })
    expect(history.reason('analytics')).toBe('consent_denied')
  })
})

describe('a recall strikes every consent of its scope', () => {
  const recall = (scope: RecallScope): ConfigBody => ({
    ...{ act: 'consents_invalidated', scope, reason: 'a wrong translation', by: 'member:1' },
  })
  const banner = { key: 'banner', version: 3 }
  const second = publishNotice(
    aNotice('second', 1, ['analytics', 'ads', 'ai_training', 'ai_training.tuning']),
  )
  const renewed = { ...main, key: 'second' }

  test.each<{ readonly name: string; readonly scope: RecallScope; readonly origin: Partial<GrantBody> }>([
    { name: 'experience', scope: { kind: 'experience', ...banner }, origin: { experience: banner } },
    { name: 'import', scope: { kind: 'import', id: 'crm' }, origin: { importId: 'crm', imported: true } },
    { name: 'key', scope: { kind: 'key', id: 'key_1' }, origin: { via: 'key_1' } },
    { name: 'notice', scope: { kind: 'notice', key: 'main', version: 1 }, origin: {} },
  ])('of the $name: denied at once; a new yes under another notice allows data from then on', (row) => {
    const history = History.begin(second)
    history.yes('analytics', row.origin)
    history.yes('analytics', { whose: other, notice: renewed, via: 'key_2' })
    const collectedAtMs = history.pass(1).nowMs
    history.pass(1).publish(recall(row.scope))
    expect(history.reason('analytics')).toBe('consent_invalidated')
    expect(history.reason('analytics', {}, other)).toBe('consent_given')
    history.pass(1).yes('analytics', { notice: renewed })
    expect(history.reason('analytics')).toBe('consent_given')
    expect(history.reason('analytics', { collectedAtMs })).toBe('collected_before_consent')
  })

  test('of a key or an import: what is said through it afterwards counts', () => {
    const history = History.begin()
    history.yes('analytics', { via: 'key_1', importId: 'crm' })
    history.publish(recall({ kind: 'key', id: 'key_1' }), recall({ kind: 'import', id: 'crm' }))
    expect(history.reason('analytics')).toBe('consent_invalidated')
    expect(history.pass(1).yes('analytics', { via: 'key_1', importId: 'crm' })).toBe('granted')
    expect(history.reason('analytics')).toBe('consent_given')
  })

  test('of an experience or a notice: for good, and such a yes never takes the place of one that stands', () => {
    const history = History.begin(second, recall({ kind: 'experience', ...banner }))
    history.yes('analytics', { notice: renewed })
    expect(history.yes('analytics', { notice: renewed, experience: banner })).toBe('void')
    expect(history.reason('analytics')).toBe('consent_given')
    expect(history.yes('ads', { experience: banner })).toBe('void')
    expect(history.reason('ads')).toBe('consent_invalidated')
    history.publish(recall({ kind: 'notice', key: 'main', version: 1 }))
    expect(history.yes('ads')).toBe('unproven')
  })

  test('of an import: the person’s own later yes is hers', () => {
    const history = History.begin()
    history.yes('analytics', { importId: 'crm', imported: true, actor: 'import' })
    history.pass(1).yes('analytics')
    history.pass(1).publish(recall({ kind: 'import', id: 'crm' }))
    expect(history.reason('analytics')).toBe('consent_given')
    const collectedAtMs = history.nowMs - 2 * day
    expect(history.reason('analytics', { collectedAtMs })).toBe('collected_before_consent')
  })

  test('a refusal stays a refusal', () => {
    const history = History.begin()
    history.yes('analytics', { via: 'key_1' })
    history.pass(1).no('analytics', { act: 'withdrawn' })
    history.publish(recall({ kind: 'key', id: 'key_1' }))
    expect(history.reason('analytics')).toBe('consent_withdrawn')
  })

  test('what a struck yes had lifted is refused again, for the part and for the whole', () => {
    const part = History.begin()
    part.yes('ai_training')
    part.pass(1).no('ai_training.tuning').pass(1).yes('ai_training.tuning', { via: 'key_1' })
    expect(part.reason('ai_training')).toBe('consent_given')
    part.publish(recall({ kind: 'key', id: 'key_1' }))
    expect(part.reason('ai_training')).toBe('child_refused')
    const whole = History.begin()
    whole.yes('ai_training.tuning')
    whole.pass(1).no('ai_training').pass(1).yes('ai_training', { via: 'key_1' })
    expect(whole.reason('ai_training.tuning')).toBe('consent_given')
    whole.publish(recall({ kind: 'key', id: 'key_1' }))
    expect(whole.reason('ai_training.tuning')).toBe('consent_invalidated')
    const between = whole.nowMs
    whole.pass(5).yes('ai_training')
    expect(whole.reason('ai_training.tuning')).toBe('consent_given')
    expect(whole.reason('ai_training.tuning', { collectedAtMs: between })).toBe('collected_before_consent')
  })

  test('a guardian’s yes does not go on from a struck one by which the child had lifted her own no', () => {
    const history = History.begin().no('analytics').pass(1)
    history.yes('analytics', { via: 'key_1' })
    history.pass(1).yes('analytics', { actor: 'guardian' })
    expect(history.reason('analytics')).toBe('consent_given')
    history.publish(recall({ kind: 'key', id: 'key_1' }))
    expect(history.ask('analytics').allowed).toBe(false)
    expect(history.yes('analytics', { actor: 'guardian' })).toBe('granted')
    expect(history.ask('analytics').allowed).toBe(false)
  })

  test('a child’s no stands again where only her own struck yes in one property had outlived it', () => {
    const history = History.begin().no('analytics').pass(1)
    history.yes('analytics', { actor: 'guardian' })
    history.yes('analytics', { notice: app, property: 'app', via: 'key_1' })
    expect(history.reason('analytics', { property: 'app' })).toBe('consent_given')
    history.publish(recall({ kind: 'key', id: 'key_1' }))
    expect(history.ask('analytics', { property: 'app' }).allowed).toBe(false)
  })

  test.each(['alone', 'with its key'] as const)('a yes struck %s is not continued by the next', (how) => {
    const history = History.begin()
    history.yes('analytics', { via: 'key_1' })
    const [grantSeq, collectedAtMs] = [history.events.length, history.nowMs]
    if (how === 'alone') history.record({ act: 'invalidated', grantSeq })
    else history.publish(recall({ kind: 'key', id: 'key_1' }))
    history.pass(1).yes('analytics')
    expect(history.reason('analytics')).toBe('consent_given')
    expect(history.reason('analytics', { collectedAtMs })).toBe('collected_before_consent')
  })

  test('a guardian does not lift anew what the child’s struck yes had lifted; she does, and so does a guardian of her own no', () => {
    const struck = (by: GrantBody['actor']) => {
      const history = History.begin().no('analytics', { actor: by }).pass(1)
      history.yes('analytics', { actor: by, via: 'key_1' })
      history.pass(1).publish(recall({ kind: 'key', id: 'key_1' }))
      return history
    }
    const hers = struck('subject')
    expect(hers.yes('analytics', { actor: 'guardian' })).toBe('void')
    expect(hers.reason('analytics')).toBe('consent_invalidated')
    hers.yes('analytics')
    expect(hers.reason('analytics')).toBe('consent_given')
    const guardians = struck('guardian')
    expect(guardians.yes('analytics', { actor: 'guardian' })).toBe('granted')
    expect(guardians.reason('analytics')).toBe('consent_given')
  })

  test('a no that is refused again flows along a link that is made afterwards', () => {
    const history = History.begin().no('analytics').pass(1)
    history.yes('analytics', { via: 'key_1' })
    history.yes('analytics', { whose: device })
    history.pass(1).publish(recall({ kind: 'key', id: 'key_1' }))
    history.link(alice, device)
    expect(history.reason('analytics', {}, device)).toBe('consent_denied')
  })

  test('explain says which recall, and why', () => {
    const history = History.begin()
    history.yes('analytics', { via: 'key_1' })
    history.publish(recall({ kind: 'key', id: 'key_1' }))
    const { trace } = explain(history.policy!, history.states.get(alice), history.query('analytics'))
    expect(trace[9]).toMatchObject({ outcome: 'failed' })
    expect(trace[9]?.saw).toContain('key key_1 was recalled')
    expect(trace[9]?.saw).toContain('a wrong translation')
  })
})
