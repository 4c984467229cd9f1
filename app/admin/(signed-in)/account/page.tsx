import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { RoomTitle } from '../../../../components/admin/room-title.tsx'
import { SecondFactor } from '../../../../components/admin/second-factor.tsx'
import { SessionTable } from '../../../../components/admin/session-table.tsx'
import { Badge } from '../../../../components/ui/badge.tsx'
import { Card, CardBody, CardHeader } from '../../../../components/ui/card.tsx'
import { requireMember } from '../../../../lib/auth/require-member.ts'

export const metadata: Metadata = { title: 'Account' }

/** What is a member's own: her second factor, and where she is signed in. */
export default async function AccountPage(): Promise<ReactNode> {
  const { api, email, role } = await requireMember()
  const [{ sessions }, { confirmed_at, recovery_codes_left }] = await Promise.all([
    api.sessions(),
    api.secondFactor(),
  ])
  const has = confirmed_at !== null
  return (
    <>
      <RoomTitle title="Account">
        {email}, {role}.
      </RoomTitle>
      <div className="grid gap-6">
        <Card>
          <CardHeader
            title="Second factor"
            description="A code of an authenticator app, asked for after your password. Whoever learns the password alone does not get in."
            action={has ? <Badge tone="positive">on</Badge> : <Badge>off</Badge>}
          />
          <CardBody>
            <SecondFactor has={has} recoveryCodesLeft={recovery_codes_left} />
          </CardBody>
        </Card>
        <Card className="overflow-hidden">
          <CardHeader
            title="Your sessions"
            description="Where you are signed in. A session ends after two hours without use, and after twelve in any case. End what is not yours: it ends at once."
          />
          <SessionTable sessions={sessions} />
        </Card>
      </div>
    </>
  )
}
