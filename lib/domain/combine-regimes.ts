import type { LegalBasis, RegimeDefinition, RegimeRule, RuleKind } from './definitions.ts'
import type { Actor } from './events.ts'
import { lineageOf, type PurposeKey } from './ids.ts'
import type { Policy } from './policy.ts'
import type { Capacity, SubjectState } from './state.ts'

/** Several regimes as one, each dimension by its strictest. */
export type CombinedRegimes = {
  readonly keys: readonly string[]
  readonly definitions: readonly RegimeDefinition[]
  /** A regime that is not known might prohibit anything. */
  readonly hasUnknown: boolean
  readonly consentLifetimeMs: number
}

export type CombinedRule = {
  readonly rule: RuleKind
  /** The bases of all regimes tied at the strictest rule. */
  readonly bases: readonly LegalBasis[]
}

/** The higher, the stricter. */
export const strictness: Readonly<Record<RuleKind, number>> = {
  prohibited: 3,
  opt_in: 2,
  opt_out: 1,
  notice_only: 0,
}
const dayMs = 86_400_000
const cache = new WeakMap<Policy, Map<string, CombinedRegimes>>()

/** The organisation's own regime, those the subject was ever seen under, and the question's, which only adds. */
export function combineRegimes(
  policy: Policy,
  seen: readonly string[],
  asked: string | null,
): CombinedRegimes {
  const own = policy.organisation.regime
  const name = seen.length === 0 && asked === null ? own : [own, ...seen, asked ?? ''].join(' ')
  let byName = cache.get(policy)
  if (byName === undefined) {
    byName = new Map()
    cache.set(policy, byName)
  }
  const known = byName.get(name)
  if (known !== undefined) return known
  const combined = combine(policy, [...new Set([own, ...seen, ...(asked === null ? [] : [asked])])].sort())
  if (byName.size < 1_000) byName.set(name, combined) // a question names what it likes: bounded
  return combined
}

function combine(policy: Policy, keys: readonly string[]): CombinedRegimes {
  const definitions = keys.flatMap((key) => policy.regimes.get(key)?.definition ?? [])
  const days = Math.min(...definitions.map((definition) => definition.consentLifetimeDays))
  return {
    keys,
    definitions,
    hasUnknown: definitions.length < keys.length,
    consentLifetimeMs: definitions.length === 0 ? 0 : days * dayMs,
  }
}

/** The strictest rule for a purpose; a subject known to be too young needs `opt_in` (CCPA §1798.120(c)). */
export function ruleFor(
  combined: CombinedRegimes,
  purpose: PurposeKey,
  age: SubjectState['age'],
): CombinedRule {
  if (combined.hasUnknown) return { rule: 'prohibited', bases: [] }
  const rules = combined.definitions.map((definition) => tighten(entryFor(definition, purpose), age))
  const strictest = rules.reduce((a, b) => (strictness[b.rule] > strictness[a.rule] ? b : a)).rule
  return { rule: strictest, bases: rules.filter(({ rule }) => rule === strictest).map(({ basis }) => basis) }
}

/** A purpose without an entry follows its nearest ancestor's, then the fallback. */
export function entryFor(definition: RegimeDefinition, purpose: PurposeKey): RegimeRule {
  for (const key of lineageOf(purpose)) {
    const entry = definition.rules[key]
    if (entry !== undefined && Object.hasOwn(definition.rules, key)) return entry
  }
  return definition.fallback
}

/** A rule as it is for someone of that age. */
export function tighten(entry: RegimeRule, age: SubjectState['age']): RegimeRule {
  const { optInBelowAge } = entry
  if (optInBelowAge === undefined || age === null || age.below === null || age.below > optInBelowAge)
    return entry
  return strictness[entry.rule] >= strictness.opt_in ? entry : { rule: 'opt_in', basis: 'consent' }
}

/** Whether Sec-GPC refuses a purpose under any of the regimes. */
export function gpcRefuses(combined: CombinedRegimes, purpose: PurposeKey, saleOrSharing: boolean): boolean {
  return combined.definitions.some(
    ({ gpc }) =>
      (gpc.counts && saleOrSharing) || lineageOf(purpose).some((key) => gpc.purposes.includes(key)),
  )
}

/**
 * Whether a grant made now by `actor` can be given (GDPR Art. 8): the highest age any regime asks for, in the
 * country of the act where it is known. A band that reaches across that age says as little as none.
 */
export function judgeCapacity(
  combined: CombinedRegimes,
  age: SubjectState['age'],
  country: string | null,
  actor: Actor,
): Capacity {
  const bands = combined.definitions.flatMap(({ ageBands }) => ageBands ?? [])
  if (bands.length === 0 || actor === 'guardian') return 'capable'
  const needed = Math.max(...bands.map((band) => ageIn(band, country)))
  if (age !== null && age.below !== null && age.below <= needed) return 'guardian_required'
  if (age !== null && age.atLeast !== null && age.atLeast >= needed) return 'capable'
  return bands.some(({ unstated }) => unstated === 'unknown') ? 'age_unknown' : 'capable'
}

/** The age from which a person consents for herself in a country; the band's default where it is not known. */
export function ageIn(band: NonNullable<RegimeDefinition['ageBands']>, country: string | null): number {
  if (country === null || !Object.hasOwn(band.countries, country)) return band.default
  return band.countries[country] ?? band.default
}
