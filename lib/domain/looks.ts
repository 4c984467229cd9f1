import type { ExperienceDefinition } from './definitions.ts'
import type { CompiledNotice, Policy } from './policy.ts'
import type { SymmetryRuleName } from './symmetry-rules.ts'

/** The screens on which an experience is looked at, in CSS pixels (WCAG 2.2, 1.4.10; EDPB 2023). */
export const lookSizes = {
  small: { width: 320, height: 568 },
  phone: { width: 375, height: 667 },
  desktop: { width: 1440, height: 900 },
} as const
export type LookSize = keyof typeof lookSizes
export const lookThemes = ['light', 'dark'] as const
export type LookTheme = (typeof lookThemes)[number]

const ofQuestions = [
  'same_layer',
  'same_look',
  'contrast',
  'in_view',
  'nothing_pre_ticked',
  'same_order',
  'training_apart',
] as const

/** Which rules of symmetry are measured on each layer: those that can be, of one that is drawn and not yet used. */
export const measuredRules = {
  first: ofQuestions,
  second: ofQuestions,
  control: ['contrast', 'withdraw_in_view'],
} as const satisfies Readonly<Record<string, readonly SymmetryRuleName[]>>
export type LookLayer = keyof typeof measuredRules
export const lookLayers = Object.keys(measuredRules) as readonly LookLayer[]

/** One picture of a set. */
export type Shot = {
  readonly locale: string
  readonly size: LookSize
  readonly theme: LookTheme
  readonly layer: LookLayer
}

/** What came of one rule on one picture; `measured` is what was read off it, by name. */
export type ShotResult = {
  readonly rule: string
  readonly outcome: 'met' | 'broken'
  readonly measured: Readonly<Record<string, string | number>>
  readonly findings: readonly string[]
}

/** Every picture of a whole set. */
export function shotsOf(locales: readonly string[]): readonly Shot[] {
  const sizes = Object.keys(lookSizes) as readonly LookSize[]
  return locales.flatMap((locale) =>
    sizes.flatMap((size) =>
      lookThemes.flatMap((theme) => lookLayers.map((layer) => ({ locale, size, theme, layer }))),
    ),
  )
}

/** The notice that an experience shows now; undefined where none is in force. */
export function noticeShown(policy: Policy, { notices }: ExperienceDefinition): CompiledNotice | undefined {
  const [key] = notices
  if (key === undefined) return undefined
  return policy.notices.get(key)?.findLast(({ untilMs, isInvalidated }) => untilMs === null && !isInvalidated)
}

/** Everything that a picture of it is drawn from, as JSON: its canonical form is hashed. */
export function lookContent(definition: ExperienceDefinition, notice: CompiledNotice): object {
  const { key, version, purposes } = notice.definition
  return {
    experience: definition,
    notice: { key, version, sha256: notice.sha256 },
    purposes: purposes.map((each) => ({ purpose: each.purpose, version: each.version })),
  }
}
