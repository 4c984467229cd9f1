import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { RoomTitle } from '../../../../components/admin/room-title.tsx'
import { SessionTable } from '../../../../components/admin/session-table.tsx'
import { Card, CardHeader } from '../../../../components/ui/card.tsx'
import { requireMember } from '../../../../lib/auth/require-member.ts'

export const metadata: Metadata = { title: 'Account' }

/** What is a member's own: where she is signed in. */
export default async function AccountPage(): Promise<ReactNode> {
  const { api, email, role } = await requireMember()
  const { sessions } = await api.sessions()
  return (
    <>
      <RoomTitle title="Account">
        {email}, {role}.
      </RoomTitle>
      <Card className="overflow-hidden">
        <CardHeader
          title="Your sessions"
          description="Where you are signed in. End what is not yours: it ends at once."
        />
        <SessionTable sessions={sessions} />
      </Card>
    </>
  )
}
