import Link from 'next/link'
import type { ReactNode } from 'react'
import type { NoticeListed } from '../../../lib/client/client.ts'
import { Badge } from '../../ui/badge.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Cell, ColumnHead, Table } from '../../ui/table.tsx'
import { NoticeState } from '../notice-state.tsx'

/** The notices that name a purpose, each with the version of it that it names; newest first. */
export function NoticesNaming({
  purpose,
  materialVersion,
  notices,
}: {
  readonly purpose: string
  /** An older version named has changed materially since. */
  readonly materialVersion: number
  readonly notices: readonly NoticeListed[]
}): ReactNode {
  const naming = [...notices].reverse().flatMap((notice) => {
    const named = notice.purposes.find((each) => each.purpose === purpose)
    return named === undefined ? [] : [{ notice, version: named.version }]
  })
  if (naming.length === 0) {
    return (
      <EmptyState title="No notice names it">
        Nobody can agree to what no notice names, so every question about it is answered with no where a yes
        is needed.
      </EmptyState>
    )
  }
  return (
    <Table caption="Notices that name it" isStacked>
      <thead>
        <tr>
          {['Notice', 'State', 'Names version', 'Reaches'].map((name) => (
            <ColumnHead key={name}>{name}</ColumnHead>
          ))}
        </tr>
      </thead>
      <tbody>
        {naming.map(({ notice, version }) => (
          <tr key={`${notice.key} ${notice.version}`}>
            <Cell label="Notice">
              <Link
                className="link"
                href={`/admin/notices/${encodeURIComponent(notice.key)}/${notice.version}`}
              >
                {notice.key} {notice.version}
              </Link>
            </Cell>
            <Cell label="State">
              <NoticeState notice={notice} />
            </Cell>
            <Cell label="Names version" className="tabular-nums">
              {version}{' '}
              {version < materialVersion ? <Badge tone="caution">changed materially since</Badge> : null}
            </Cell>
            <Cell label="Reaches">{notice.property ?? 'the organisation'}</Cell>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}
