import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { RoomTitle } from '../../../../components/admin/room-title.tsx'
import { Badge } from '../../../../components/ui/badge.tsx'
import { Card } from '../../../../components/ui/card.tsx'
import { EmptyState } from '../../../../components/ui/empty-state.tsx'
import { Cell, ColumnHead, Table } from '../../../../components/ui/table.tsx'
import { requireMember } from '../../../../lib/auth/require-member.ts'
import type { PurposeListed } from '../../../../lib/client/client.ts'

export const metadata: Metadata = { title: 'Purposes' }

/** Purposes as a tree: a child stands under its parent. */
export default async function PurposesPage(): Promise<ReactNode> {
  const { api } = await requireMember('config:read')
  const purposes = [...(await api.purposes()).purposes].sort((a, b) => (a.key < b.key ? -1 : 1))
  return (
    <>
      <RoomTitle title="Purposes">Why data is used, each with its own version and its own answer.</RoomTitle>
      <Card className="overflow-hidden">
        {purposes.length === 0 ? (
          <EmptyState title="No purpose is published">Nothing may be used for anything.</EmptyState>
        ) : (
          <Table caption="Purposes">
            <thead>
              <tr>
                {['Purpose', 'Version', 'Basis', 'Data', 'Kept', ''].map((name) => (
                  <ColumnHead key={name}>{name || <span className="sr-only">Remarks</span>}</ColumnHead>
                ))}
              </tr>
            </thead>
            <tbody>
              {purposes.map((purpose) => (
                <PurposeRow key={purpose.key} purpose={purpose} />
              ))}
            </tbody>
          </Table>
        )}
      </Card>
    </>
  )
}

function PurposeRow({ purpose }: { readonly purpose: PurposeListed }): ReactNode {
  const depth = purpose.key.split('.').length - 1
  return (
    <tr>
      <Cell className="min-w-56">
        <div style={{ paddingLeft: `${depth * 1.25}rem` }}>
          <p className="font-medium">{purpose.name.en ?? purpose.key}</p>
          <p className="font-mono text-xs text-ink-faint">{purpose.key}</p>
        </div>
      </Cell>
      <Cell className="tabular-nums">{purpose.version}</Cell>
      <Cell>{purpose.basis.replaceAll('_', ' ')}</Cell>
      <Cell className="min-w-40 text-ink-soft">{purpose.categories.join(', ')}</Cell>
      <Cell className="whitespace-nowrap">
        {purpose.retentionDays === null ? 'unbounded' : `${purpose.retentionDays} days`}
      </Cell>
      <Cell>
        <div className="flex flex-wrap gap-1">
          {purpose.is_retired ? <Badge tone="negative">retired</Badge> : null}
          {purpose.saleOrSharing ? <Badge tone="caution">sale or sharing</Badge> : null}
          {purpose.needsCollectedAt ? <Badge>asks when collected</Badge> : null}
        </div>
      </Cell>
    </tr>
  )
}
