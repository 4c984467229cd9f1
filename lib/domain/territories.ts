import type { Policy } from './policy.ts'

/** Where someone was when she said something; `region` is ISO 3166-2 and lies in `country`, ISO 3166-1 alpha-2. */
export type Place = { readonly country: string | null; readonly region: string | null }

/** A regime, and the territory through which a place falls under it. */
export type RegimeOfPlace = { readonly key: string; readonly territory: string }

const country = /^[A-Z]{2}$/
const region = /^[A-Z]{2}-[A-Z0-9]{1,3}$/
/** Codes that look like a country's and are none, with what is meant (ISO 3166-1 reserves them). */
const mistaken: Readonly<Record<string, string>> = { UK: 'GB', EL: 'GR' }

const claims = new WeakMap<Policy, ReadonlyMap<string, string>>()

/** Why `code` cannot be a territory, or undefined where it has the form of one. Which codes are assigned is not known here. */
export function territoryFault(code: string): string | undefined {
  const meant = mistaken[code.slice(0, 2)]
  if (meant !== undefined) return `${code.slice(0, 2)} is no country’s code: ISO 3166-1 says ${meant}`
  if (country.test(code) || region.test(code)) return undefined
  return `${code} is neither a country such as DE (ISO 3166-1) nor a region such as US-CA (ISO 3166-2)`
}

/** The country of a place, which its region tells where nothing else does. */
export function countryOf({ country: stated, region: within }: Place): string | null {
  return stated ?? within?.slice(0, 2) ?? null
}

/** Whether a region lies in the country that is named beside it. */
export function isWithin({ country: stated, region: within }: Place): boolean {
  return stated === null || within === null || within.startsWith(`${stated}-`)
}

/**
 * The regimes of a place, that of its region before that of its country: both hold there. Undefined where no regime
 * claims either; then nothing is known of the place, and only the organisation's own regime applies.
 */
export function regimesFor(policy: Policy, place: Place): readonly RegimeOfPlace[] | undefined {
  const territories = [place.region, countryOf(place)]
  const found: RegimeOfPlace[] = []
  for (const territory of territories) {
    const key = territory === null ? undefined : claimsOf(policy).get(territory)
    if (key === undefined || territory === null || found.some((other) => other.key === key)) continue
    found.push({ key, territory })
  }
  return found.length === 0 ? undefined : found
}

/** Which regime claims a territory: at most one does. */
export function claimsOf(policy: Policy): ReadonlyMap<string, string> {
  const known = claims.get(policy)
  if (known !== undefined) return known
  const made = new Map<string, string>()
  for (const { definition } of policy.regimes.values()) {
    for (const territory of definition.territories ?? []) made.set(territory, definition.key)
  }
  claims.set(policy, made)
  return made
}
