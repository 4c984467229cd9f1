import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { Breadcrumb } from '../../../../../../components/admin/breadcrumb.tsx'
import { OpenRoom } from '../../../../../../components/admin/open-room.tsx'
import { RoomTitle } from '../../../../../../components/admin/room-title.tsx'
import { requireMember } from '../../../../../../lib/auth/require-member.ts'

export const metadata: Metadata = { title: 'Seal an answer' }

/** Where an answer is sealed; the address may say which purpose, property and moment. */
export default async function NewRoomPage({
  searchParams,
}: {
  readonly searchParams: Promise<{
    readonly purpose?: string
    readonly property?: string
    readonly at?: string
  }>
}): Promise<ReactNode> {
  const { api } = await requireMember('rooms:write')
  const [{ purposes }, { properties }, { purpose = 'ai_training', property = '', at = '' }] =
    await Promise.all([api.purposes(), api.properties(), searchParams])
  return (
    <>
      <Breadcrumb href="/admin/evidence/rooms">Rooms</Breadcrumb>
      <RoomTitle title="Seal an answer">
        Whoever has the link sees what was decided, on which words and events. Identifiers stay here.
      </RoomTitle>
      <OpenRoom
        purposes={purposes.map(({ key }) => key)}
        properties={properties.map(({ key }) => key)}
        asked={{ purpose, property, at }}
      />
    </>
  )
}
