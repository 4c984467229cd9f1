import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { FourEyes } from '../../../../components/admin/four-eyes.tsx'
import { InvitationTable } from '../../../../components/admin/invitation-table.tsx'
import { InviteMember } from '../../../../components/admin/invite-member.tsx'
import { MemberTable } from '../../../../components/admin/member-table.tsx'
import { RoomTitle } from '../../../../components/admin/room-title.tsx'
import { Card, CardBody, CardHeader } from '../../../../components/ui/card.tsx'
import { EmptyState } from '../../../../components/ui/empty-state.tsx'
import { requireMember } from '../../../../lib/auth/require-member.ts'
import type { PublicationSettings } from '../../../../lib/client/releases.ts'

export const metadata: Metadata = { title: 'Members' }

/** Who works for the organisation, and who is asked to. */
export default async function MembersPage(): Promise<ReactNode> {
  const { api, id, scopes } = await requireMember('members:read')
  const mayChange = scopes.includes('members:write')
  const [{ members }, { invitations }, settings] = await Promise.all([
    api.members(),
    api.invitations(),
    api.call<PublicationSettings>('GET', '/v1/settings/publication'),
  ])
  return (
    <>
      <RoomTitle title="Members">
        Who answers for what is asked and recorded. Every change here is written down.
      </RoomTitle>
      <div className="grid gap-6">
        <Card className="overflow-hidden">
          <CardHeader title="Members" {...(mayChange ? { action: <InviteMember /> } : {})} />
          <MemberTable members={members} ownId={id} mayChange={mayChange} />
        </Card>
        <Card className="overflow-hidden">
          <CardHeader title="Open invitations" />
          {invitations.length === 0 ? (
            <EmptyState title="Nobody is invited">A link that is not used yet appears here.</EmptyState>
          ) : (
            <InvitationTable invitations={invitations} mayChange={mayChange} />
          )}
        </Card>
        <Card>
          <CardHeader title="Four eyes" />
          <CardBody>
            <FourEyes settings={settings} mayChange={mayChange} />
          </CardBody>
        </Card>
      </div>
    </>
  )
}
