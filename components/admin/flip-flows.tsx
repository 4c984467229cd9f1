import type { ReactNode } from 'react'
import type { FlipReport } from '../../lib/client/flip-report.ts'
import { Cell, ColumnHead, Table } from '../ui/table.tsx'
import { aboutText, figure } from './flip-words.ts'

const widthPx = 720
const bandPx = 34
const gapPx = 10
const allowing: ReadonlySet<string> = new Set([
  'consent_given',
  'not_opted_out',
  'notice_only',
  'compatible_use',
])

/** Which reason becomes which: a band for each, as thick as it is often. The table below says the same in words. */
export function FlipFlows({ flows }: { readonly flows: FlipReport['flows'] }): ReactNode {
  const most = Math.max(...flows.map(({ weight }) => weight), 1)
  const shown = flows.slice(0, 8)
  const height = shown.length * (bandPx + gapPx)
  return (
    <>
      <div className="hidden px-5 pb-4 md:block" aria-hidden="true">
        <svg viewBox={`0 0 ${widthPx} ${height}`} className="w-full max-w-3xl" role="presentation">
          {shown.map(({ before, after, weight }, index) => {
            const isYes = allowing.has(after)
            const middle = index * (bandPx + gapPx) + bandPx / 2
            const thick = Math.max(3, (weight / most) * bandPx)
            return (
              <g key={`${before} ${after}`} className={isYes ? 'text-caution' : 'text-negative'}>
                <text x={0} y={middle + 4} fontSize={13} className="fill-ink">
                  {before}
                </text>
                <rect
                  {...{
                    x: 230,
                    y: middle - thick / 2,
                    width: 250,
                    height: thick,
                    rx: Math.min(4, thick / 2),
                  }}
                  className="fill-current"
                  opacity={0.35}
                />
                <path d={`M480 ${middle - 8} l12 8 l-12 8 z`} className="fill-current" />
                <text x={505} y={middle + 4} fontSize={13} className="fill-ink">
                  {after}
                </text>
              </g>
            )
          })}
        </svg>
      </div>
      <Table caption="Which reason becomes which" isStacked>
        <thead>
          <tr>
            <ColumnHead>Today</ColumnHead>
            <ColumnHead>Under the release</ColumnHead>
            <ColumnHead>How often</ColumnHead>
            <ColumnHead>In the sample</ColumnHead>
          </tr>
        </thead>
        <tbody>
          {flows.map((flow) => (
            <tr key={`${flow.before} ${flow.after}`}>
              <Cell label="Today">
                <Reason reason={flow.before} />
              </Cell>
              <Cell label="Under the release">
                <Reason reason={flow.after} />
              </Cell>
              <Cell label="How often">{aboutText(flow)}</Cell>
              <Cell label="In the sample" className="tabular-nums">
                {figure(flow.questions)}
              </Cell>
            </tr>
          ))}
        </tbody>
      </Table>
    </>
  )
}

/** Yes or no, and why: the word carries it, not the colour. */
export function Reason({ reason }: { readonly reason: string }): ReactNode {
  return (
    <span>
      {allowing.has(reason) ? 'yes' : 'no'}: <code className="text-xs break-words">{reason}</code>
    </span>
  )
}
