import type { RecallScope, TaskListed } from '../../lib/client/client.ts'

const kinds = { notice: 'Notice', experience: 'Experience', key: 'API key', import: 'Import' } as const

/** What a recall struck, as it is called: `Notice study 2`. */
export function scopeWords(scope: RecallScope): string {
  return 'id' in scope
    ? `${kinds[scope.kind]} ${scope.id}`
    : `${kinds[scope.kind]} ${scope.key} ${scope.version}`
}

export const figure = (count: number) => count.toLocaleString('en-GB')

export const counted = (count: number, one: string, many: string) =>
  `${figure(count)} ${count === 1 ? one : many}`

/** What is to be done, in a sentence; a kind that is not known here by its name. */
export function taskWords({ kind, matter }: TaskListed): string {
  const text = (name: string) => String(matter[name] ?? '')
  switch (kind) {
    case 'recall_people':
      return `Tell ${counted(Number(matter.people), 'person', 'people')} that their consent was struck, and ask anew`
    case 'recall_service':
      return `See what ${text('name') || text('key')} did with ${counted(Number(matter.permits), 'yes', 'yeses')} of the last 30 days`
    case 'recall_run':
      return `Look at the run ${text('run')}: it used data of ${counted(Number(matter.people), 'person', 'people')}`
    case 'recall_filter':
      return `Look at what the filter ${text('filter')} let through for ${text('purpose')}`
    case 'recall_consumer':
      return `See that ${text('consumer')} has applied the recall`
    default:
      return kind.replaceAll('_', ' ')
  }
}
