import { regionNames } from './region-names.ts'

const countries = new Intl.DisplayNames(['en-GB'], { type: 'region', fallback: 'none' })
/** Codes that have a name and are no country: groups of them, and what tests and unknown places are called. */
const noCountries = new Set(['EU', 'EZ', 'UN', 'QO', 'XA', 'XB', 'ZZ', 'UK', 'EL'])

function countryName(code: string): string | undefined {
  try {
    return noCountries.has(code) ? undefined : countries.of(code)
  } catch {
    return undefined
  }
}

/** A territory in words: `Germany`, `Saxony, Germany`; its code where nobody knows a name for it. */
export function placeName(territory: string): string {
  const [country = '', region] = territory.split('-')
  const within = countryName(country) ?? country
  if (region === undefined) return within
  return `${regionNames.get(territory) ?? territory}, ${within}`
}

/** Whether a code means a place that has a name: one that has none is likely a slip. */
export const isNamed = (territory: string) =>
  countryName(territory.slice(0, 2)) !== undefined && (territory.length === 2 || regionNames.has(territory))

export type PlaceOption = { readonly value: string; readonly name: string }

const byName = (a: PlaceOption, b: PlaceOption) => a.name.localeCompare(b.name, 'en-GB')
const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']

/** Every country, by name. */
export const countryOptions: readonly PlaceOption[] = letters
  .flatMap((first) => letters.map((second) => first + second))
  .flatMap((value) => {
    const name = countryName(value)
    return name === undefined ? [] : [{ value, name }]
  })
  .sort(byName)

/** The regions that are known by name or claimed by a regime, by country. */
export function regionOptions(claimed: readonly string[]): Readonly<Record<string, readonly PlaceOption[]>> {
  const all = [...new Set([...regionNames.keys(), ...claimed.filter((code) => code.includes('-'))])]
  const options: Record<string, PlaceOption[]> = {}
  for (const value of all) {
    const country = value.slice(0, 2)
    options[country] ??= []
    options[country].push({ value, name: regionNames.get(value) ?? value })
  }
  for (const list of Object.values(options)) list.sort(byName)
  return options
}
