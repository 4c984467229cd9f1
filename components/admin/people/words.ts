import type { Tone } from '../../ui/badge.tsx'

/** How something was said to us. */
export const methods = [
  { value: 'phone', name: 'By phone' },
  { value: 'mail', name: 'By mail' },
  { value: 'in_person', name: 'In person' },
  { value: 'double_opt_in', name: 'Confirmed after it was said' },
]

/** A wire name in words: `opted_out` is `opted out`. */
export const inWords = (name: string): string => name.replaceAll('_', ' ')

/** Where an answer holds. */
export const whereText = (property: string | null | undefined): string => property ?? 'everywhere'

const noes = ['denied', 'withdrawn', 'objected', 'opted_out', 'gpc_opted_out']

export function toneOfEvent(status: string): Tone {
  if (status === 'granted') return 'positive'
  if (noes.includes(status)) return 'negative'
  return ['unproven', 'void', 'superseded', 'restricted', 'erased'].includes(status) ? 'caution' : 'neutral'
}
