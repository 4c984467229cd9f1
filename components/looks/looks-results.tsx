import type { ReactNode } from 'react'
import type { ExperienceVersion, LookInFull } from '../../lib/client/looks.ts'
import { Badge } from '../ui/badge.tsx'
import { Cell, ColumnHead, Table } from '../ui/table.tsx'
import { rangeText } from './look-words.ts'

/** Every rule the version was held to: how, and what a browser measured over all pictures. */
export function LooksResults({
  rules,
  look,
}: {
  readonly rules: ExperienceVersion['rules']
  readonly look: LookInFull | undefined
}): ReactNode {
  return (
    <Table caption="Rules of symmetry" isStacked>
      <thead>
        <tr>
          <ColumnHead>Rule</ColumnHead>
          <ColumnHead>Held by</ColumnHead>
          <ColumnHead>Measured</ColumnHead>
        </tr>
      </thead>
      <tbody>
        {rules.map(({ rule, asks, source, is_measured }) => {
          const results = (look?.shots ?? []).flatMap((shot) =>
            shot.results.filter((each) => each.rule === rule),
          )
          const kept = results.filter(({ outcome }) => outcome === 'met').length
          return (
            <tr key={rule}>
              <Cell>
                <span className="block">{asks}</span>
                <span className="text-xs text-ink-soft">{source}</span>
              </Cell>
              <Cell label="Held by">
                {results.length === 0 ? (
                  <span className="text-ink-soft">
                    {is_measured ? 'not photographed yet' : 'its definition, or Assent’s own tests'}
                  </span>
                ) : (
                  <Badge tone={kept === results.length ? 'positive' : 'negative'}>
                    {`kept on ${kept} of ${results.length} pictures`}
                  </Badge>
                )}
              </Cell>
              <Cell label="Measured" className="text-ink-soft">
                {rangeText(results.map(({ measured }) => measured))}
              </Cell>
            </tr>
          )
        })}
      </tbody>
    </Table>
  )
}
