import type { Metadata } from 'next'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { Breadcrumb } from '../../../../../components/admin/breadcrumb.tsx'
import { RoomState } from '../../../../../components/admin/room-state.tsx'
import { RoomTitle } from '../../../../../components/admin/room-title.tsx'
import { ButtonLink } from '../../../../../components/ui/button.tsx'
import { Card } from '../../../../../components/ui/card.tsx'
import { EmptyState } from '../../../../../components/ui/empty-state.tsx'
import { Cell, ColumnHead, Table } from '../../../../../components/ui/table.tsx'
import { Time } from '../../../../../components/ui/time.tsx'
import { requireMember } from '../../../../../lib/auth/require-member.ts'

export const metadata: Metadata = { title: 'Rooms' }

/** Answers that were sealed for others, and how often each was looked at. */
export default async function RoomsPage(): Promise<ReactNode> {
  const { api, scopes } = await requireMember('audit:read')
  const { rooms } = await api.rooms()
  const open = scopes.includes('rooms:write') ? (
    <ButtonLink href="/admin/evidence/rooms/new">Seal an answer</ButtonLink>
  ) : null
  return (
    <>
      <Breadcrumb href="/admin/evidence">Evidence</Breadcrumb>
      <div className="flex flex-wrap items-start justify-between gap-x-6">
        <RoomTitle title="Rooms">One question’s answer, sealed, for whoever has its link.</RoomTitle>
        <div className="mb-6">{rooms.length === 0 ? null : open}</div>
      </div>
      <Card className="overflow-hidden">
        {rooms.length === 0 ? (
          <EmptyState title="No answer was sealed yet" action={open}>
            When an authority asks you to prove a consent, pick the person, the purpose and the moment. You
            get a link that shows the words, the events and the decision, and nothing else, until it ends.
          </EmptyState>
        ) : (
          <Table caption="Rooms" isStacked>
            <thead>
              <tr>
                {['Opened', 'State', 'Question', 'Why', 'Ends', 'Looks'].map((name) => (
                  <ColumnHead key={name}>{name}</ColumnHead>
                ))}
              </tr>
            </thead>
            <tbody>
              {rooms.map((room) => (
                <tr key={room.id}>
                  <Cell label="Opened">
                    <Link className="link" href={`/admin/evidence/rooms/${room.id}`}>
                      <Time at={room.created_at} />
                    </Link>
                  </Cell>
                  <Cell label="State">
                    <RoomState room={room} />
                  </Cell>
                  <Cell label="Question" className="min-w-48">
                    {room.question.purpose}, <Time at={room.question.at} />
                  </Cell>
                  <Cell label="Why" className="wrap-anywhere">
                    {room.why}
                    {room.note === '' ? null : <p className="text-xs text-ink-soft">{room.note}</p>}
                  </Cell>
                  <Cell label="Ends">
                    <Time at={room.expires_at} />
                  </Cell>
                  <Cell label="Looks" className="tabular-nums">
                    {room.views}
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
