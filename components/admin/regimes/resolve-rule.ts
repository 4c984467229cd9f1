import type { RegimeRules, RuleListed } from '../../../lib/client/regime-types.ts'

/** What a regime says of a purpose, and whose rule that is: an ancestor's where it has none, null for the rest's. */
export function resolveRule(
  regime: RegimeRules,
  purpose: string,
): RuleListed & { readonly of: string | null } {
  for (let key = purpose; key !== ''; key = key.slice(0, Math.max(key.lastIndexOf('.'), 0))) {
    const rule = regime.rules[key]
    if (rule !== undefined && Object.hasOwn(regime.rules, key)) return { ...rule, of: key }
  }
  return { ...regime.fallback, of: null }
}

/** Whether the browser's signal refuses a purpose under a regime. */
export function gpcRefuses(
  regime: RegimeRules,
  purpose: { readonly key: string; readonly saleOrSharing: boolean },
): boolean {
  if (regime.gpc.counts && purpose.saleOrSharing) return true
  return regime.gpc.purposes.some((key) => purpose.key === key || purpose.key.startsWith(`${key}.`))
}
