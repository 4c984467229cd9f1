import type { ReactNode } from 'react'
import { Badge } from '../ui/badge.tsx'
import type { FactRow } from './compare-notices.ts'

/** What two versions cover, fact by fact; a line that only one of them has is marked. In one column on a phone. */
export function FactDifferences({
  rows,
  names,
  level: Heading = 'h3',
}: {
  readonly rows: readonly FactRow[]
  readonly names: readonly [string, string]
  readonly level?: 'h3' | 'h4'
}): ReactNode {
  return rows.map(({ name, from, to, differs }) => (
    <section key={name} aria-label={name} className="border-t px-5 py-3 text-sm">
      <Heading className="flex items-center gap-2 text-xs text-ink-soft">
        {name} {differs ? <Badge tone="caution">differs</Badge> : null}
      </Heading>
      {differs ? (
        <div className="mt-1 grid gap-x-6 gap-y-2 sm:grid-cols-2">
          <Lines title={names[0]} lines={from} others={to} mark="del" />
          <Lines title={names[1]} lines={to} others={from} mark="ins" />
        </div>
      ) : (
        <p className="mt-1 text-ink-soft">{from.join(', ')}</p>
      )}
    </section>
  ))
}

function Lines({
  title,
  lines,
  others,
  mark: Mark,
}: {
  readonly title: string
  readonly lines: readonly string[]
  readonly others: readonly string[]
  readonly mark: 'ins' | 'del'
}): ReactNode {
  return (
    <div className="min-w-0">
      <p className="text-xs text-ink-faint">{title}</p>
      <ul className="[overflow-wrap:anywhere]">
        {lines.map((line) => (
          <li key={line}>{others.includes(line) ? line : <Mark className="marked">{line}</Mark>}</li>
        ))}
      </ul>
    </div>
  )
}
