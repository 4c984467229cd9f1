import Link from 'next/link'
import type { ReactNode } from 'react'
import type { EvidenceListed } from '../../lib/client/evidence-types.ts'
import { Badge, type Tone } from '../ui/badge.tsx'
import { Cell, ColumnHead, Table } from '../ui/table.tsx'
import { Time } from '../ui/time.tsx'
import { actorWords, inWords } from './evidence-view.ts'

const tones: Readonly<Record<string, Tone>> = {
  ...{ granted: 'positive', denied: 'negative', withdrawn: 'negative', objected: 'negative' },
  ...{ opted_out: 'negative', gpc_opted_out: 'negative', restricted: 'caution', erased: 'caution' },
}

/** What was said or done, as a word. */
export function KindBadge({ kind, source }: Pick<EvidenceListed, 'kind' | 'source'>): ReactNode {
  return <Badge tone={tones[kind] ?? (source === 'act' ? 'accent' : 'neutral')}>{inWords(kind)}</Badge>
}

/** Evidence as rows; each opens to its full record. */
export function EvidenceTable({
  rows,
  names,
}: {
  readonly rows: readonly EvidenceListed[]
  /** What actors are called. */
  readonly names: ReadonlyMap<string, string>
}): ReactNode {
  return (
    <Table caption="Evidence" isStacked>
      <thead>
        <tr>
          {['When', 'What', 'About', 'Who', 'Purpose', 'Property'].map((name) => (
            <ColumnHead key={name}>{name}</ColumnHead>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ id, at, kind, source, about, actor, purpose, property, subject }) => (
          <tr key={id} className="hover:bg-sunken">
            <Cell>
              <Link className="link" href={`/admin/evidence/${id}`}>
                <Time at={at} hasSeconds />
              </Link>
            </Cell>
            <Cell>
              <KindBadge kind={kind} source={source} />
            </Cell>
            <Cell label="About" className="min-w-40 wrap-anywhere">
              <span>
                {about}
                {subject === null ? null : (
                  <span className="block font-mono text-xs text-ink-soft">{subject.slice(0, 12)}…</span>
                )}
              </span>
            </Cell>
            <Cell label="Who" className="min-w-40 wrap-anywhere">
              {actorWords(actor, names.get(actor ?? ''))}
            </Cell>
            <Cell label="Purpose">{purpose}</Cell>
            <Cell label="Property">{property}</Cell>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}
