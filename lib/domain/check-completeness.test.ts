import { describe, expect, test } from 'vitest'
import { starterConfiguration } from '../config/starter.ts'
import { starterNotice } from '../config/starter-notice.ts'
import { starterPurposes } from '../config/starter-purposes.ts'
import { checkCompleteness } from './check-completeness.ts'
import type { NoticeDefinition, NoticeText, PurposeDefinition } from './definitions.ts'
import { foldPolicy } from './fold-policy.ts'
import type { EventId } from './ids.ts'
import type { Policy } from './policy.ts'
import { organisation, start } from './testing/history.ts'

const told = { controller: 'Example Ltd', contact: 'privacy@sea.org, Main Street 5' }
const complete: NoticeDefinition = {
  ...starterNotice,
  texts: {
    en: { ...starterNotice.texts.en!, ...told },
    de: { ...starterNotice.texts.de!, ...told },
  },
}

/** The starter configuration, with one purpose changed. */
function policyWith(changes: Partial<PurposeDefinition> = {}): Policy {
  const bodies = starterConfiguration('http://localhost:3000').map((body) =>
    body.act === 'purpose_published' && body.definition.key === 'analytics'
      ? { ...body, definition: { ...body.definition, ...changes } }
      : body,
  )
  let policy: Policy | undefined
  for (const [index, body] of bodies.entries()) {
    policy = foldPolicy(policy, {
      ...{ organisationId: organisation, subjectId: null, seq: index + 1, id: `evt_${index}` as EventId },
      ...{ recordedAtMs: start, occurredAtMs: start, body },
    } as Parameters<typeof foldPolicy>[1])
  }
  return policy!
}

const findingsOf = (definition: NoticeDefinition, changes?: Partial<PurposeDefinition>) =>
  Object.fromEntries(
    checkCompleteness(policyWith(changes), definition)
      .filter(({ outcome }) => outcome !== 'met')
      .map(({ check, outcome, findings }) => [check, [outcome, ...findings]]),
  )
const inEnglish = (changes: Partial<NoticeText>): NoticeDefinition => ({
  ...complete,
  texts: { ...complete.texts, en: { ...complete.texts.en!, ...changes } },
})
/** What no period is said for; a reader must look. */
const retention = ['to_read', 'service has no period: the words must say how it is decided']

describe('what a notice lacks', () => {
  test('is nothing but who is responsible, in the starter’s own', () => {
    expect(findingsOf(starterNotice)).toEqual({
      controller: ['missing', 'en: “Your organisation” names nobody', 'de: “Ihre Organisation” names nobody'],
      contact: [
        'missing',
        'en: privacy@example.com reaches nobody',
        'de: privacy@example.com reaches nobody',
      ],
      retention,
    })
    expect(findingsOf(complete)).toEqual({ retention })
  })

  test('every check is told, with its source, whatever came of it', () => {
    const checks = checkCompleteness(policyWith(), complete)
    expect(checks.map(({ check }) => check)).toEqual([
      ...['locales', 'controller', 'contact', 'purposes', 'categories', 'recipients', 'transfers'],
      ...['retention', 'automated_decisions', 'withdrawal', 'rights'],
    ])
    for (const { source, asks } of checks) expect([source, asks].every((words) => words !== '')).toBe(true)
  })

  test.each([
    {
      name: 'a language that says less',
      definition: inEnglish({ body: complete.texts.en!.body.slice(1) }),
      want: { locales: ['missing', 'en: 4 of 5 paragraphs'] },
    },
    {
      name: 'a contact that cannot be reached',
      definition: inEnglish({ contact: 'our office' }),
      want: { contact: ['missing', 'en: no e-mail, telephone, web or postal address'] },
    },
    {
      name: 'a contact at a domain that is nobody’s',
      definition: inEnglish({ contact: 'https://example.com/privacy' }),
      want: { contact: ['missing', 'en: https://example.com/privacy reaches nobody'] },
    },
    {
      name: 'a withdrawal that does not say how',
      definition: inEnglish({ withdrawal: 'Any time.' }),
      want: { withdrawal: ['missing', 'en: “Any time.” does not say how'] },
    },
    {
      name: 'rights left out',
      definition: inEnglish({ rights: 'You may ask for your data and have them deleted.' }),
      want: {
        rights: ['missing', 'en: correction, restriction, objection, portability, complaint'],
      },
    },
    {
      name: 'a language that is not read here, and that no purpose is named in',
      definition: { ...complete, texts: { ...complete.texts, fr: complete.texts.en! } },
      purposes: starterPurposes,
      want: { rights: ['to_read', 'fr: only a reader can tell'] },
    },
  ])('$name', ({ definition, want, ...more }) => {
    const found = findingsOf(definition)
    if (!('purposes' in more)) expect(found).toEqual({ ...want, retention })
    else {
      expect(found).toMatchObject(want)
      expect(found.purposes).toHaveLength(1 + starterPurposes.length)
      expect(found.categories).toContain('conversations has no name in fr')
    }
  })

  test.each([
    {
      name: 'a recipient that the words do not name',
      changes: { recipients: ['Statistics Inc'] },
      want: { recipients: ['missing', 'en: Statistics Inc is not named', 'de: Statistics Inc is not named'] },
    },
    {
      name: 'another controller that they do not name',
      changes: { controllers: ['Sister Ltd'] },
      want: { recipients: ['missing', 'en: Sister Ltd is not named', 'de: Sister Ltd is not named'] },
    },
    {
      name: 'a country outside the EEA',
      changes: { transfers: ['US'] },
      want: { transfers: ['to_read', 'analytics sends data to US'] },
    },
    {
      name: 'decisions made by a machine',
      changes: { automatedDecisions: true },
      want: { automated_decisions: ['to_read', 'analytics decides about people automatically'] },
    },
    {
      name: 'a purpose without data',
      changes: { categories: [] },
      want: { categories: ['missing', 'analytics names no data'] },
    },
    {
      name: 'a purpose without a description in a language',
      changes: { description: { en: 'We count.' } },
      want: { purposes: ['missing', 'analytics has no description in de'] },
    },
  ])('$name', ({ changes, want }) => {
    expect(findingsOf(complete, changes)).toEqual({ ...want, retention })
  })

  test('a recipient is named wherever its name stands, in any case', () => {
    const named = (text: NoticeText): NoticeText => ({
      ...text,
      body: [...text.body, 'With STATISTICS INC.'],
    })
    const { en, de } = complete.texts
    const definition = { ...complete, texts: { en: named(en!), de: named(de!) } }
    expect(findingsOf(definition, { recipients: ['Statistics Inc'] })).toEqual({ retention })
  })
})
