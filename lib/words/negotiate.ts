import { type LanguageTag, languages } from './languages.ts'

type Parts = { readonly language: string; readonly script: string | undefined }

/** Norwegian without more is written as Bokmål; who asks for Nynorsk reads it rather than English. */
const asBokmal = new Set(['no', 'nn', 'nb'])

const partsBefore = new Map<string, Parts | undefined>()
/** More than there are languages anybody publishes in: callers' own tags come and go. */
const rememberedMax = 500

/** A tag's language and its likely script (UTS 35, likely subtags); undefined where it is no BCP 47 tag. */
function partsOf(tag: string): Parts | undefined {
  if (partsBefore.has(tag)) return partsBefore.get(tag)
  const parts = likelyParts(tag)
  if (partsBefore.size >= rememberedMax) partsBefore.clear()
  partsBefore.set(tag, parts)
  return parts
}

function likelyParts(tag: string): Parts | undefined {
  try {
    const { language, script } = new Intl.Locale(tag.replaceAll('_', '-')).maximize()
    return { language: asBokmal.has(language) ? 'nb' : language, script }
  } catch {
    return undefined
  }
}

/**
 * The one of `available` that serves best who asks for `wanted`; undefined where none does. The tag itself comes first,
 * then its language in the same script (zh-TW is served by zh-Hant, pt-BR by pt), then its language in another.
 */
export function nearest<Tag extends string>(available: readonly Tag[], wanted: string): Tag | undefined {
  const same = available.find((tag) => tag.toLowerCase() === wanted.toLowerCase())
  const asked = partsOf(wanted)
  if (same !== undefined || asked === undefined) return same
  const spoken = available.filter((tag) => partsOf(tag)?.language === asked.language)
  return spoken.find((tag) => partsOf(tag)?.script === asked.script) ?? spoken[0]
}

/** The tags of an `Accept-Language` header, best first (RFC 9110 §12.5.4); those refused by `q=0` are left out. */
export function acceptedTags(header: string): readonly string[] {
  return header
    .split(',')
    .map((each) => {
      const [tag = '', ...parameters] = each.split(';').map((part) => part.trim())
      const quality = parameters.find((parameter) => /^q=/i.test(parameter))?.slice(2)
      return { tag, quality: quality === undefined ? 1 : Number(quality) }
    })
    .filter(({ tag, quality }) => tag !== '' && tag !== '*' && quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag)
}

const spoken: readonly LanguageTag[] = languages.map(({ tag }) => tag)

/** The language that Assent speaks to who asks for these tags, best first; English where it speaks none of them. */
export function negotiate(...wanted: readonly string[]): LanguageTag {
  for (const tag of wanted) {
    const found = nearest(spoken, tag)
    if (found !== undefined) return found
  }
  return 'en'
}

/** Scripts that run from right to left (Unicode Standard Annex 9). */
const rightToLeft = new Set(['Adlm', 'Arab', 'Aran', 'Hebr', 'Mand', 'Nkoo', 'Rohg', 'Samr', 'Syrc', 'Thaa'])

/** Which way a language is written. By its script, so Kurdish in Arabic letters and in Latin ones differ. */
export function directionOf(tag: string): 'ltr' | 'rtl' {
  return rightToLeft.has(partsOf(tag)?.script ?? '') ? 'rtl' : 'ltr'
}
