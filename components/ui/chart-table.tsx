import type { ReactNode } from 'react'
import { asText, type ChartData } from './chart-data.ts'
import { Cell, ColumnHead, Table } from './table.tsx'

/** A chart's numbers as rows; steps in which there was nothing are left out. */
export function ChartTable({
  caption,
  stepName,
  data: { steps, series },
}: {
  readonly caption: string
  readonly stepName: string
  readonly data: ChartData
}): ReactNode {
  const rows = steps.flatMap((step, place) => {
    const values = series.map(({ values: all }) => all[place] ?? 0)
    return values.some((value) => value > 0) ? [{ step, values }] : []
  })
  return (
    <div className="max-h-96 overflow-y-auto">
      <Table caption={caption}>
        <thead>
          <tr>
            <ColumnHead>{stepName}</ColumnHead>
            {series.map(({ name }) => (
              <ColumnHead key={name} className="text-right">
                {name}
              </ColumnHead>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ step, values }) => (
            <tr key={step}>
              <Cell className="whitespace-nowrap">{step}</Cell>
              {values.map((value, index) => (
                <Cell key={series[index]?.name} className="text-right tabular-nums">
                  {asText(value)}
                </Cell>
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
  )
}
