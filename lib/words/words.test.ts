import { readdirSync } from 'node:fs'
import { IntlMessageFormat } from 'intl-messageformat'
import { describe, expect, test } from 'vitest'
import { bannerWords } from '../web/experience.ts'
import type { Word } from './create-words.ts'
import { languages } from './languages.ts'
import { messagesFor, say, wordsFor } from './words.ts'

const english = messagesFor('en')
const keys = Object.keys(english) as Word[]
const others = languages.map(({ tag }) => tag).filter((tag) => tag !== 'en')

type Element = ReturnType<IntlMessageFormat['getAst']>[number]
type Plural = { readonly value: string; readonly options: Record<string, { readonly value: Element[] }> }
const isPlural = (element: Element): element is Element & Plural => 'options' in element

/** Every element of a message, those inside its plurals too. */
function elementsOf(pattern: string, locale: string): readonly Element[] {
  const within = (elements: readonly Element[]): readonly Element[] =>
    elements.flatMap((element) => [
      element,
      ...(isPlural(element) ? Object.values(element.options).flatMap(({ value }) => within(value)) : []),
    ])
  return within(new IntlMessageFormat(pattern, locale).getAst())
}

/** What a message puts in; type 0 is plain text in the parser's numbering. */
const placeholdersOf = (pattern: string, locale: string) => {
  const names = elementsOf(pattern, locale).flatMap((element) =>
    element.type !== 0 && 'value' in element ? [String(element.value)] : [],
  )
  return [...new Set(names)].sort()
}

const pluralsOf = (pattern: string, locale: string) => elementsOf(pattern, locale).filter(isPlural)

describe('the languages', () => {
  test('are the files there are, each named once', () => {
    const files = readdirSync(new URL('locales', import.meta.url)).map((name) => name.replace(/\.json$/, ''))
    expect(languages.map(({ tag }) => tag).toSorted()).toEqual(files.toSorted())
  })

  test('only English is called reviewed until a speaker has read another', () => {
    expect(languages.filter(({ status }) => status === 'reviewed').map(({ tag }) => tag)).toEqual(['en'])
  })
})

describe.each(others)('%s', (tag) => {
  const messages = messagesFor(tag)

  test('has every message and no other, in the order of English', () => {
    expect(Object.keys(messages)).toEqual(keys)
    for (const word of keys) expect(messages[word].trim(), word).not.toBe('')
  })

  test('is not English: at most 5 % of its strings are the same', () => {
    const same = keys.filter((word) => messages[word] === english[word])
    expect(same.length / keys.length, same.join(', ')).toBeLessThanOrEqual(0.05)
  })

  test('puts in what English puts in', () => {
    for (const word of keys) {
      expect(placeholdersOf(messages[word], tag), word).toEqual(placeholdersOf(english[word], 'en'))
    }
  })

  test('has each form that its numbers need, and says them', () => {
    const { pluralCategories } = new Intl.PluralRules(tag).resolvedOptions()
    for (const word of keys) {
      const plurals = pluralsOf(messages[word], tag)
      expect(plurals.length > 0, word).toBe(pluralsOf(english[word], 'en').length > 0)
      for (const { options } of plurals) expect(Object.keys(options), word).toContain('other')
      for (const { options } of plurals) {
        for (const category of pluralCategories) expect(Object.keys(options), word).toContain(category)
      }
      if (plurals.length === 0) continue
      for (const count of [0, 1, 2, 3, 5, 11, 21, 100, 1_000_000]) {
        const said = say(tag, word, { count, done: 1, time: '14:03' })
        expect(said, word).not.toMatch(/[{}#]|undefined/)
        if (count > 2) expect(said, word).toContain(new Intl.NumberFormat(tag).format(count))
      }
    }
  })
})

test('no message has a straight apostrophe, which ICU reads as a quote', () => {
  for (const { tag } of languages) {
    for (const word of keys) expect(messagesFor(tag)[word], `${tag} ${word}`).not.toContain("'")
  }
})

test('what the banner says has plain placeholders alone: it fills them in by itself', () => {
  for (const { tag } of languages) {
    for (const word of bannerWords)
      expect(pluralsOf(messagesFor(tag)[word], tag), `${tag} ${word}`).toEqual([])
  }
})

describe('words', () => {
  test('are said with numbers and plurals', () => {
    expect(say('en', 'days', { count: 1 })).toBe('1 day')
    expect(say('en', 'days', { count: 1_825 })).toBe('1,825 days')
    expect(say('de', 'days', { count: 1_825 })).toBe('1.825 Tage')
    expect(say('pl', 'days', { count: 22 })).toBe('22 dni')
    expect(say('lv', 'days', { count: 21 })).toBe('21 diena')
    expect(say('ar', 'days', { count: 2 })).toBe('يومان')
    expect(say('ga', 'ageYears', { count: 13 })).toBe('13 bliain')
  })

  test('are English where there is no such language', () => {
    expect(say('fa', 'accept')).toBe('Accept all')
    expect(say('not a tag', 'accept')).toBe('Accept all')
  })

  test('come in the first language wanted that there is', () => {
    expect(wordsFor('fa', 'de-AT', 'en').locale).toBe('de')
  })

  test('say days, moments and lists as the language has them', () => {
    const { day, list, moment } = wordsFor('de')
    expect(day('2026-03-02T12:00:00Z')).toBe('2. März 2026')
    expect(moment('2026-03-02T12:00:05Z')).toContain(':05')
    expect(list(['Analyse', 'Werbung', 'Karten'])).toBe('Analyse, Werbung und Karten')
  })

  test('throw where a value is missing, rather than show a gap', () => {
    expect(() => say('en', 'withParent')).toThrow()
  })
})
