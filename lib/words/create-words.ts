import { IntlMessageFormat } from 'intl-messageformat'
import type en from './locales/en.json'
import { directionOf } from './negotiate.ts'

/** The name of one message; each is said in every language. */
export type Word = keyof typeof en
export type Messages = Readonly<Record<Word, string>>

/** One language, ready to speak. Messages are parsed, and forms of dates and lists made, when they are first said, and once. */
export type Words = ReturnType<typeof createWords>

/** Makes words of a language's messages, here and in a browser: it is given its messages and knows no other language. */
export function createWords(locale: string, messages: Messages) {
  const parsed = new Map<Word, IntlMessageFormat>()
  let days: Intl.DateTimeFormat | undefined
  let moments: Intl.DateTimeFormat | undefined
  let lists: Intl.ListFormat | undefined

  return {
    locale,
    direction: directionOf(locale),
    messages,
    /** A message with its values put in, numbers and plurals as the language has them. */
    say(word: Word, values: Readonly<Record<string, string | number>> = {}): string {
      const message = parsed.get(word) ?? new IntlMessageFormat(messages[word], locale)
      parsed.set(word, message)
      return String(message.format(values))
    },
    /** An instant as a day: RFC 3339, or milliseconds since 1970. */
    day(instant: string | number): string {
      days ??= new Intl.DateTimeFormat(locale, { dateStyle: 'long' })
      return days.format(new Date(instant))
    },
    /** An instant to the second. */
    moment(instant: string | number): string {
      moments ??= new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' })
      return moments.format(new Date(instant))
    },
    /** Names as one would say them: “a, b and c”. */
    list(names: readonly string[]): string {
      lists ??= new Intl.ListFormat(locale, { type: 'conjunction' })
      return lists.format(names)
    },
  }
}
