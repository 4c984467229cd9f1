/** Where a translation stands: read by someone whose language it is, or not yet. */
export type WordsStatus = 'reviewed' | 'draft'

/**
 * The languages Assent speaks, by BCP 47 tag: the 24 official languages of the European Union (Regulation 1/1958), and
 * eleven more. A draft was written with care, and nobody whose language it is has read it yet; it is used, and officers
 * see what it is. Who has read one sets it to `reviewed` here, in the change that corrects it.
 */
export const languages = [
  { tag: 'bg', status: 'draft' },
  { tag: 'cs', status: 'draft' },
  { tag: 'da', status: 'draft' },
  { tag: 'de', status: 'draft' },
  { tag: 'el', status: 'draft' },
  { tag: 'en', status: 'reviewed' },
  { tag: 'es', status: 'draft' },
  { tag: 'et', status: 'draft' },
  { tag: 'fi', status: 'draft' },
  { tag: 'fr', status: 'draft' },
  { tag: 'ga', status: 'draft' },
  { tag: 'hr', status: 'draft' },
  { tag: 'hu', status: 'draft' },
  { tag: 'it', status: 'draft' },
  { tag: 'lt', status: 'draft' },
  { tag: 'lv', status: 'draft' },
  { tag: 'mt', status: 'draft' },
  { tag: 'nl', status: 'draft' },
  { tag: 'pl', status: 'draft' },
  { tag: 'pt', status: 'draft' },
  { tag: 'ro', status: 'draft' },
  { tag: 'sk', status: 'draft' },
  { tag: 'sl', status: 'draft' },
  { tag: 'sv', status: 'draft' },
  { tag: 'ar', status: 'draft' },
  { tag: 'he', status: 'draft' },
  { tag: 'hi', status: 'draft' },
  { tag: 'is', status: 'draft' },
  { tag: 'ja', status: 'draft' },
  { tag: 'ko', status: 'draft' },
  { tag: 'nb', status: 'draft' },
  { tag: 'tr', status: 'draft' },
  { tag: 'uk', status: 'draft' },
  { tag: 'zh-Hans', status: 'draft' },
  { tag: 'zh-Hant', status: 'draft' },
] as const satisfies readonly { readonly tag: string; readonly status: WordsStatus }[]

export type LanguageTag = (typeof languages)[number]['tag']
