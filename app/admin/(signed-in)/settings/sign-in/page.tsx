import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { DemandSecondFactor } from '../../../../../components/admin/demand-second-factor.tsx'
import { RoomTitle } from '../../../../../components/admin/room-title.tsx'
import { SignInMembers } from '../../../../../components/admin/sign-in-members.tsx'
import { Badge } from '../../../../../components/ui/badge.tsx'
import { Card, CardBody, CardHeader } from '../../../../../components/ui/card.tsx'
import { requireMember } from '../../../../../lib/auth/require-member.ts'

export const metadata: Metadata = { title: 'Sign-in' }

/** How members sign in: what the operator configured, what the owner demands, and who has a second factor. */
export default async function SignInSettingsPage(): Promise<ReactNode> {
  const { api, id, scopes } = await requireMember('members:read')
  const { passwords, provider, require_second_factor, members } = await api.signInSettings()
  const mayChange = scopes.includes('members:write')
  const has = members.filter((member) => member.has_second_factor).length
  return (
    <>
      <RoomTitle title="Sign-in">How members get in. Every change here is written down.</RoomTitle>
      <div className="grid gap-6">
        <Card>
          <CardHeader
            title="Ways to sign in"
            description="Configured by whoever runs this installation, in its environment."
          />
          <CardBody>
            <dl className="grid gap-3 text-sm sm:grid-cols-[10rem_1fr]">
              <dt className="text-ink-soft">Password</dt>
              <dd>{passwords ? 'on' : 'off'}</dd>
              <dt className="text-ink-soft">Provider</dt>
              <dd className="min-w-0">
                {provider === null ? (
                  'none'
                ) : (
                  <>
                    {provider.name} <span className="font-mono text-xs wrap-anywhere">{provider.issuer}</span>
                  </>
                )}
              </dd>
              <dt className="text-ink-soft">Sessions</dt>
              <dd>end after two hours without use, and after twelve in any case</dd>
            </dl>
          </CardBody>
        </Card>
        <Card>
          <CardHeader
            title="Second factor"
            description={`${has} of ${members.length} ${members.length === 1 ? 'member has' : 'members have'} one. It is asked for after the password, and after the provider.`}
            action={
              require_second_factor ? <Badge tone="positive">demanded</Badge> : <Badge>each decides</Badge>
            }
          />
          {mayChange ? (
            <CardBody>
              <DemandSecondFactor isDemanded={require_second_factor} without={members.length - has} />
            </CardBody>
          ) : null}
        </Card>
        <Card className="overflow-hidden">
          <CardHeader title="Who has one" />
          <SignInMembers members={members} ownId={id} mayChange={mayChange} hasProvider={provider !== null} />
        </Card>
      </div>
    </>
  )
}
