import type { QuestionsOfService } from '../../lib/client/client.ts'

const hourMs = 3_600_000

/** How far back the page looks, and in which steps. */
export const ranges = [
  { id: '3h', name: '3 hours', ms: 3 * hourMs, step: 'minute' },
  { id: '24h', name: '24 hours', ms: 24 * hourMs, step: 'hour' },
  { id: '7d', name: '7 days', ms: 168 * hourMs, step: 'hour' },
  { id: '30d', name: '30 days', ms: 720 * hourMs, step: 'day' },
  { id: '90d', name: '90 days', ms: 2_160 * hourMs, step: 'day' },
] as const satisfies readonly { id: string; name: string; ms: number; step: QuestionsOfService['step'] }[]

export type ServiceQuery = Readonly<Record<string, string | string[] | undefined>>

/** What the address asks for; whatever it does not say is the usual. */
export function readServiceQuery(query: ServiceQuery) {
  const one = (name: string) => (typeof query[name] === 'string' ? query[name] : undefined)
  return {
    range: ranges.find(({ id }) => id === one('range')) ?? ranges[2],
    service: one('service'),
    purpose: one('purpose') ?? null,
  }
}

/** The page's address with this changed; what is usual is left out. */
export function serviceHref(view: {
  readonly range: string
  readonly service?: string | undefined
  readonly purpose?: string | null
}): string {
  const params = new URLSearchParams()
  if (view.range !== '7d') params.set('range', view.range)
  if (view.service !== undefined) params.set('service', view.service)
  if (view.purpose) params.set('purpose', view.purpose)
  return params.size === 0 ? '/admin/services' : `/admin/services?${params}`
}
