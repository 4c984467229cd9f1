import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { NoticeWords } from '../../../../components/admin/notice-words.tsx'
import { RoomTitle } from '../../../../components/admin/room-title.tsx'
import { Badge } from '../../../../components/ui/badge.tsx'
import { Card } from '../../../../components/ui/card.tsx'
import { EmptyState } from '../../../../components/ui/empty-state.tsx'
import { Cell, ColumnHead, Table } from '../../../../components/ui/table.tsx'
import { Time } from '../../../../components/ui/time.tsx'
import { requireMember } from '../../../../lib/auth/require-member.ts'
import type { NoticeListed } from '../../../../lib/client/client.ts'

export const metadata: Metadata = { title: 'Notices' }

/** Every published version of every notice, with its words. */
export default async function NoticesPage(): Promise<ReactNode> {
  const { api } = await requireMember()
  const { notices } = await api.notices()
  return (
    <>
      <RoomTitle title="Notices">What people were shown. A published version never changes.</RoomTitle>
      <Card className="overflow-hidden">
        {notices.length === 0 ? (
          <EmptyState title="No notice is published">Without one, nothing can be agreed to.</EmptyState>
        ) : (
          <Table caption="Published notices">
            <thead>
              <tr>
                {['Notice', 'State', 'Reaches', 'Names', 'Published', 'Words'].map((name) => (
                  <ColumnHead key={name}>{name}</ColumnHead>
                ))}
              </tr>
            </thead>
            <tbody>
              {notices.map((notice) => (
                <tr key={`${notice.key} ${notice.version}`}>
                  <Cell>
                    <span className="font-medium">{notice.key}</span> {notice.version}
                    <p className="font-mono text-xs text-ink-faint">{notice.sha256.slice(0, 12)}…</p>
                  </Cell>
                  <Cell>
                    <State notice={notice} />
                  </Cell>
                  <Cell>{notice.property ?? 'the organisation'}</Cell>
                  <Cell className="min-w-48 text-ink-soft">
                    {notice.purposes.map(({ purpose, version }) => `${purpose} ${version}`).join(', ')}
                  </Cell>
                  <Cell>
                    <Time at={notice.published_at} />
                  </Cell>
                  <Cell>
                    <NoticeWords notice={notice} />
                  </Cell>
                </tr>
              ))}
            </tbody>
          </Table>
        )}
      </Card>
    </>
  )
}

function State({ notice }: { readonly notice: NoticeListed }): ReactNode {
  if (notice.is_invalidated) return <Badge tone="negative">struck</Badge>
  if (notice.in_force_until === null) return <Badge tone="positive">in force</Badge>
  return <Badge>replaced</Badge>
}
