/** How far back the overview looks, and in which steps. */
export const overviewRanges = [
  { id: '7d', name: '7 days', days: 6, step: 'day' },
  { id: '30d', name: '30 days', days: 29, step: 'day' },
  { id: '90d', name: '90 days', days: 89, step: 'day' },
  { id: '1y', name: 'A year', days: 364, step: 'week' },
] as const

export type OverviewQuery = Readonly<Record<string, string | string[] | undefined>>

/** What the address asks for; whatever it does not say is the usual. */
export function readOverviewQuery(query: OverviewQuery) {
  const one = (name: string) => (typeof query[name] === 'string' && query[name] !== '' ? query[name] : null)
  return {
    range: overviewRanges.find(({ id }) => id === one('range')) ?? overviewRanges[1],
    property: one('property'),
    purpose: one('purpose'),
  }
}

/** The page's address with this changed; what is usual is left out. */
export function overviewHref(view: {
  readonly range: string
  readonly property: string | null
  readonly purpose: string | null
}): string {
  const params = new URLSearchParams()
  if (view.range !== '30d') params.set('range', view.range)
  if (view.property !== null) params.set('property', view.property)
  if (view.purpose !== null) params.set('purpose', view.purpose)
  return params.size === 0 ? '/admin/overview' : `/admin/overview?${params}`
}
