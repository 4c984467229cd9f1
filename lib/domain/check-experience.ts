import { faultOfComparison } from './compare-layouts.ts'
import type { Complaint } from './complaint.ts'
import type { ExperienceDefinition } from './definitions.ts'
import type { Policy } from './policy.ts'
import { type SymmetryRule, type SymmetryRuleName, symmetryRules } from './symmetry-rules.ts'

/** Words that put a refusal off instead of taking it. */
const puttingOff =
  /\b(later|not now|maybe|remind|ask (me|us) again|skip|später|nicht jetzt|vielleicht|erinner\w*|überspringen|plus tard|pas maintenant|peut-être|más tarde|ahora no|più tardi|non ora|not yet)\b/iu
/** Words that make whoever says no feel bad about it. */
const guilt =
  /\b(don[’']?t care|no thanks|I (do not|don[’']?t) (want|like|mind)|worse|miss out|unfortunately|sorry|sad|risk|leider|schade|verzichte\w*|schlechter\w*|malheureusement|dommage|tant pis|lástima|purtroppo|peccato)\b/iu
const naming = /\b(ai|a\.i\.|ki|ia|training|trainieren|model(s|le|los|li)?)\b/iu
/** The longer of the two choices in characters, of the shorter: German says in two words what English says in one. */
const lengthRatioMax = 3

type Fault = Complaint & { readonly rule: SymmetryRuleName }

/** What came of one rule: `design` holds for everything that can be published. */
export type SymmetryCheck = SymmetryRule & {
  readonly outcome: 'met' | 'broken' | 'by_design'
  readonly findings: readonly string[]
}

/** Every rule with what came of it under `policy`, for an officer who is about to publish. */
export function checkSymmetry(policy: Policy, definition: ExperienceDefinition): readonly SymmetryCheck[] {
  const faults = [...faultsOf(policy, definition)]
  return symmetryRules.map((rule) => {
    const findings = faults.filter((fault) => fault.rule === rule.rule).map(({ message }) => message)
    const outcome = rule.heldBy === 'design' ? 'by_design' : findings.length === 0 ? 'met' : 'broken'
    return { ...rule, outcome, findings }
  })
}

/**
 * The rules of symmetry that can be read off a definition: a yes and a no are both there, in every language that its
 * notices speak, and the no is a no (GDPR Art. 4(11), 7(3), Recital 42).
 */
export function* checkExperience(policy: Policy, definition: ExperienceDefinition): Generator<Complaint> {
  if (!policy.properties.has(definition.property)) {
    yield { message: `there is no property ${definition.property}`, pointer: '/property' }
  }
  const fault = faultOfComparison(policy, definition)
  if (fault !== undefined) yield { message: fault, pointer: '/comparedTo' }
  if (definition.askedBackOneIn !== undefined && definition.comparedTo === undefined) {
    yield {
      message: 'who is asked back is settled where two layouts are compared',
      pointer: '/askedBackOneIn',
    }
  }
  for (const { rule: _, ...complaint } of faultsOf(policy, definition)) yield complaint
}

function* faultsOf(policy: Policy, definition: ExperienceDefinition): Generator<Fault> {
  const { property, notices, purposes, texts } = definition
  const notice = (message: string, pointer = '/notices'): Fault => ({ rule: 'one_notice', message, pointer })
  if (notices.length === 0) yield notice('an experience shows at least one notice')
  // A choice is bound to the words that were shown: to one notice.
  if (notices.length > 1) yield notice('an experience shows one notice at a time')
  const named = new Set<string>()
  const locales = new Set<string>()
  for (const [index, key] of notices.entries()) {
    const pointer = `/notices/${index}`
    const found = policy.notices.get(key)?.findLast(({ untilMs, isInvalidated }) => {
      return untilMs === null && !isInvalidated
    })
    if (found === undefined) {
      yield notice(`no notice ${key} is in force`, pointer)
      continue
    }
    const reach = found.definition.property
    if (reach !== null && reach !== property)
      yield notice(`the notice ${key} does not reach ${property}`, pointer)
    if (notices.indexOf(key) !== index) yield notice(`${key} is shown twice`, pointer)
    for (const { purpose } of found.definition.purposes) named.add(purpose)
    for (const locale of Object.keys(found.definition.texts)) locales.add(locale)
  }
  for (const [index, key] of purposes.entries()) {
    const fault = (message: string): Fault => ({
      rule: 'purposes_named',
      message,
      pointer: `/purposes/${index}`,
    })
    if (!policy.purposes.has(key)) yield fault(`there is no purpose ${key}`)
    else if (!named.has(key)) yield fault(`none of its notices names ${key}`)
    if (purposes.indexOf(key) !== index) yield fault(`${key} is asked about twice`)
  }
  for (const locale of locales) {
    if (texts[locale] !== undefined) continue
    const message = `a notice speaks ${locale}, its choices do not`
    yield { rule: 'both_named', message, pointer: '/texts' }
  }
  yield* checkWords(texts)
  yield* checkTheme(definition)
}

function* checkWords(texts: ExperienceDefinition['texts']): Generator<Fault> {
  if (Object.keys(texts).length === 0) {
    yield { rule: 'both_named', message: 'an experience has at least one locale', pointer: '/texts' }
  }
  for (const [locale, text] of Object.entries(texts)) {
    const at = (choice: 'accept' | 'reject' | 'choose') => `/texts/${locale}/${choice}`
    for (const choice of ['accept', 'reject', 'choose'] as const) {
      if ((text[choice] ?? '').trim() !== '') continue
      yield { rule: 'both_named', message: `${choice} has no words in ${locale}`, pointer: at(choice) }
    }
    const [accept, reject] = [(text.accept ?? '').trim(), (text.reject ?? '').trim()]
    if (accept === '' || reject === '') continue
    if (puttingOff.test(reject)) {
      const message = `“${reject}” puts the question off: whoever says no is not asked again`
      yield { rule: 'refusal_plain', message, pointer: at('reject') }
    }
    if (guilt.test(reject)) {
      const message = `“${reject}” says more than no: it makes whoever refuses feel something`
      yield { rule: 'refusal_plain', message, pointer: at('reject') }
    }
    if (reject.toLowerCase() === accept.toLowerCase()) {
      const message = `accept and reject are the same words in ${locale}`
      yield { rule: 'told_apart', message, pointer: at('reject') }
    }
    const [shorter, longer] = [accept.length, reject.length].sort((a, b) => a - b) as [number, number]
    if (longer > shorter * lengthRatioMax) {
      const message = `“${accept}” and “${reject}” differ much in length`
      yield { rule: 'like_length', message, pointer: at(reject.length > accept.length ? 'reject' : 'accept') }
    }
    if (naming.test(accept)) {
      const message = `“${accept}” sounds as if it took AI training in: that is asked apart`
      yield { rule: 'training_apart', message, pointer: at('accept') }
    }
  }
}

/** Least contrast of text against what lies behind it (WCAG 2.2, 1.4.3). */
const contrastMin = 4.5

function* checkTheme({ theme }: ExperienceDefinition): Generator<Fault> {
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
        rule: 'contrast',
        message: `${member} has a contrast of ${contrast.toFixed(1)} : 1 against ${what}, and needs ${least} : 1`,
        pointer: `/theme/${scheme}/${member}`,
      }
    }
  }
}

/** The contrast of two colours `#rrggbb`, 1 to 21 (WCAG 2.2, relative luminance). */
function contrastOf(one: string, other: string): number {
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
