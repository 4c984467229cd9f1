import type { ReactNode } from 'react'
import type { LayoutComparison } from '../../lib/client/looks.ts'
import { Cell, ColumnHead, Table } from '../ui/table.tsx'
import { Time } from '../ui/time.tsx'

const percent = new Intl.NumberFormat('en-GB', { style: 'percent', maximumFractionDigits: 1 })
const number = new Intl.NumberFormat('en-GB')
const spans: Readonly<Record<number, string>> = { 1: '1 hour', 24: '1 day', 168: '7 days', 720: '30 days' }

type Window = LayoutComparison['windows'][number]

/** Two layouts by what people understood and by later changes of mind, with intervals, and what can be told. */
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
      <p className="px-5 text-sm font-medium">
        {understandingText(compared)} {verdictText(compared)}
      </p>
      <p className="px-5 pt-1 pb-4 text-sm text-ink-soft">
        {since === null ? null : (
          <>
            Since <Time at={since} />, an hour each, in an order that chance drew.{' '}
          </>
        )}
        Each person counts once, by the layout she first answered in. Nothing is told of fewer than{' '}
        {number.format(minimum)} people in either.
      </p>
      <UnderstoodBars compared={compared} other={other} />
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

const outcomes = [
  { outcome: 'right', name: 'knew it', className: 'bg-positive' },
  { outcome: 'unsure', name: 'not sure', className: 'bg-edge' },
  { outcome: 'wrong', name: 'thought otherwise', className: 'bg-negative' },
] as const

/** What those who were asked back believed to have answered, as a bar a layout. */
function UnderstoodBars({
  compared: { own, understanding },
  other,
}: {
  readonly compared: LayoutComparison
  readonly other: NonNullable<LayoutComparison['other']>
}): ReactNode {
  const sides = [
    { layout: own, side: understanding.own },
    { layout: other, side: understanding.other },
  ]
  return (
    <section aria-label="What people understood" className="grid gap-3 px-5 pb-5">
      <p className="text-sm text-ink-soft">
        A few are asked right after their answer whether their data may now be used for it.
      </p>
      {sides.map(({ layout, side }) => (
        <div key={layout.key} className="grid gap-1">
          <p className="text-sm">
            <span className="font-medium">{`${layout.key} (${layout.layout})`}</span>{' '}
            <span className="text-ink-soft">
              {side === null
                ? 'too few were asked yet'
                : `${rangeText(side)} of ${number.format(side.answers)} people knew it`}
            </span>
          </p>
          {side === null ? null : (
            <>
              <div aria-hidden="true" className="flex h-3 gap-0.5 overflow-hidden rounded-full bg-sunken">
                {outcomes.map(({ outcome, className }) => (
                  <div key={outcome} className={className} style={{ flexGrow: side[outcome] }} />
                ))}
              </div>
              <p className="flex flex-wrap gap-x-4 text-xs text-ink-soft">
                {outcomes.map(({ outcome, name, className }) => (
                  <span key={outcome} className="inline-flex items-center gap-1.5">
                    <span aria-hidden="true" className={`size-2 rounded-full ${className}`} />
                    {`${number.format(side[outcome])} ${name}`}
                  </span>
                ))}
              </p>
            </>
          )}
        </div>
      ))}
    </section>
  )
}

function understandingText({ own, other, understanding: { verdict } }: LayoutComparison): string {
  if (verdict === 'too_few') return ''
  if (verdict === 'no_difference') return 'They are understood alike, as far as can be told.'
  return `More people knew what they had answered in ${verdict === 'own' ? own.key : other?.key}.`
}

function verdictText({ own, other, verdict }: LayoutComparison): string {
  if (verdict === 'too_few') return 'Too few people have answered for changes of mind to be told yet.'
  if (verdict === 'no_difference') return 'No difference in changes of mind can be told yet.'
  return `People changed their minds less after ${verdict === 'own' ? own.key : other?.key}.`
}

const rangeText = ({ share, low, high }: NonNullable<Window['difference']>): string =>
  `${percent.format(share)} (${percent.format(low)} to ${percent.format(high)})`

const sideText = (side: Window['own']): string =>
  side === null ? 'too few yet' : `${rangeText(side)} of ${number.format(side.answers)} people`
