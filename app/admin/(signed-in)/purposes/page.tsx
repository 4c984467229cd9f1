import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { PurposeTree } from '../../../../components/admin/purposes/purpose-tree.tsx'
import { RoomTitle } from '../../../../components/admin/room-title.tsx'
import { Card } from '../../../../components/ui/card.tsx'
import { EmptyState } from '../../../../components/ui/empty-state.tsx'
import { requireMember } from '../../../../lib/auth/require-member.ts'

export const metadata: Metadata = { title: 'Purposes' }

/** Purposes as a tree: a part stands under its whole. */
export default async function PurposesPage(): Promise<ReactNode> {
  const { api } = await requireMember('config:read')
  const purposes = [...(await api.purposes()).purposes].sort((a, b) => (a.key < b.key ? -1 : 1))
  return (
    <>
      <RoomTitle title="Purposes">Why data is used, each with its own version and its own answer.</RoomTitle>
      <Card className="overflow-hidden">
        {purposes.length === 0 ? (
          <EmptyState title="No purpose is published">
            A purpose says what data is used for, which data, by whom and for how long. Every question names
            one; while there is none, nothing may be used for anything.
          </EmptyState>
        ) : (
          <PurposeTree purposes={purposes} />
        )}
      </Card>
    </>
  )
}
