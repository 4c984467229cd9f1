import type { ReactNode } from 'react'
import type { ConsumerListed } from '../../lib/client/client.ts'
import { Badge, type Tone } from '../ui/badge.tsx'
import { Cell, ColumnHead, Table } from '../ui/table.tsx'
import { Time } from '../ui/time.tsx'

const states: Readonly<Record<ConsumerListed['state'], { readonly word: string; readonly tone: Tone }>> = {
  up_to_date: { word: 'up to date', tone: 'positive' },
  behind: { word: 'behind', tone: 'caution' },
  stopped: { word: 'stopped', tone: 'negative' },
}
const countedMax = 1_000

/** Consumers of the change feed as rows: who, how it fares, what waits for it. */
export function ConsumerTable({ consumers }: { readonly consumers: readonly ConsumerListed[] }): ReactNode {
  return (
    <Table caption="Consumers of the change feed" isStacked>
      <thead>
        <tr>
          {['System', 'State', 'Waiting for it', 'Applied', 'Last report'].map((name) => (
            <ColumnHead key={name}>{name}</ColumnHead>
          ))}
        </tr>
      </thead>
      <tbody>
        {consumers.map((consumer) => (
          <ConsumerRow key={consumer.name} consumer={consumer} />
        ))}
      </tbody>
    </Table>
  )
}

function ConsumerRow({ consumer }: { readonly consumer: ConsumerListed }): ReactNode {
  const { word, tone } = states[consumer.state]
  return (
    <tr>
      <Cell className="min-w-48">
        <p className="font-medium">{consumer.name}</p>
        <p className="text-xs text-ink-soft">{consumer.description}</p>
        {consumer.purposes.length === 0 ? null : (
          <p className="text-xs text-ink-soft">uses data for {consumer.purposes.join(', ')}</p>
        )}
      </Cell>
      <Cell label="State">
        <Badge tone={tone}>{word}</Badge>
      </Cell>
      <Cell label="Waiting for it" className="min-w-60">
        {consumer.behind_since === null ? (
          <span className="text-ink-soft">nothing</span>
        ) : (
          <>
            <p>{waitingOf(consumer.behind)}</p>
            <p className="text-xs text-ink-soft">
              since <Time at={consumer.behind_since} hasSeconds />
            </p>
          </>
        )}
      </Cell>
      <Cell label="Applied" className="tabular-nums">
        {consumer.applied}
      </Cell>
      <Cell label="Last report">
        <Time at={consumer.reported_at} hasSeconds />
        <p className="font-mono text-xs text-ink-faint">{consumer.reported_by}</p>
      </Cell>
    </tr>
  )
}

function waitingOf(count: number): string {
  if (count > countedMax) return 'more than 1,000 changes'
  return count === 1 ? '1 change' : `${count.toLocaleString('en-GB')} changes`
}
