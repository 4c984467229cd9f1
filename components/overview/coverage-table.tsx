import type { ReactNode } from 'react'
import { asText } from '../ui/chart-data.ts'
import { Cell, ColumnHead, Table } from '../ui/table.tsx'
import type { Coverage, CoverageState } from './overview-types.ts'

const bars: readonly {
  readonly name: string
  readonly states: readonly CoverageState[]
  readonly colour: string
}[] = [
  {
    name: 'yes',
    states: ['granted', 'ends_within_90_days', 'ends_within_60_days'],
    colour: 'var(--chart-1)',
  },
  { name: 'ends within 30 days', states: ['ends_within_30_days'], colour: 'var(--chart-2)' },
  { name: 'to be asked anew', states: ['superseded', 'run_out'], colour: 'var(--chart-4)' },
  { name: 'no', states: ['refused'], colour: 'var(--chart-3)' },
  { name: 'void', states: ['void'], colour: 'var(--chart-5)' },
]

/** Where each purpose stands under each regime: a bar of everybody known, and the numbers. */
export function CoverageTable({ coverage }: { readonly coverage: readonly Coverage[] }): ReactNode {
  return (
    <>
      <ul
        aria-label="Parts of each bar"
        className="flex flex-wrap gap-x-4 gap-y-1 px-5 pb-3 text-xs text-ink-soft"
      >
        {bars.map(({ name, colour }) => (
          <li key={name} className="flex items-center gap-1.5">
            <span aria-hidden className="size-2.5 rounded-[3px]" style={{ backgroundColor: colour }} />
            {name}
          </li>
        ))}
        <li className="flex items-center gap-1.5">
          <span aria-hidden className="size-2.5 rounded-[3px] border bg-sunken" />
          never asked, or nothing stands
        </li>
      </ul>
      <Table caption="Coverage by purpose and regime" isStacked>
        <thead>
          <tr>
            {['Purpose', 'Regimes', 'People', '', 'Yes', 'Anew', 'No'].map((name) => (
              <ColumnHead key={name}>{name || <span className="sr-only">Shares</span>}</ColumnHead>
            ))}
          </tr>
        </thead>
        <tbody>
          {coverage.map(({ purpose, regimes, subjects, states }) => {
            const of = (names: readonly CoverageState[]) => names.reduce((sum, name) => sum + states[name], 0)
            return (
              <tr key={`${purpose} ${regimes.join(' ')}`}>
                <Cell className="font-mono text-xs">{purpose}</Cell>
                <Cell label="Regimes" className="text-ink-soft">
                  {regimes.join(', ') || 'the organisation’s own'}
                </Cell>
                <Cell label="People" className="tabular-nums">
                  {asText(subjects)}
                </Cell>
                <Cell className="min-w-32">
                  <span aria-hidden className="flex h-2.5 w-full overflow-hidden rounded-full bg-sunken">
                    {bars.map(({ name, states: names, colour }) => (
                      <span
                        key={name}
                        style={{
                          width: `${subjects === 0 ? 0 : (100 * of(names)) / subjects}%`,
                          backgroundColor: colour,
                        }}
                      />
                    ))}
                  </span>
                </Cell>
                <Cell label="Yes" className="tabular-nums">
                  {asText(
                    of(['granted', 'ends_within_90_days', 'ends_within_60_days', 'ends_within_30_days']),
                  )}
                </Cell>
                <Cell label="To be asked anew" className="tabular-nums">
                  {asText(of(['superseded', 'run_out']))}
                </Cell>
                <Cell label="No" className="tabular-nums">
                  {asText(states.refused)}
                </Cell>
              </tr>
            )
          })}
        </tbody>
      </Table>
    </>
  )
}

/** How many consents end when, and how many count no more: whom to ask before a service stops. */
export function Renewals({ coverage }: { readonly coverage: readonly Coverage[] }): ReactNode {
  const sum = (...names: readonly CoverageState[]) =>
    coverage.reduce((all, { states }) => all + names.reduce((part, name) => part + states[name], 0), 0)
  const within30 = sum('ends_within_30_days')
  const within60 = within30 + sum('ends_within_60_days')
  const facts = [
    { name: 'Need renewing now', value: sum('superseded', 'run_out'), tone: 'text-caution' },
    { name: 'End within 30 days', value: within30, tone: '' },
    { name: 'Within 60 days', value: within60, tone: '' },
    { name: 'Within 90 days', value: within60 + sum('ends_within_90_days'), tone: '' },
  ]
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-b-card bg-line sm:grid-cols-4">
      {facts.map(({ name, value, tone }) => (
        <div key={name} className="bg-surface px-5 py-4">
          <dt className="text-xs text-ink-soft">{name}</dt>
          <dd className={`text-2xl font-semibold tabular-nums ${value > 0 ? tone : ''}`}>{asText(value)}</dd>
        </div>
      ))}
    </dl>
  )
}
