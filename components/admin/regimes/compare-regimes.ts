import type { RegimeRules, RuleListed } from '../../../lib/client/regime-types.ts'
import type { FactRow } from '../compare-notices.ts'
import { daysText } from './days-text.ts'
import { placeName } from './place-names.ts'

/** What differs between two versions of a regime, fact by fact; nothing where nothing does. */
export function compareRegimes(from: RegimeRules, to: RegimeRules): readonly FactRow[] {
  const row = (name: string, of: (regime: RegimeRules) => readonly string[]): FactRow => {
    const [before, after] = [of(from), of(to)]
    return { name, from: before, to: after, differs: JSON.stringify(before) !== JSON.stringify(after) }
  }
  return [
    row('Name', ({ name }) => [name]),
    row('Territories', ({ territories = [] }) =>
      territories.length === 0 ? ['none'] : territories.map((code) => `${placeName(code)} (${code})`).sort(),
    ),
    row('Rules', ({ rules, fallback }) => [
      ...Object.entries(rules)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([purpose, rule]) => `${purpose}: ${ruleLine(rule)}`),
      `all others: ${ruleLine(fallback)}`,
    ]),
    row('Ages', ({ ageBands }) => (ageBands === null ? ['asks for none'] : ageLines(ageBands))),
    row('Global Privacy Control', ({ gpc }) => [
      gpc.counts ? 'refuses what is sold or shared' : 'does not count',
      ...gpc.purposes.map((purpose) => `refuses ${purpose}`),
    ]),
    row('A yes lasts', ({ consentLifetimeDays }) => [daysText(consentLifetimeDays)]),
  ].filter(({ differs }) => differs)
}

function ruleLine({ rule, basis, optInBelowAge }: RuleListed): string {
  const young = optInBelowAge === undefined ? '' : `, opt-in below ${optInBelowAge}`
  return `${rule.replaceAll('_', ' ')}, ${basis.replaceAll('_', ' ')}${young}`
}

function ageLines(bands: NonNullable<RegimeRules['ageBands']>): readonly string[] {
  return [
    `from ${bands.default} where nothing else is said`,
    ...Object.entries(bands.countries)
      .map(([code, age]) => `from ${age} in ${placeName(code)}`)
      .sort(),
    bands.unstated === 'capable' ? 'an unstated age may agree' : 'an unstated age cannot agree',
  ]
}
