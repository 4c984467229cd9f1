'use client'

import type { ReactNode } from 'react'
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { asText, type ChartData, colourOf } from './chart-data.ts'

const tick = { fill: 'var(--ink-soft)', fontSize: 12 }
const short = new Intl.NumberFormat('en-GB', { notation: 'compact' })

/** The bars of a chart, which draws them where it stands. Nothing moves: what grows is read before it is there. */
export function ChartBars({ data: { steps, series } }: { readonly data: ChartData }): ReactNode {
  const rows = steps.map((step, place) => ({ step, place }))
  return (
    <ResponsiveContainer width="100%" height="100%">
      <BarChart data={rows} margin={{ top: 8, right: 12, bottom: 0, left: 0 }} accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="step"
          tick={tick}
          tickLine={false}
          axisLine={{ stroke: 'var(--line)' }}
          minTickGap={24}
        />
        <YAxis
          width={44}
          tick={tick}
          tickLine={false}
          axisLine={false}
          allowDecimals={false}
          tickFormatter={(value: number) => short.format(value)}
        />
        <Tooltip
          cursor={{ fill: 'var(--sunken)' }}
          isAnimationActive={false}
          content={({ active, label, payload }) =>
            active ? <Tip label={String(label)} series={series} place={payload?.[0]?.payload?.place} /> : null
          }
        />
        {series.map(({ name, tone, values }) => (
          <Bar
            key={name}
            name={name}
            stackId="all"
            dataKey={({ place }: { place: number }) => values[place] ?? 0}
            fill={colourOf(tone)}
            maxBarSize={40}
            isAnimationActive={false}
          />
        ))}
      </BarChart>
    </ResponsiveContainer>
  )
}

function Tip({
  label,
  series,
  place,
}: {
  readonly label: string
  readonly series: ChartData['series']
  readonly place: number | undefined
}): ReactNode {
  const parts = series.flatMap(({ name, tone, values }) => {
    const value = place === undefined ? 0 : (values[place] ?? 0)
    return value > 0 ? [{ name, tone, value }] : []
  })
  return (
    <div className="rounded-control border bg-surface px-3 py-2 text-xs shadow-float">
      <p className="font-medium">{label}</p>
      {parts.length === 0 ? <p className="text-ink-soft">nothing</p> : null}
      <ul className="mt-1 grid gap-0.5">
        {parts.map(({ name, tone, value }) => (
          <li key={name} className="flex items-center gap-1.5 text-ink-soft">
            <span className="size-2 rounded-[2px]" style={{ backgroundColor: colourOf(tone) }} />
            {name}
            <span className="ml-auto pl-3 text-ink tabular-nums">{asText(value)}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
