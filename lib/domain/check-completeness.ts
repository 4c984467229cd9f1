import type { NoticeDefinition, PurposeDefinition } from './definitions.ts'
import type { Policy } from './policy.ts'
import { rightsNotNamed } from './rights-named.ts'

/**
 * What came of one check. `to_read`: only someone who reads the words can tell whether they say it. Nothing of it
 * keeps a notice from being published: that is `checkPublish`.
 */
export type CheckOutcome = 'met' | 'missing' | 'to_read'

export type CompletenessCheck = {
  readonly check: string
  /** What a notice must say, in a few words. */
  readonly asks: string
  /** Where that is laid down. */
  readonly source: string
  readonly outcome: CheckOutcome
  /** What is wrong, or must be read; empty where it is met. */
  readonly findings: readonly string[]
}

type Subject = {
  readonly definition: NoticeDefinition
  readonly policy: Policy
  /** The named versions. */
  readonly purposes: readonly PurposeDefinition[]
  readonly locales: readonly string[]
}

type Check = Pick<CompletenessCheck, 'check' | 'asks' | 'source'> & {
  readonly missing?: (subject: Subject) => readonly string[]
  readonly toRead?: (subject: Subject) => readonly string[]
}

/** What a new installation says until somebody puts a name there. */
const placeholders = ['Your organisation', 'Ihre Organisation']
/** RFC 2606: nobody reads what is sent there. */
const nobodysDomain = /(?:[@.]|\/\/)example\.(?:com|org|net)\b|\.(?:example|invalid|test)\b/i

const checks: readonly Check[] = [
  {
    check: 'locales',
    asks: 'Every language says the same',
    source: 'GDPR Art. 12(1); WP 260 rev.01 §13',
    missing: ({ definition: { texts } }) => {
      const longest = Math.max(...Object.values(texts).map(({ body }) => body.length))
      return Object.entries(texts).flatMap(([locale, { body }]) =>
        body.length < longest ? [`${locale}: ${body.length} of ${longest} paragraphs`] : [],
      )
    },
  },
  {
    check: 'controller',
    asks: 'Who is responsible',
    source: 'GDPR Art. 13(1)(a), Recital 42',
    missing: ({ definition: { texts } }) =>
      Object.entries(texts).flatMap(([locale, { controller }]) =>
        placeholders.includes(controller.trim()) ? [`${locale}: “${controller}” names nobody`] : [],
      ),
  },
  {
    check: 'contact',
    asks: 'How to reach them',
    source: 'GDPR Art. 13(1)(a)–(b)',
    missing: ({ definition: { texts } }) =>
      Object.entries(texts).flatMap(([locale, { contact }]) => {
        if (nobodysDomain.test(contact)) return [`${locale}: ${contact} reaches nobody`]
        // A postal address and a telephone number both have a figure.
        const isReachable = /\S@\S|https?:\/\/\S|\d/.test(contact)
        return isReachable ? [] : [`${locale}: no e-mail, telephone, web or postal address`]
      }),
  },
  {
    check: 'purposes',
    asks: 'What each purpose is',
    source: 'GDPR Art. 13(1)(c); ISO/IEC TS 27560 purpose',
    missing: ({ purposes, locales }) =>
      purposes.flatMap(({ key, name, description }) =>
        locales.flatMap((locale) => {
          if (!isIn(name, locale)) return [`${key} has no name in ${locale}`]
          return isIn(description, locale) ? [] : [`${key} has no description in ${locale}`]
        }),
      ),
  },
  {
    check: 'categories',
    asks: 'Which data',
    source: 'EDPB Guidelines 05/2020 §64; ISO/IEC TS 27560 pii_type',
    missing: ({ purposes, locales, policy }) => {
      const bare = purposes.flatMap(({ key, categories }) =>
        categories.length === 0 ? [`${key} names no data`] : [],
      )
      const used = new Set(purposes.flatMap(({ categories }) => categories))
      const unnamed = policy.organisation.categories
        .filter(({ key }) => used.has(key))
        .flatMap(({ key, name }) =>
          locales.flatMap((locale) => (isIn(name, locale) ? [] : [`${key} has no name in ${locale}`])),
        )
      return [...bare, ...unnamed]
    },
  },
  {
    check: 'recipients',
    asks: 'Who else receives the data',
    source: 'GDPR Art. 13(1)(e); EDPB Guidelines 05/2020 §65',
    missing: ({ definition: { texts }, purposes }) => {
      const others = new Set(
        purposes.flatMap(({ recipients, controllers }) => [...recipients, ...controllers]),
      )
      return Object.entries(texts).flatMap(([locale, { body, controller }]) => {
        const words = [...body, controller].join('\n').toLowerCase()
        return [...others]
          .filter((other) => !words.includes(other.toLowerCase()))
          .map((other) => `${locale}: ${other} is not named`)
      })
    },
  },
  {
    check: 'transfers',
    asks: 'Countries outside the EEA, and what protects the data there',
    source: 'GDPR Art. 13(1)(f), 49(1)(a)',
    toRead: ({ purposes }) =>
      purposes.flatMap(({ key, transfers }) =>
        transfers.length === 0 ? [] : [`${key} sends data to ${transfers.join(', ')}`],
      ),
  },
  {
    check: 'retention',
    asks: 'For how long, or how that is decided',
    source: 'GDPR Art. 13(2)(a)',
    toRead: ({ purposes }) =>
      purposes.flatMap(({ key, retentionDays }) =>
        retentionDays === null ? [`${key} has no period: the words must say how it is decided`] : [],
      ),
  },
  {
    check: 'automated_decisions',
    asks: 'Decisions made without a human, their logic and consequences',
    source: 'GDPR Art. 13(2)(f), 22',
    toRead: ({ purposes }) =>
      purposes.flatMap(({ key, automatedDecisions }) =>
        automatedDecisions ? [`${key} decides about people automatically`] : [],
      ),
  },
  {
    check: 'withdrawal',
    asks: 'That and how a yes can be taken back',
    source: 'GDPR Art. 7(3), 13(2)(c)',
    missing: ({ definition: { texts } }) =>
      Object.entries(texts).flatMap(([locale, { withdrawal }]) =>
        wordsIn(withdrawal) < 3 ? [`${locale}: “${withdrawal}” does not say how`] : [],
      ),
  },
  {
    check: 'rights',
    asks: 'Access, correction, deletion, restriction, objection, portability, complaint',
    source: 'GDPR Art. 13(2)(b), (d)',
    missing: ({ definition: { texts } }) =>
      Object.entries(texts).flatMap(([locale, { rights }]) => {
        const lacking = rightsNotNamed(rights, locale)
        return lacking === undefined || lacking.length === 0 ? [] : [`${locale}: ${lacking.join(', ')}`]
      }),
    toRead: ({ definition: { texts } }) =>
      Object.entries(texts).flatMap(([locale, { rights }]) =>
        rightsNotNamed(rights, locale) === undefined ? [`${locale}: only a reader can tell`] : [],
      ),
  },
]

/**
 * What a notice lacks of what the law has it say, as far as its definition shows; every check once, in a fixed order.
 * It reads facts and plain words: a notice that meets them all may still be unclear or untrue.
 */
export function checkCompleteness(
  policy: Policy,
  definition: NoticeDefinition,
): readonly CompletenessCheck[] {
  const subject: Subject = {
    definition,
    policy,
    purposes: definition.purposes.flatMap(
      ({ purpose, version }) => policy.purposes.get(purpose)?.versions[version - 1] ?? [],
    ),
    locales: Object.keys(definition.texts),
  }
  return checks.map(({ check, asks, source, ...of }) => {
    const missing = of.missing?.(subject) ?? []
    const toRead = of.toRead?.(subject) ?? []
    const outcome = missing.length > 0 ? 'missing' : toRead.length > 0 ? 'to_read' : 'met'
    return { check, asks, source, outcome, findings: [...missing, ...toRead] }
  })
}

/** In the language, whatever the region. */
function isIn(text: Readonly<Record<string, string>>, locale: string): boolean {
  const language = locale.split('-')[0]
  return Object.entries(text).some(([tag, words]) => words.trim() !== '' && tag.split('-')[0] === language)
}

/** By the rules that hold where a language has none of its own, so that any tag will do. */
function wordsIn(text: string): number {
  const segmenter = new Intl.Segmenter('und', { granularity: 'word' })
  return [...segmenter.segment(text)].filter(({ isWordLike }) => isWordLike).length
}
