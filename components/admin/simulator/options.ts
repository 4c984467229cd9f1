import type { NoticeListed, PurposeListed } from '../../../lib/client/client.ts'
import type { RegimeListed } from '../../../lib/client/regime-types.ts'
import { purposeName } from '../purpose-name.ts'
import { countryOptions, regionOptions } from '../regimes/place-names.ts'
import type { SimulatorOptions } from './simulator-form.tsx'

const monthName = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' })
const monthsBack = 24

/** What can be chosen, under the configuration as it stands. `state` may name a time that is in no list. */
export function simulatorOptions(
  found: {
    readonly purposes: readonly PurposeListed[]
    readonly regimes: readonly RegimeListed[]
    readonly notices: readonly NoticeListed[]
    readonly properties: readonly { readonly key: string; readonly name: string }[]
    readonly releases: readonly { readonly id: string; readonly title: string }[]
  },
  state: {
    readonly collected: string
    readonly country: string
    readonly region: string
    readonly purpose: string
    readonly release: string
  },
  nowMs: number,
): SimulatorOptions {
  const claimed = found.regimes.flatMap(({ territories = [] }) => territories)
  return {
    countries: withChosen(countryOptions, state.country),
    regions: regionOptions([...claimed, ...(state.region === '' ? [] : [state.region])]),
    purposes: withChosen(
      found.purposes.map((purpose) => ({ value: purpose.key, name: purposeName(purpose) })),
      state.purpose,
    ),
    properties: found.properties.map(({ key, name }) => ({ value: key, name })),
    months: withChosen(monthOptions(nowMs), state.collected),
    notices: likeliestFirst(found.notices).flatMap(({ key, version, texts, purposes }) =>
      Object.keys(texts).map((locale) => ({
        value: `${key}~${version}~${locale}`,
        name: `${key} ${version} (${locale})`,
        purposes: purposes.map(({ purpose }) => purpose),
      })),
    ),
    releases: withChosen(
      found.releases.map(({ id, title }) => ({ value: id, name: `the release “${title}”` })),
      state.release,
    ),
    lastMonth: dayOf(nowMs - 30 * 86_400_000),
  }
}

export const dayOf = (atMs: number) => new Date(atMs).toISOString().slice(0, 10)

/** The first day of the month that lies so many before this one. */
export function monthBefore(nowMs: number, back: number): string {
  const now = new Date(nowMs)
  return dayOf(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back)).slice(0, 7)
}

function monthOptions(nowMs: number) {
  const months = Array.from({ length: monthsBack }, (_, back) => {
    const value = monthBefore(nowMs, back)
    return { value, name: `in ${monthName.format(new Date(`${value}-01`))}` }
  })
  return [{ value: '', name: 'nobody says when' }, { value: 'now', name: 'just then' }, ...months]
}

/** What an address chose is among the options, whatever it is. */
function withChosen<Option extends { readonly value: string; readonly name: string }>(
  options: readonly Option[],
  chosen: string,
): readonly { readonly value: string; readonly name: string }[] {
  if (chosen === '' || options.some(({ value }) => value === chosen)) return options
  return [...options, { value: chosen, name: chosen }]
}

/**
 * Notices as a person is likeliest to have been shown them: those in force (neither replaced, withdrawn nor struck) first,
 * of these the ones that reach the whole organisation, and the newest of each.
 */
export function likeliestFirst(notices: readonly NoticeListed[]): readonly NoticeListed[] {
  const rank = ({ in_force_until, is_invalidated, property }: NoticeListed) =>
    is_invalidated ? 3 : in_force_until !== null ? 2 : property === null ? 0 : 1
  return [...notices].sort((a, b) => rank(a) - rank(b) || (a.published_at < b.published_at ? 1 : -1))
}
