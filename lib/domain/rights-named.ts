/** Rights of GDPR Art. 15–18, 20, 21 and 77, and by language the words that name each. */
const words: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  en: {
    access: /\baccess\b|\bask for your data\b|\bcop(?:y|ies) of/i,
    correction: /\bcorrect|\brectif/i,
    deletion: /\bdelet|\beras/i,
    restriction: /\brestrict|\blimit/i,
    objection: /\bobject/i,
    portability: /\bportab|\bhanded over\b|\btransfer|\breceive/i,
    complaint: /\bcomplain/i,
  },
  de: {
    access: /auskunft/i,
    correction: /berichtig/i,
    deletion: /lösch/i,
    restriction: /einschränk/i,
    objection: /widerspr|widersprech/i,
    portability: /übertrag|herausgabe/i,
    complaint: /beschwer/i,
  },
}

/** The rights that a text does not name; undefined for a language whose words are not known here. */
export function rightsNotNamed(text: string, locale: string): readonly string[] | undefined {
  const known = words[locale.split('-')[0] ?? '']
  if (known === undefined) return undefined
  return Object.entries(known).flatMap(([right, named]) => (named.test(text) ? [] : [right]))
}
