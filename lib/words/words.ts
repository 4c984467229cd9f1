import { IntlMessageFormat } from 'intl-messageformat'
import en from './locales/en.json' with { type: 'json' }

/** The name of one message; each is said in every language. */
export type Word = keyof typeof en
export type Messages = Readonly<Record<Word, string>>

/** Where a translation stands: read by someone whose language it is, or not yet. */
export type WordsStatus = 'reviewed' | 'draft'

const languages: ReadonlyMap<string, { readonly messages: Messages; readonly status: WordsStatus }> = new Map(
  [['en', { messages: en, status: 'reviewed' }]],
)

/** The messages of the language that is nearest to a BCP 47 tag, as ICU patterns; English where there is none. */
export function messagesFor(locale: string): Messages {
  const language = locale.toLowerCase().split('-')[0] ?? 'en'
  return (languages.get(language) ?? languages.get('en'))!.messages
}

/** A message with its values put in, numbers and plurals as the language has them. */
export function say(
  locale: string,
  word: Word,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return String(new IntlMessageFormat(messagesFor(locale)[word], locale).format(values))
}
