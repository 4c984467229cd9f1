/** Where a translation stands: read by someone whose language it is, or not yet. */
export type WordsStatus = 'reviewed' | 'draft'

/**
 * The languages Assent speaks, by BCP 47 tag: the 24 official languages of the European Union (Regulation 1/1958), and
 * eleven more. A draft was written with care, and nobody whose language it is has read it yet; it is used, and officers
 * see what it is. Who has read one sets it to `reviewed` here, in the change that corrects it.
 */
export const languages = [
  { tag: 'de', status: 'draft' },
  { tag: 'en', status: 'reviewed' },
] as const satisfies readonly { readonly tag: string; readonly status: WordsStatus }[]

export type LanguageTag = (typeof languages)[number]['tag']
