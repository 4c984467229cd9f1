import Link from 'next/link'
import type { ReactNode } from 'react'
import { asText } from '../ui/chart-data.ts'
import { Cell, ColumnHead, Table } from '../ui/table.tsx'
import { medianDelay } from './overview-charts.ts'
import type { ConsentsOverview } from './overview-types.ts'

/** Each purpose with how people answered: whoever is looked at closer is marked. */
export function PurposeRates({
  overview: { series, withdraw_delays },
  current,
  hrefOf,
}: {
  readonly overview: ConsentsOverview
  readonly current: string | undefined
  readonly hrefOf: (purpose: string) => string
}): ReactNode {
  return (
    <Table caption="How people answered, by purpose" isStacked>
      <thead>
        <tr>
          {['Purpose', 'Asked', 'Said yes', 'Taken back', 'Half of those within'].map((name) => (
            <ColumnHead key={name}>{name}</ColumnHead>
          ))}
        </tr>
      </thead>
      <tbody>
        {series.map(({ purpose, totals }) => {
          const delays = withdraw_delays.purposes.find((each) => each.purpose === purpose)?.counts ?? []
          return (
            <tr key={purpose} className={purpose === current ? 'bg-sunken' : ''}>
              <Cell>
                <Link
                  className="link font-medium"
                  scroll={false}
                  aria-current={purpose === current ? 'true' : undefined}
                  href={hrefOf(purpose)}
                >
                  {purpose === '' ? 'browser signals' : purpose}
                </Link>
              </Cell>
              <Cell label="Asked" className="tabular-nums">
                {asText(totals.asked)}
              </Cell>
              <Cell label="Said yes">
                {totals.granted_rate === null ? (
                  <span className="text-ink-soft">nobody was asked</span>
                ) : (
                  <Share of={totals.granted_rate} />
                )}
              </Cell>
              <Cell label="Taken back" className="tabular-nums">
                {asText(totals.withdrawn)}
              </Cell>
              <Cell label="Half of those within" className="text-ink-soft">
                {medianDelay(withdraw_delays.bounds_ms, delays) ?? '–'}
              </Cell>
            </tr>
          )
        })}
      </tbody>
    </Table>
  )
}

function Share({ of }: { readonly of: number }): ReactNode {
  return (
    <span className="inline-flex items-center gap-2">
      <span aria-hidden className="inline-block h-1.5 w-24 overflow-hidden rounded-full bg-sunken">
        <span className="block h-full bg-accent" style={{ width: `${100 * of}%` }} />
      </span>
      <span className="tabular-nums">{(100 * of).toFixed(0)} %</span>
    </span>
  )
}
