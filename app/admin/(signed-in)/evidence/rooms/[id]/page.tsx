import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { Breadcrumb } from '../../../../../../components/admin/breadcrumb.tsx'
import { CloseRoom } from '../../../../../../components/admin/close-room.tsx'
import { Facts } from '../../../../../../components/admin/facts.tsx'
import { RoomState } from '../../../../../../components/admin/room-state.tsx'
import { RoomTitle } from '../../../../../../components/admin/room-title.tsx'
import { RoomAnswer } from '../../../../../../components/room/room-answer.tsx'
import { Card, CardBody, CardHeader } from '../../../../../../components/ui/card.tsx'
import { Cell, ColumnHead, Table } from '../../../../../../components/ui/table.tsx'
import { Time } from '../../../../../../components/ui/time.tsx'
import { requireMember } from '../../../../../../lib/auth/require-member.ts'
import { AssentApiError } from '../../../../../../lib/client/client.ts'

export const metadata: Metadata = { title: 'Room' }

/** A room as its officer sees it: whether it is open, who looked, and what they saw. */
export default async function RoomPage({
  params,
}: {
  readonly params: Promise<{ readonly id: string }>
}): Promise<ReactNode> {
  const { api, scopes } = await requireMember('audit:read')
  const { id } = await params
  const room = await api.room(id).catch((error: unknown) => {
    if (error instanceof AssentApiError && error.status === 404) notFound()
    throw error
  })
  const mayClose = room.state === 'open' && scopes.includes('rooms:write')
  return (
    <>
      <Breadcrumb href="/admin/evidence/rooms">Rooms</Breadcrumb>
      <RoomTitle title={`Room: ${room.question.purpose}`}>
        What whoever has the link sees, and when it was looked at.
      </RoomTitle>
      <div className="grid gap-6">
        <Card>
          <CardHeader title="The room" action={mayClose ? <CloseRoom id={room.id} /> : undefined} />
          <CardBody>
            <Facts
              facts={[
                { name: 'State', value: <RoomState room={room} /> },
                { name: 'Opened', value: <Time at={room.created_at} hasSeconds /> },
                { name: 'Ends', value: <Time at={room.expires_at} hasSeconds /> },
                { name: 'Why', value: room.note === '' ? room.why : `${room.why}: ${room.note}` },
              ]}
            />
          </CardBody>
        </Card>
        <Card className="overflow-hidden">
          <CardHeader title="Looks" description="Each time the link was opened, and from which network." />
          {room.seen.length === 0 ? (
            <CardBody className="text-sm text-ink-soft">Nobody has opened the link yet.</CardBody>
          ) : (
            <Table caption="Looks">
              <thead>
                <tr>
                  {['When', 'From'].map((name) => (
                    <ColumnHead key={name}>{name}</ColumnHead>
                  ))}
                </tr>
              </thead>
              <tbody>
                {room.seen.map(({ at, from }) => (
                  <tr key={at}>
                    <Cell>
                      <Time at={at} hasSeconds />
                    </Cell>
                    <Cell className="font-mono text-xs">{from === '' ? 'not known' : from}</Cell>
                  </tr>
                ))}
              </tbody>
            </Table>
          )}
        </Card>
        <RoomAnswer content={room.content} sha256={room.content_sha256} />
      </div>
    </>
  )
}
