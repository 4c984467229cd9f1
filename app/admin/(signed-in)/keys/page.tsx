import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { KeyTable } from '../../../../components/admin/key-table.tsx'
import { LinkRow } from '../../../../components/admin/link-row.tsx'
import { MakeKey } from '../../../../components/admin/make-key.tsx'
import { PastKeyTable } from '../../../../components/admin/past-key-table.tsx'
import { RoomTitle } from '../../../../components/admin/room-title.tsx'
import { Card, CardHeader } from '../../../../components/ui/card.tsx'
import { EmptyState } from '../../../../components/ui/empty-state.tsx'
import { requireMember } from '../../../../lib/auth/require-member.ts'

export const metadata: Metadata = { title: 'Keys' }

type Shown = 'live' | 'revoked'

/** The keys that services call with, and those that were. */
export default async function KeysPage({
  searchParams,
}: {
  readonly searchParams: Promise<{ readonly show?: string | string[] }>
}): Promise<ReactNode> {
  const { api, scopes } = await requireMember('audit:read', 'keys:write')
  const shown: Shown = (await searchParams).show === 'revoked' ? 'revoked' : 'live'
  const { keys } = await api.keys(shown === 'live' ? 'live' : 'over')
  const mayChange = scopes.includes('keys:write')
  return (
    <>
      <RoomTitle title="Keys">
        What services call with. Each may do what it was given, until it is revoked or ends.
      </RoomTitle>
      <LinkRow
        label="Which keys"
        current={shown}
        links={[
          { id: 'live', name: 'Live', href: '/admin/keys' },
          { id: 'revoked', name: 'Revoked and ended', href: '/admin/keys?show=revoked' },
        ]}
      />
      <Card className="overflow-hidden">
        <CardHeader
          title={shown === 'live' ? 'Live keys' : 'Revoked and ended keys'}
          description={
            mayChange ? 'A key is shown once, when it is made.' : 'Owners and developers make and end keys.'
          }
          {...(mayChange && shown === 'live' ? { action: <MakeKey scopes={scopes} /> } : {})}
        />
        {keys.length === 0 ? (
          <EmptyState title={shown === 'live' ? 'There is no key' : 'No key was revoked yet'}>
            {shown === 'live'
              ? 'A service needs one to ask whether data may be used. Make one for each service.'
              : 'A key that is revoked, or whose end has come, appears here and keeps its counts.'}
          </EmptyState>
        ) : shown === 'live' ? (
          <KeyTable keys={keys} scopes={scopes} nowMs={Date.now()} />
        ) : (
          <PastKeyTable keys={keys} />
        )}
      </Card>
    </>
  )
}
