import type { ReactNode } from 'react'
import type { EventListed } from '../../lib/client/client.ts'
import { Badge, type Tone } from '../ui/badge.tsx'
import { Cell, ColumnHead, Table } from '../ui/table.tsx'
import { Time } from '../ui/time.tsx'

const tones: Readonly<Record<string, Tone>> = {
  granted: 'positive',
  denied: 'negative',
  withdrawn: 'negative',
  objected: 'negative',
  opted_out: 'negative',
  gpc_opted_out: 'negative',
  restricted: 'caution',
  erased: 'caution',
}

/** Events as rows: position, time, what, about what, whose. */
export function EventTable({ events }: { readonly events: readonly EventListed[] }): ReactNode {
  return (
    <Table caption="Events, newest first">
      <thead>
        <tr>
          {['Position', 'Recorded', 'Act', 'About', 'Shown', 'Subject'].map((name) => (
            <ColumnHead key={name}>{name}</ColumnHead>
          ))}
        </tr>
      </thead>
      <tbody>
        {events.map((event) => (
          <tr key={event.id}>
            <Cell className="text-ink-soft tabular-nums">{event.seq}</Cell>
            <Cell>
              <Time at={event.recorded_at} />
            </Cell>
            <Cell>
              <Badge tone={tones[event.act] ?? 'neutral'}>{event.act.replaceAll('_', ' ')}</Badge>
            </Cell>
            <Cell>{aboutOf(event)}</Cell>
            <Cell className="text-ink-soft">{shownOf(event)}</Cell>
            <Cell className="font-mono text-xs text-ink-soft">
              {event.subject === null ? '' : `${event.subject.slice(0, 12)}…`}
            </Cell>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}

function aboutOf(event: EventListed): string {
  if (typeof event.purpose === 'string') {
    return typeof event.property === 'string' ? `${event.purpose} on ${event.property}` : event.purpose
  }
  const { definition } = event as { definition?: { key?: string; name?: unknown; id?: string } }
  if (definition === undefined) return typeof event.notice === 'string' ? event.notice : ''
  if (typeof definition.key === 'string') return definition.key
  return typeof definition.name === 'string' ? definition.name : (definition.id ?? '')
}

function shownOf(event: EventListed): string {
  const { notice } = event as { notice?: { key: string; version: number; locale: string } | string | null }
  if (notice === undefined || notice === null || typeof notice === 'string') return ''
  return `${notice.key} ${notice.version} (${notice.locale})`
}
