import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { Kit } from '../../../../components/admin/kit.tsx'
import { RoomTitle } from '../../../../components/admin/room-title.tsx'

export const metadata: Metadata = { title: 'Kit' }

/** All primitives together, to be looked at side by side. */
export default function KitPage(): ReactNode {
  return (
    <>
      <RoomTitle title="Kit">The parts every page is made of.</RoomTitle>
      <Kit />
    </>
  )
}
