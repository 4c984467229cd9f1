import { createWords, type Messages, type Word, type Words } from './create-words.ts'
import type { LanguageTag } from './languages.ts'
import de from './locales/de.json' with { type: 'json' }
import en from './locales/en.json' with { type: 'json' }
import { negotiate } from './negotiate.ts'

const messages: Readonly<Record<LanguageTag, Messages>> = { de, en }

const made = new Map<LanguageTag, Words>()

/**
 * The words of the language that serves best who asks for these BCP 47 tags, best first; English where there is none.
 * On the server only: it holds every language. A client component is given `messages` of one.
 */
export function wordsFor(...wanted: readonly string[]): Words {
  const tag = negotiate(...wanted)
  const words = made.get(tag) ?? createWords(tag, messages[tag])
  made.set(tag, words)
  return words
}

/** The messages of the language that is nearest to a BCP 47 tag, as ICU patterns; English where there is none. */
export function messagesFor(locale: string): Messages {
  return wordsFor(locale).messages
}

/** A message with its values put in, numbers and plurals as the language has them. */
export function say(
  locale: string,
  word: Word,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return wordsFor(locale).say(word, values)
}
