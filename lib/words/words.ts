import { createWords, type Messages, type Word, type Words } from './create-words.ts'
import type { LanguageTag } from './languages.ts'
import ar from './locales/ar.json' with { type: 'json' }
import bg from './locales/bg.json' with { type: 'json' }
import cs from './locales/cs.json' with { type: 'json' }
import da from './locales/da.json' with { type: 'json' }
import de from './locales/de.json' with { type: 'json' }
import el from './locales/el.json' with { type: 'json' }
import en from './locales/en.json' with { type: 'json' }
import es from './locales/es.json' with { type: 'json' }
import et from './locales/et.json' with { type: 'json' }
import fi from './locales/fi.json' with { type: 'json' }
import fr from './locales/fr.json' with { type: 'json' }
import ga from './locales/ga.json' with { type: 'json' }
import he from './locales/he.json' with { type: 'json' }
import hi from './locales/hi.json' with { type: 'json' }
import hr from './locales/hr.json' with { type: 'json' }
import hu from './locales/hu.json' with { type: 'json' }
import icelandic from './locales/is.json' with { type: 'json' }
import it from './locales/it.json' with { type: 'json' }
import ja from './locales/ja.json' with { type: 'json' }
import ko from './locales/ko.json' with { type: 'json' }
import lt from './locales/lt.json' with { type: 'json' }
import lv from './locales/lv.json' with { type: 'json' }
import mt from './locales/mt.json' with { type: 'json' }
import nb from './locales/nb.json' with { type: 'json' }
import nl from './locales/nl.json' with { type: 'json' }
import pl from './locales/pl.json' with { type: 'json' }
import pt from './locales/pt.json' with { type: 'json' }
import ro from './locales/ro.json' with { type: 'json' }
import sk from './locales/sk.json' with { type: 'json' }
import sl from './locales/sl.json' with { type: 'json' }
import sv from './locales/sv.json' with { type: 'json' }
import tr from './locales/tr.json' with { type: 'json' }
import uk from './locales/uk.json' with { type: 'json' }
import zhHans from './locales/zh-Hans.json' with { type: 'json' }
import zhHant from './locales/zh-Hant.json' with { type: 'json' }
import { negotiate } from './negotiate.ts'

const messages: Readonly<Record<LanguageTag, Messages>> = {
  bg,
  cs,
  da,
  de,
  el,
  en,
  es,
  et,
  fi,
  fr,
  ga,
  hr,
  hu,
  it,
  lt,
  lv,
  mt,
  nl,
  pl,
  pt,
  ro,
  sk,
  sl,
  sv,
  ar,
  he,
  hi,
  is: icelandic,
  ja,
  ko,
  nb,
  tr,
  uk,
  'zh-Hans': zhHans,
  'zh-Hant': zhHant,
}

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
  return messages[negotiate(locale)]
}

/** A message with its values put in, numbers and plurals as the language has them. */
export function say(
  locale: string,
  word: Word,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return wordsFor(locale).say(word, values)
}
