'use client'

import dynamic from 'next/dynamic'
import { type ReactNode, useEffect, useState } from 'react'
import { asText, type ChartData, colourOf } from './chart-data.ts'
import { ChartTable } from './chart-table.tsx'
import { EmptyState } from './empty-state.tsx'
import { Skeleton } from './skeleton.tsx'

// What draws is larger than any page: it comes after the page is there, into a place that is kept for it.
const ChartBars = dynamic(async () => (await import('./chart-bars.tsx')).ChartBars, {
  ssr: false,
  loading: () => <Skeleton className="h-full w-full" />,
})

/**
 * Stacked bars over steps of time, or the same numbers as a table: for the keyboard, for who hears the page, and for
 * who wants them exact. Where there is nothing, `empty` says why.
 */
export function Chart({
  label,
  summary,
  stepName,
  data,
  empty,
}: {
  readonly label: string
  /** What the chart shows, in a sentence: read aloud in its place. */
  readonly summary: string
  /** What a step is: `Day`. */
  readonly stepName: string
  readonly data: ChartData
  readonly empty: { readonly title: string; readonly text: string }
}): ReactNode {
  const [isTable, setIsTable] = useState(false)
  const [isPageThere, setPageThere] = useState(false)
  useEffect(() => {
    const say = () => setPageThere(true)
    if (document.readyState === 'complete') return say()
    addEventListener('load', say, { once: true })
    return () => removeEventListener('load', say)
  }, [])
  const totals = data.series.map(({ values }) => values.reduce((sum, value) => sum + value, 0))
  if (totals.every((total) => total === 0)) return <EmptyState title={empty.title}>{empty.text}</EmptyState>
  return (
    <figure>
      <div className="flex flex-wrap items-start justify-between gap-3 px-5 pb-3">
        <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-soft" aria-label="Parts of each bar">
          {data.series.map(({ name, tone }, index) => (
            <li key={name} className="flex items-center gap-1.5">
              <span
                aria-hidden
                className="size-2.5 rounded-[3px]"
                style={{ backgroundColor: colourOf(tone) }}
              />
              {name} <span className="tabular-nums">{asText(totals[index] ?? 0)}</span>
            </li>
          ))}
        </ul>
        <fieldset className="flex rounded-control border p-0.5">
          <legend className="sr-only">Show as</legend>
          {(['Chart', 'Table'] as const).map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={isTable === (name === 'Table')}
              onClick={() => setIsTable(name === 'Table')}
              className="rounded-[0.35rem] px-2.5 py-1 text-xs text-ink-soft hover:text-ink aria-pressed:bg-sunken aria-pressed:font-medium aria-pressed:text-ink"
            >
              {name}
            </button>
          ))}
        </fieldset>
      </div>
      {isTable ? (
        <ChartTable caption={label} stepName={stepName} data={data} />
      ) : (
        <div className="h-72 px-2 pb-4" role="img" aria-label={`${label}. ${summary}`}>
          {isPageThere ? <ChartBars data={data} /> : <Skeleton className="h-full w-full" />}
        </div>
      )}
    </figure>
  )
}
