'use client'

import { useRouter } from 'next/navigation'
import type { ReactNode } from 'react'
import type { InvitationListed } from '../../lib/client/client.ts'
import { Button } from '../ui/button.tsx'
import { Cell, ColumnHead, Table } from '../ui/table.tsx'
import { Time } from '../ui/time.tsx'
import { send } from './send.ts'

/** Invitations that can still be accepted; for who may, with a way to withdraw them. */
export function InvitationTable({
  invitations,
  mayChange,
}: {
  readonly invitations: readonly InvitationListed[]
  readonly mayChange: boolean
}): ReactNode {
  const router = useRouter()
  async function withdraw(id: string): Promise<void> {
    // Where it failed, it was accepted or has run out: what is read anew says so.
    await send('DELETE', `invitations/${id}`).catch(() => undefined)
    router.refresh()
  }
  return (
    <Table caption="Open invitations" isStacked>
      <thead>
        <tr>
          {['Invited', 'Role', 'Until', ...(mayChange ? [''] : [])].map((name) => (
            <ColumnHead key={name}>{name || <span className="sr-only">Actions</span>}</ColumnHead>
          ))}
        </tr>
      </thead>
      <tbody>
        {invitations.map(({ id, email, role, expires_at }) => (
          <tr key={id}>
            <Cell className="font-medium">{email}</Cell>
            <Cell label="Role">{role}</Cell>
            <Cell label="Until">
              <Time at={expires_at} />
            </Cell>
            {mayChange ? (
              <Cell>
                <Button
                  variant="outline"
                  size="small"
                  aria-label={`Withdraw the invitation of ${email}`}
                  onClick={() => withdraw(id)}
                >
                  Withdraw
                </Button>
              </Cell>
            ) : null}
          </tr>
        ))}
      </tbody>
    </Table>
  )
}
