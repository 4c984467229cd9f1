import type { Metadata } from 'next'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { NoticeState } from '../../../../components/admin/notice-state.tsx'
import { NoticeWords } from '../../../../components/admin/notice-words.tsx'
import { RoomTitle } from '../../../../components/admin/room-title.tsx'
import { Card } from '../../../../components/ui/card.tsx'
import { EmptyState } from '../../../../components/ui/empty-state.tsx'
import { Cell, ColumnHead, Table } from '../../../../components/ui/table.tsx'
import { Time } from '../../../../components/ui/time.tsx'
import { requireMember } from '../../../../lib/auth/require-member.ts'

export const metadata: Metadata = { title: 'Notices' }

/** Every published version of every notice, each with a page of its own. */
export default async function NoticesPage(): Promise<ReactNode> {
  const { api } = await requireMember('config:read')
  const { notices } = await api.notices()
  return (
    <>
      <RoomTitle title="Notices">What people were shown. A published version never changes.</RoomTitle>
      <Card className="overflow-hidden">
        {notices.length === 0 ? (
          <EmptyState title="No notice is published">
            A notice is the text people read before they choose: who you are, what you do with their data and
            why, for how long, and how they take a yes back. Each yes is tied to the version and language that
            was shown. Without a notice nothing can be agreed to, and every question is answered with no.
          </EmptyState>
        ) : (
          <Table caption="Published notices" isStacked>
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
                  <Cell className="whitespace-nowrap">
                    <Link
                      className="link font-medium"
                      href={`/admin/notices/${encodeURIComponent(notice.key)}/${notice.version}`}
                    >
                      {notice.key} {notice.version}
                    </Link>
                    <p className="font-mono text-xs text-ink-faint">{notice.sha256.slice(0, 12)}…</p>
                  </Cell>
                  <Cell label="State">
                    <NoticeState notice={notice} />
                  </Cell>
                  <Cell label="Reaches">{notice.property ?? 'the organisation'}</Cell>
                  <Cell label="Names" className="min-w-48 text-ink-soft">
                    {notice.purposes.map(({ purpose, version }) => `${purpose} ${version}`).join(', ')}
                  </Cell>
                  <Cell label="Published">
                    <Time at={notice.published_at} />
                  </Cell>
                  <Cell label="Words">
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
