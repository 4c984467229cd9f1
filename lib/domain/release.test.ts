import { describe, expect, test } from 'vitest'
import { approvalsNeeded, isFourEyes } from './approvals-needed.ts'
import { assessmentsDemanded, assessmentsLacking } from './assessments-demanded.ts'
import { checkPublish, complaintsOf } from './check-publish.ts'
import { checkRelease } from './check-release.ts'
import type { ExperienceDefinition, PurposeDefinition } from './definitions.ts'
import { differenceOf } from './difference.ts'
import type { ConfigBody } from './events.ts'
import { changesOf, isMaterialChange } from './material-change.ts'
import type { NoticeDraft, ReleaseItem } from './release.ts'
import { candidatePolicy } from './release-bodies.ts'
import { releaseDifference } from './release-difference.ts'
import { baseOf, itemsInForce } from './release-standing.ts'
import {
  aNotice,
  anOrganisation,
  aPurpose,
  aRegime,
  History,
  publishNotice,
  rule,
} from './testing/history.ts'

const sha256 = (text: string) => `hash of ${text.length}`
const policy = History.begin().policy!

const purpose = (
  key: string,
  changes: Partial<PurposeDefinition> & { material?: true } = {},
): ReleaseItem => ({
  kind: 'purpose',
  key,
  definition: { ...aPurpose(key, changes), name: { en: key }, description: { en: key } },
})
const notice = (
  key: string,
  purposes: NoticeDraft['purposes'],
  changes: Partial<NoticeDraft> = {},
): ReleaseItem => {
  const { version: _, ...definition } = aNotice(key, 1, [])
  return { kind: 'notice', key, definition: { ...definition, purposes, ...changes } }
}
const names = (purpose: string, version: number | 'next') => ({
  ...{ purpose, version, coversEarlier: null, explicitCategories: [] },
})

describe('changesOf', () => {
  const before = aPurpose('p', {
    recipients: ['a'],
    controllers: ['c'],
    transfers: ['US'],
    retentionDays: 30,
  })
  // The table of materiality: whether people who said yes are asked anew, and what for.
  test.each<{ name: string; changes: Partial<PurposeDefinition>; kinds: readonly string[] }>([
    { name: 'nothing', changes: {}, kinds: [] },
    { name: 'other words', changes: { name: { en: 'x' }, description: { en: 'y' } }, kinds: [] },
    { name: 'another category', changes: { categories: ['chat', 'usage'] }, kinds: ['category_added'] },
    { name: 'another order', changes: { categories: ['chat'] }, kinds: [] },
    { name: 'a category less', changes: { categories: [] }, kinds: [] },
    { name: 'another recipient', changes: { recipients: ['a', 'b'] }, kinds: ['recipient_added'] },
    { name: 'one recipient for another', changes: { recipients: ['b'] }, kinds: ['recipient_added'] },
    { name: 'another controller', changes: { controllers: ['c', 'd'] }, kinds: ['controller_added'] },
    { name: 'another country', changes: { transfers: ['US', 'IN'] }, kinds: ['transfer_added'] },
    { name: 'a country less', changes: { transfers: [] }, kinds: [] },
    { name: 'a longer time', changes: { retentionDays: 31 }, kinds: ['retention_longer'] },
    { name: 'no bound of time', changes: { retentionDays: null }, kinds: ['retention_longer'] },
    { name: 'a shorter time', changes: { retentionDays: 29 }, kinds: [] },
    { name: 'another basis', changes: { basis: 'contract' }, kinds: ['basis_changed'] },
    {
      name: 'automated decisions',
      changes: { automatedDecisions: true },
      kinds: ['automated_decisions_added'],
    },
    { name: 'sale or sharing', changes: { saleOrSharing: true }, kinds: ['sale_or_sharing_added'] },
    {
      name: 'a demanded confirmation',
      changes: { needsConfirmation: true },
      kinds: ['confirmation_added'],
    },
    { name: 'a confirmation not demanded in words', changes: { needsConfirmation: false }, kinds: [] },
    { name: 'a demanded time of collection', changes: { needsCollectedAt: true }, kinds: [] },
    {
      name: 'an assessment',
      changes: { assessments: [{ kind: 'dpia', title: 't', reference: 'r', approvedOn: '2026-01-01' }] },
      kinds: [],
    },
  ])('$name: $kinds', ({ changes, kinds }) => {
    const after = { ...before, ...changes }
    expect(changesOf(before, after).map(({ kind }) => kind)).toEqual(kinds)
    expect(isMaterialChange(before, after)).toBe(kinds.length > 0)
  })

  test('an officer may only add to it', () => {
    const analytics = (changes: Partial<PurposeDefinition>, material?: true) =>
      candidatePolicy(
        policy,
        [purpose('analytics', { ...changes, ...(material && { material }) })],
        sha256,
      ).purposes.get('analytics')!
    expect(analytics({})).toMatchObject({ currentVersion: 2, materialVersion: 1 })
    expect(analytics({}, true)).toMatchObject({
      materialVersion: 2,
      publications: [{}, { isMaterial: true, isDeclaredMaterial: true }],
    })
    // False is not said in the type; said all the same, it changes nothing.
    const lie = { material: false } as unknown as { material?: true }
    expect(analytics({ recipients: ['b'], ...lie })).toMatchObject({ materialVersion: 2 })
  })

  test('a first version asks nobody anew', () => {
    const first = candidatePolicy(policy, [purpose('new', { material: true })], sha256).purposes.get('new')
    expect(first).toMatchObject({ materialVersion: 1, publications: [{ isMaterial: false }] })
  })
})

describe('assessmentsDemanded', () => {
  test.each<{ name: string; key?: string; changes: Partial<PurposeDefinition>; kinds: readonly string[] }>([
    { name: 'consent to something plain', changes: {}, kinds: [] },
    {
      name: 'legitimate interests',
      changes: { basis: 'legitimate_interests' },
      kinds: ['legitimate_interests'],
    },
    { name: 'a transfer', changes: { transfers: ['US'] }, kinds: ['transfer'] },
    { name: 'AI training', key: 'ai_training', changes: {}, kinds: ['dpia'] },
    { name: 'a part of AI training', key: 'ai_training.tuning', changes: {}, kinds: ['dpia'] },
    { name: 'a name that only begins so', key: 'ai_trainings', changes: {}, kinds: [] },
    { name: 'automated decisions', changes: { automatedDecisions: true }, kinds: ['dpia'] },
    { name: 'a special category', changes: { categories: ['chat', 'health'] }, kinds: ['dpia'] },
    {
      name: 'all of it',
      key: 'ai_training',
      changes: { basis: 'legitimate_interests', transfers: ['US'], automatedDecisions: true },
      kinds: ['legitimate_interests', 'transfer', 'dpia', 'dpia'],
    },
  ])('$name: $kinds', ({ key = 'p', changes, kinds }) => {
    const definition = aPurpose(key, changes)
    expect(assessmentsDemanded(anOrganisation, definition).map(({ kind }) => kind)).toEqual(kinds)
    const assessments = (['dpia', 'legitimate_interests', 'transfer'] as const).map((kind) => ({
      ...{ kind, title: 't', reference: 'r', approvedOn: '2026-01-01' },
    }))
    expect(assessmentsLacking(anOrganisation, { ...definition, assessments })).toEqual([])
  })
})

describe('approvalsNeeded', () => {
  const member = { hasNewYes: false, isAuthorMember: true }
  test.each([
    { setting: 'auto', mayApprove: 1, ...member, want: 0 },
    { setting: 'auto', mayApprove: 2, ...member, want: 1 },
    { setting: 'on', mayApprove: 1, ...member, want: 1 },
    { setting: 'off', mayApprove: 9, ...member, want: 0 },
    { setting: 'off', mayApprove: 1, hasNewYes: true, isAuthorMember: true, want: 1 },
    { setting: 'off', mayApprove: 2, hasNewYes: true, isAuthorMember: true, want: 1 },
    { setting: 'off', mayApprove: 2, hasNewYes: true, isAuthorMember: false, want: 2 },
    { setting: 'auto', mayApprove: 3, hasNewYes: true, isAuthorMember: true, want: 2 },
    { setting: 'off', mayApprove: 3, hasNewYes: true, isAuthorMember: true, want: 2 },
  ] as const)('$setting, $mayApprove who may, new yes $hasNewYes: $want', ({ want, ...of }) => {
    expect(approvalsNeeded(of)).toBe(want)
  })

  test('the setting auto begins with the second who may', () => {
    expect([isFourEyes('auto', 1), isFourEyes('auto', 2)]).toEqual([false, true])
  })
})

describe('AI training', () => {
  test.each<{ name: string; body: ConfigBody; pointer: string }>([
    {
      name: 'on another basis',
      body: {
        act: 'purpose_published',
        version: 2,
        definition: aPurpose('ai_training', { basis: 'contract' }),
      },
      pointer: '/basis',
    },
    {
      name: 'said to be necessary',
      body: {
        act: 'purpose_published',
        version: 2,
        definition: aPurpose('ai_training.tuning', { necessity: { en: 'we must' } }),
      },
      pointer: '/necessity',
    },
    {
      name: 'unless someone objects',
      body: {
        act: 'regime_published',
        version: 2,
        definition: aRegime('home', { rules: { ai_training: rule('opt_out') } }),
      },
      pointer: '/rules',
    },
  ])('$name is refused, as our rule and with its reason', ({ body, pointer }) => {
    expect([...complaintsOf(policy, body)]).toContainEqual({
      message: expect.stringMatching(/Assent’s own rule.*never essential, never bundled/),
      pointer,
    })
  })
})

describe('an experience', () => {
  const definition: ExperienceDefinition = {
    ...{ key: 'banner', property: 'web', layout: 'bar', notices: ['main'], purposes: ['analytics', 'ads'] },
    texts: { en: { accept: 'Accept all', reject: 'Reject all', choose: 'Choose' } },
  }
  const with_ = (changes: Partial<ExperienceDefinition>) => [
    ...complaintsOf(policy, {
      act: 'experience_published',
      version: 1,
      definition: { ...definition, ...changes },
    }),
  ]
  const reject = (words: string) => with_({ texts: { en: { ...definition.texts.en!, reject: words } } })

  test('that is symmetric passes, and is folded by version', () => {
    expect(with_({})).toEqual([])
    const after = candidatePolicy(policy, [{ kind: 'experience', key: 'banner', definition }], sha256)
    expect(after.experiences.get('banner')).toMatchObject([{ version: 1, definition }])
  })

  test.each([
    { name: 'no refusal', found: reject(''), message: /reject has no words in en/ },
    { name: 'a refusal of spaces', found: reject('  '), message: /reject has no words/ },
    { name: 'later for no', found: reject('Maybe later'), message: /puts the question off/ },
    { name: 'später for no', found: reject('Später entscheiden'), message: /puts the question off/ },
    { name: 'not now for no', found: reject('Not now'), message: /puts the question off/ },
    { name: 'yes for no', found: reject('accept all'), message: /the same words/ },
    { name: 'no languages', found: with_({ texts: {} }), message: /at least one locale/ },
    {
      name: 'a language its notices speak and it does not',
      found: with_({ texts: { de: definition.texts.en! } }),
      message: /a notice speaks en/,
    },
    { name: 'no site', found: with_({ property: 'moon' }), message: /no property moon/ },
    { name: 'no notice', found: with_({ notices: [], purposes: [] }), message: /at least one notice/ },
    { name: 'an unknown notice', found: with_({ notices: ['x'], purposes: [] }), message: /no notice x/ },
    { name: 'an unknown purpose', found: with_({ purposes: ['x'] }), message: /no purpose x/ },
    { name: 'a purpose twice', found: with_({ purposes: ['ads', 'ads'] }), message: /twice/ },
  ])('with $name is refused', ({ found, message }) => {
    expect(found.map((each) => each.message).join()).toMatch(message)
  })
})

describe('a release', () => {
  test('resolves next to the version that travels with it', () => {
    const items = [notice('main', [names('analytics', 'next'), names('ads', 1)]), purpose('analytics')]
    expect(checkRelease(policy, items, sha256).complaints).toEqual([])
    const after = candidatePolicy(policy, items, sha256)
    expect(after.notices.get('main')?.at(-1)?.definition).toMatchObject({
      version: 2,
      purposes: [
        { purpose: 'analytics', version: 2 },
        { purpose: 'ads', version: 1 },
      ],
    })
  })

  test('says everything that is wrong with it at once, where it is, and nothing twice', () => {
    const items = [
      purpose('games.chess', { retentionDays: 0, categories: ['chat', 'x'] }),
      notice('main', [names('games.chess', 'next'), names('ads', 'next')], { property: 'moon' }),
    ]
    const { complaints } = checkRelease(policy, items, sha256)
    expect(complaints.map(({ key, pointer }) => `${key} ${pointer}`)).toEqual([
      'games.chess /key',
      'games.chess /retentionDays',
      'games.chess /categories/1',
      'main /purposes/1/version',
      'main /property',
      'main /purposes/1',
    ])
    expect(checkRelease(policy, [], sha256).complaints).toMatchObject([{ message: 'there is nothing in it' }])
  })

  test('publishes what others refer to first, parents before children', () => {
    const items: ReleaseItem[] = [
      { kind: 'purpose_retirement', key: 'ads', definition: { purpose: 'ads' } },
      notice('fresh', [names('games.chess', 'next')], { property: 'moon' }),
      purpose('games.chess', { categories: ['moves'] }),
      purpose('games'),
      { kind: 'property', key: 'moon', definition: { key: 'moon', name: 'Moon', origins: [] } },
      {
        kind: 'organisation',
        key: 'default',
        definition: {
          ...anOrganisation,
          categories: [
            ...anOrganisation.categories,
            { key: 'moves', name: {}, special: false, fromDevice: false },
          ],
        },
      },
    ]
    expect(checkRelease(policy, items, sha256).complaints).toEqual([])
    const after = candidatePolicy(policy, items, sha256)
    expect(after.purposes.get('ads')?.isRetired).toBe(true)
    expect(after.notices.get('fresh')).toHaveLength(1)
  })

  test('names the assessments that its purposes lack', () => {
    const { lacking } = checkRelease(policy, [purpose('ai_training', { transfers: ['US'] })], sha256)
    expect(lacking).toMatchObject([
      { purpose: 'ai_training', kind: 'transfer', source: 'GDPR Art. 44–46' },
      { purpose: 'ai_training', kind: 'dpia' },
    ])
  })

  test('is published once', () => {
    const body: ConfigBody = {
      ...{
        act: 'release_published',
        release: 'r',
        title: 't',
        author: 'a',
        approvers: [],
        sha256: 'x',
        events: 1,
      },
    }
    const history = History.begin()
    checkPublish(history.policy, body)
    history.publish(body)
    expect(() => checkPublish(history.policy, body)).toThrow(/published already/)
    expect(history.policy!.releases.get('r')).toMatchObject({ lastSeq: history.policy!.seq + 1 })
  })

  test('of what is in force changes nothing, whatever was published before', () => {
    const history = History.begin()
    history.publish({ act: 'purpose_retired', purpose: 'ads' })
    const items = itemsInForce(history.policy!)
    const found = releaseDifference(history.policy!, items, sha256)
    expect(found.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['notice', 'purpose_retirement']))
    expect(found.flatMap(({ changes }) => changes)).toEqual([])
  })

  test('one word changed in one language is one change', () => {
    const saying = (last: string) =>
      notice('main', [names('analytics', 1)], {
        texts: { en: { ...aNotice('main', 1, []).texts.en!, body: ['b', last] } },
      })
    const standing = candidatePolicy(policy, [saying('c')], sha256)
    expect(releaseDifference(standing, [saying('d')], sha256)).toMatchObject([
      { versionBefore: 2, versionAfter: 3, changes: [{ path: '/texts/en/body/1', before: 'c', after: 'd' }] },
    ])
  })

  test('builds on what is in force: its base changes with it, and with nothing else', () => {
    const items = [purpose('analytics'), notice('main', [names('ads', 1)])]
    const history = History.begin()
    const before = baseOf(history.policy!, items)
    history.publish({ act: 'property_published', definition: { key: 'app', name: 'Other', origins: [] } })
    expect(baseOf(history.policy!, items)).toBe(before)
    history.publish({ act: 'notice_withdrawn', notice: 'main', version: 1 })
    expect(baseOf(history.policy!, items)).not.toBe(before)
    const withdrawn = baseOf(history.policy!, items)
    history.publish(publishNotice(aNotice('main', 2, ['ads'])))
    expect(baseOf(history.policy!, items)).not.toBe(withdrawn)
  })
})

describe('differenceOf', () => {
  test.each([
    { name: 'nothing', before: { a: [1, { b: 2 }] }, after: { a: [1, { b: 2 }] }, want: [] },
    { name: 'a leaf', before: { a: { b: 1 } }, after: { a: { b: 2 } }, want: ['/a/b'] },
    { name: 'an entry put in between', before: ['a', 'c'], after: ['a', 'b', 'c'], want: ['/1'] },
    { name: 'an entry taken out', before: ['a', 'b', 'c'], after: ['a', 'c'], want: ['/1'] },
    { name: 'one entry for another', before: ['a', 'b'], after: ['a', 'x'], want: ['/1'] },
    {
      name: 'a member of a named entry, another taken out',
      before: [{ key: 'a' }, { key: 'b', n: 1 }],
      after: [{ key: 'b', n: 2 }],
      want: ['/0', '/0/n'],
    },
    { name: 'a name that must be escaped', before: { 'a/b~': 1 }, after: {}, want: ['/a~1b~0'] },
    { name: 'a value of another kind', before: { a: [] }, after: { a: {} }, want: ['/a'] },
    { name: 'everything', before: undefined, after: { a: 1 }, want: [''] },
  ])('$name', ({ before, after, want }) => {
    expect(differenceOf(before, after).map(({ path }) => path)).toEqual(want)
  })
})
