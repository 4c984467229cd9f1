import {
  ageIn,
  combineRegimes,
  entryFor,
  gpcRefuses,
  ruleFor,
  strictness,
  tighten,
} from './combine-regimes.ts'
import type { LegalBasis, RuleKind } from './definitions.ts'
import { lineageOf, type PurposeKey } from './ids.ts'
import type { Policy } from './policy.ts'
import type { SubjectState } from './state.ts'

/** What one regime asks for a purpose, and for which dimensions it is the strictest of those combined. */
export type Contribution = {
  readonly key: string
  /** Null for one that nobody knows: it might prohibit anything. */
  readonly version: number | null
  readonly name: string
  readonly rule: RuleKind
  readonly basis: LegalBasis | null
  /** The purpose whose entry it is, an ancestor's where the purpose has none; null for what holds for the rest. */
  readonly ruleOf: PurposeKey | null
  /** Stricter than the entry says, because of her age (CCPA §1798.120(c)). */
  readonly isTightenedByAge: boolean
  /** The age from which she consents for herself in that country; null where the regime asks for none. */
  readonly consentAge: number | null
  readonly consentLifetimeDays: number
  /** Whether Sec-GPC refuses the purpose under it. */
  readonly gpcRefuses: boolean
  readonly decides: readonly ('rule' | 'age' | 'lifetime' | 'gpc')[]
}

/**
 * What each of the regimes in force brings to the rule that `decide` applies: the organisation's own and those in
 * `seen`. Each dimension is decided by the strictest, or by several that ask the same.
 */
export function explainRegimes(
  policy: Policy,
  seen: readonly string[],
  of: { readonly purpose: PurposeKey; readonly age: SubjectState['age']; readonly country: string | null },
): readonly Contribution[] {
  const combined = combineRegimes(policy, seen, null)
  const { rule } = ruleFor(combined, of.purpose, of.age)
  const saleOrSharing = policy.purposes.get(of.purpose)?.saleOrSharing ?? false
  const found = combined.keys.map((key) => {
    const regime = policy.regimes.get(key)
    if (regime === undefined) return unknownRegime(key)
    const { version, definition } = regime
    const entry = entryFor(definition, of.purpose)
    const tightened = tighten(entry, of.age)
    return {
      key,
      version,
      name: definition.name,
      rule: tightened.rule,
      basis: tightened.basis,
      ruleOf: lineageOf(of.purpose).find((each) => Object.hasOwn(definition.rules, each)) ?? null,
      isTightenedByAge: tightened !== entry,
      consentAge: definition.ageBands === null ? null : ageIn(definition.ageBands, of.country),
      consentLifetimeDays: definition.consentLifetimeDays,
      gpcRefuses: gpcRefuses({ ...combined, definitions: [definition] }, of.purpose, saleOrSharing),
    }
  })
  const oldest = Math.max(...found.map(({ consentAge }) => consentAge ?? Number.NEGATIVE_INFINITY))
  const shortest = Math.min(...found.map(({ consentLifetimeDays }) => consentLifetimeDays))
  return found.map((each): Contribution => {
    const decides = [
      ...(strictness[each.rule] === strictness[rule] ? (['rule'] as const) : []),
      ...(each.consentAge === oldest ? (['age'] as const) : []),
      ...(each.consentLifetimeDays === shortest ? (['lifetime'] as const) : []),
      ...(each.gpcRefuses ? (['gpc'] as const) : []),
    ]
    return { ...each, decides }
  })
}

function unknownRegime(key: string): Omit<Contribution, 'decides'> {
  return {
    key,
    version: null,
    name: key,
    rule: 'prohibited',
    basis: null,
    ruleOf: null,
    isTightenedByAge: false,
    consentAge: null,
    consentLifetimeDays: 0,
    gpcRefuses: false,
  }
}
