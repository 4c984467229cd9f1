import type { Complaint } from './complaint.ts'
import type { ExperienceDefinition } from './definitions.ts'
import type { Policy } from './policy.ts'

/** Words that put a refusal off instead of taking it. */
const puttingOff =
  /\b(later|not now|maybe|remind|ask (me|us) again|skip|später|nicht jetzt|vielleicht|erinner\w*|überspringen|plus tard|pas maintenant|peut-être|más tarde|ahora no|più tardi|non ora|not yet)\b/iu

/**
 * The rules of symmetry that can be read off a definition: a yes and a no are both there, in every language that its
 * notices speak, and the no is a no (GDPR Art. 4(11), 7(3), Recital 42).
 */
export function* checkExperience(policy: Policy, definition: ExperienceDefinition): Generator<Complaint> {
  const { property, notices, purposes, texts } = definition
  if (!policy.properties.has(property)) {
    yield { message: `there is no property ${property}`, pointer: '/property' }
  }
  if (notices.length === 0) yield { message: 'an experience shows at least one notice', pointer: '/notices' }
  // A choice is bound to the words that were shown: to one notice.
  if (notices.length > 1) yield { message: 'an experience shows one notice at a time', pointer: '/notices' }
  const named = new Set<string>()
  const locales = new Set<string>()
  for (const [index, key] of notices.entries()) {
    const pointer = `/notices/${index}`
    const notice = policy.notices.get(key)?.findLast(({ untilMs, isInvalidated }) => {
      return untilMs === null && !isInvalidated
    })
    if (notice === undefined) {
      yield { message: `no notice ${key} is in force`, pointer }
      continue
    }
    const reach = notice.definition.property
    if (reach !== null && reach !== property) {
      yield { message: `the notice ${key} does not reach ${property}`, pointer }
    }
    if (notices.indexOf(key) !== index) yield { message: `${key} is shown twice`, pointer }
    for (const { purpose } of notice.definition.purposes) named.add(purpose)
    for (const locale of Object.keys(notice.definition.texts)) locales.add(locale)
  }
  for (const [index, key] of purposes.entries()) {
    const pointer = `/purposes/${index}`
    if (!policy.purposes.has(key)) yield { message: `there is no purpose ${key}`, pointer }
    else if (!named.has(key)) yield { message: `none of its notices names ${key}`, pointer }
    if (purposes.indexOf(key) !== index) yield { message: `${key} is asked about twice`, pointer }
  }
  for (const locale of locales) {
    if (texts[locale] === undefined) {
      yield { message: `a notice speaks ${locale}, its choices do not`, pointer: '/texts' }
    }
  }
  yield* checkWords(texts)
  yield* checkTheme(definition)
}

/** Least contrast of text against what lies behind it (WCAG 2.2, 1.4.3). */
const contrastMin = 4.5

function* checkTheme({ theme }: ExperienceDefinition): Generator<Complaint> {
  for (const scheme of ['light', 'dark'] as const) {
    const colours = theme?.[scheme]
    if (colours === undefined) continue
    const { surface, text, button, buttonText } = colours
    const pairs = [
      ['text', text, 'its surface', surface],
      ['buttonText', buttonText, 'its button', button],
      ['button', button, 'the surface', surface],
    ] as const
    for (const [member, front, what, behind] of pairs) {
      // A button is a shape, not text (1.4.11).
      const least = member === 'button' ? 3 : contrastMin
      const contrast = contrastOf(front, behind)
      if (contrast >= least) continue
      yield {
        message: `${member} has a contrast of ${contrast.toFixed(1)} : 1 against ${what}, and needs ${least} : 1`,
        pointer: `/theme/${scheme}/${member}`,
      }
    }
  }
}

/** The contrast of two colours `#rrggbb`, 1 to 21 (WCAG 2.2, relative luminance). */
export function contrastOf(one: string, other: string): number {
  const [lighter, darker] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => b - a) as [number, number]
  return (lighter + 0.05) / (darker + 0.05)
}

function luminanceOf(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function* checkWords(texts: ExperienceDefinition['texts']): Generator<Complaint> {
  if (Object.keys(texts).length === 0) {
    yield { message: 'an experience has at least one locale', pointer: '/texts' }
  }
  for (const [locale, text] of Object.entries(texts)) {
    for (const choice of ['accept', 'reject', 'choose'] as const) {
      const pointer = `/texts/${locale}/${choice}`
      if ((text[choice] ?? '').trim() === '')
        yield { message: `${choice} has no words in ${locale}`, pointer }
    }
    const { accept = '', reject = '' } = text
    if (puttingOff.test(reject)) {
      yield {
        message: `“${reject}” puts the question off: whoever says no is not asked again`,
        pointer: `/texts/${locale}/reject`,
      }
    }
    if (reject.trim() !== '' && reject.trim().toLowerCase() === accept.trim().toLowerCase()) {
      yield {
        message: `accept and reject are the same words in ${locale}`,
        pointer: `/texts/${locale}/reject`,
      }
    }
  }
}
