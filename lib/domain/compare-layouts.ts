import type { ExperienceDefinition } from './definitions.ts'
import type { CompiledExperience, Policy } from './policy.ts'
import { experienceName } from './recall.ts'

/** How long one of two layouts is shown before it may be the other's turn. */
export const turnMs = 3_600_000
/** Of each layout, before anything is told: fewer say nothing, and could be told apart. */
export const answersMin = 200
/** How soon a mind was changed: within one hour, one day, 7 and 30 days of the answer. */
export const windowsHours = [1, 24, 168, 720] as const

/** The two versions that are compared on a property: the one in force, and the one it is compared to. */
export type Compared = { readonly own: CompiledExperience; readonly other: CompiledExperience }

/**
 * The version that `own` is compared to: the newest of the experience that it names, on the same property, showing the same
 * notice. Undefined where there is none, or either was recalled: then `own` is shown to everyone.
 */
export function comparedTo(policy: Policy, own: CompiledExperience): CompiledExperience | undefined {
  const { key, property, notices, comparedTo: named } = own.definition
  if (named === undefined || named === key) return undefined
  const other = policy.experiences.get(named)?.at(-1)
  if (other === undefined || other.definition.property !== property) return undefined
  if (other.definition.notices[0] !== notices[0]) return undefined
  const isRecalled = [own, other].some(({ definition, version }) =>
    policy.recalls.experiences.has(experienceName({ key: definition.key, version })),
  )
  return isRecalled ? undefined : other
}

/**
 * Whose turn it is. Of each two turns that follow each other one is either's, in an order that is drawn by `draw` from the
 * pair's number, so that no hour of the day is always one's. Everyone sees the same at one time: nothing is kept in a browser
 * for it, no device is told from another, and a cache may hold what is served.
 */
export function isOthersTurn(name: string, nowMs: number, draw: (text: string) => number): boolean {
  const turn = Math.floor(nowMs / turnMs)
  const isSwapped = draw(`${name} ${Math.floor(turn / 2)}`) % 2 === 1
  return (turn % 2 === 1) !== isSwapped
}

/** What names a comparison: it begins anew with each version of either. */
export const comparisonName = ({ own, other }: Compared): string =>
  [own, other].map(({ definition, version }) => `${definition.key}@${version}`).join(' ')

/** Of so many who answer for the first time in one of two layouts, one is asked what she answered. */
export const askedBackOneIn = 5

/** The comparison that runs on a property, of what is published for it; undefined where none does. */
export function comparisonOf(policy: Policy, own: CompiledExperience | null): Compared | undefined {
  const other = own === null ? undefined : comparedTo(policy, own)
  return own === null || other === undefined ? undefined : { own, other }
}

/** People who answered in one layout long enough ago, and how many of them changed their minds in that time. */
export type Counted = { readonly answers: number; readonly changed: number }
export type Share = { readonly share: number; readonly low: number; readonly high: number }
export type Verdict = 'too_few' | 'no_difference' | 'own' | 'other'

/** 95 of 100 such intervals hold the true share: what is shown. */
const shownZ = 1.96
/** 99 of 100: what a verdict takes, since it is looked at again and again, in four windows. */
const verdictZ = 2.576

/** A share with its interval (Wilson, 1927). */
export function shareOf({ answers, changed }: Counted, z = shownZ): Share {
  const share = changed / answers
  const middle = (share + z ** 2 / (2 * answers)) / (1 + z ** 2 / answers)
  const half =
    (z / (1 + z ** 2 / answers)) * Math.sqrt((share * (1 - share)) / answers + z ** 2 / (4 * answers ** 2))
  return { share, low: Math.max(0, middle - half), high: Math.min(1, middle + half) }
}

/** The difference of two shares, `a` less `b`, with its interval (Newcombe, 1998, method 10). */
export function differenceOf(a: Counted, b: Counted, z = shownZ): Share {
  const [one, two] = [shareOf(a, z), shareOf(b, z)]
  const share = one.share - two.share
  return {
    share,
    low: share - Math.hypot(one.share - one.low, two.high - two.share),
    high: share + Math.hypot(one.high - one.share, two.share - two.low),
  }
}

/** In which of two layouts fewer people changed their minds, where that can be told. */
export function verdictOf(own: Counted, other: Counted): Verdict {
  if (own.answers < answersMin || other.answers < answersMin) return 'too_few'
  const { low, high } = differenceOf(own, other, verdictZ)
  return high < 0 ? 'own' : low > 0 ? 'other' : 'no_difference'
}

/** What people said who were asked whether what they had just answered about may be done. */
export const understandings = ['right', 'wrong', 'unsure'] as const
export type Understanding = (typeof understandings)[number]
export type Understood = Readonly<Record<Understanding, number>>

/** Who said so and was right, of all who were asked and said something. */
export const rightIn = ({ right, wrong, unsure }: Understood): Share =>
  shareOf({ answers: right + wrong + unsure, changed: right })

/** Who was not right: the fewer the better, as those who change their minds. */
export const notRight = ({ right, wrong, unsure }: Understood): Counted => ({
  ...{ answers: right + wrong + unsure, changed: wrong + unsure },
})

/** What the longest time says of which there are answers enough: people live with an answer longer than an hour. */
export function verdictOver(windows: readonly { readonly verdict: Verdict }[]): Verdict {
  return windows.findLast(({ verdict }) => verdict !== 'too_few')?.verdict ?? 'too_few'
}

/** What keeps a definition from being compared to the experience that it names; undefined where nothing does. */
export function faultOfComparison(policy: Policy, definition: ExperienceDefinition): string | undefined {
  const { key, property, notices, comparedTo: named } = definition
  if (named === undefined) return undefined
  if (named === key) return 'an experience is not compared to itself'
  const other = policy.experiences.get(named)?.at(-1)?.definition
  if (other === undefined) return `there is no experience ${named} that is published`
  if (other.property !== property) return `${named} is of another property`
  if (other.notices[0] !== notices[0]) return `${named} shows another notice: only layouts are compared`
  if (other.comparedTo === key) return `${named} is compared to this one already`
  return undefined
}
