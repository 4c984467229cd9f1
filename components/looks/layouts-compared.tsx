import type { ReactNode } from 'react'
import type { LayoutComparison } from '../../lib/client/looks.ts'
import { Cell, ColumnHead, Table } from '../ui/table.tsx'
import { Time } from '../ui/time.tsx'

const percent = new Intl.NumberFormat('en-GB', { style: 'percent', maximumFractionDigits: 1 })
const number = new Intl.NumberFormat('en-GB')
const spans: Readonly<Record<number, string>> = { 1: '1 hour', 24: '1 day', 168: '7 days', 720: '30 days' }

type Window = LayoutComparison['windows'][number]

/** Two layouts by later changes of mind, with intervals, and what can be told. */
export function LayoutsCompared({ compared }: { readonly compared: LayoutComparison }): ReactNode {
  const { own, other, since, minimum, windows } = compared
  if (other === null) {
    return (
      <p className="px-5 pb-5 text-sm text-ink-soft">
        They are not shown in turn any more: one was recalled, or is of another notice or property now.
      </p>
    )
  }
  return (
    <>
      <p className="px-5 text-sm font-medium">{verdictText(compared)}</p>
      <p className="px-5 pt-1 pb-4 text-sm text-ink-soft">
        {since === null ? null : (
          <>
            Since <Time at={since} />, an hour each, in an order that chance drew.{' '}
          </>
        )}
        Each person counts once, by the layout she first answered in. Nothing is told of fewer than{' '}
        {number.format(minimum)} people in either.
      </p>
      <Table caption="Changes of mind by layout" isStacked>
        <thead>
          <tr>
            <ColumnHead>Within</ColumnHead>
            <ColumnHead>{`${own.key} (${own.layout})`}</ColumnHead>
            <ColumnHead>{`${other.key} (${other.layout})`}</ColumnHead>
            <ColumnHead>Difference</ColumnHead>
          </tr>
        </thead>
        <tbody>
          {windows.map((window) => (
            <tr key={window.hours}>
              <Cell label="Within">{spans[window.hours] ?? `${window.hours} hours`}</Cell>
              <Cell label={own.key}>{sideText(window.own)}</Cell>
              <Cell label={other.key}>{sideText(window.other)}</Cell>
              <Cell label="Difference" className="text-ink-soft">
                {window.difference === null ? '' : rangeText(window.difference)}
              </Cell>
            </tr>
          ))}
        </tbody>
      </Table>
      <p className="px-5 py-3 text-xs text-ink-soft">
        In brackets, where the true share lies in 95 of 100 such counts. A verdict takes 99, since it is
        looked at often.
      </p>
    </>
  )
}

function verdictText({ own, other, verdict }: LayoutComparison): string {
  if (verdict === 'too_few') return 'Too few people have answered for anything to be told yet.'
  if (verdict === 'no_difference') return 'No difference can be told yet.'
  return `People changed their minds less after ${verdict === 'own' ? own.key : other?.key}.`
}

const rangeText = ({ share, low, high }: NonNullable<Window['difference']>): string =>
  `${percent.format(share)} (${percent.format(low)} to ${percent.format(high)})`

const sideText = (side: Window['own']): string =>
  side === null ? 'too few yet' : `${rangeText(side)} of ${number.format(side.answers)} people`
