'use client'

import type { ReactNode } from 'react'
import type { SignInSettings } from '../../lib/client/client.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Cell, ColumnHead, Table } from '../ui/table.tsx'
import { useSend } from './use-send.ts'

/** Members with how they sign in; for an owner, with a way to remove a second factor whose phone is lost. */
export function SignInMembers({
  members,
  ownId,
  mayChange,
  hasProvider,
}: {
  readonly members: SignInSettings['members']
  readonly ownId: string
  readonly mayChange: boolean
  readonly hasProvider: boolean
}): ReactNode {
  const { error, act } = useSend()
  const columns = [
    'Member',
    'Second factor',
    ...(hasProvider ? ['Provider'] : []),
    ...(mayChange ? [''] : []),
  ]
  return (
    <>
      <p role="alert" className={error === undefined ? 'sr-only' : 'px-5 py-3 text-sm text-negative'}>
        {error}
      </p>
      <Table caption="Who has a second factor" isStacked>
        <thead>
          <tr>
            {columns.map((name) => (
              <ColumnHead key={name}>{name || <span className="sr-only">Actions</span>}</ColumnHead>
            ))}
          </tr>
        </thead>
        <tbody>
          {members.map(({ id, email, has_second_factor, is_known_to_provider }) => (
            <tr key={id}>
              <Cell>
                <span className="font-medium wrap-anywhere">{email}</span>
              </Cell>
              <Cell label="Second factor">
                {has_second_factor ? <Badge tone="positive">yes</Badge> : <Badge>no</Badge>}
              </Cell>
              {hasProvider ? (
                <Cell label="Provider">{is_known_to_provider ? 'signed in with it' : 'not yet'}</Cell>
              ) : null}
              {mayChange ? (
                <Cell>
                  {has_second_factor && id !== ownId ? (
                    <Dialog
                      title={`Remove the second factor of ${email}?`}
                      description="For who lost her phone. Be sure that it is she who asks. Her sessions end, and she signs in with the first factor alone until she adds a new one."
                      trigger={
                        <Button
                          variant="danger"
                          size="small"
                          aria-label={`Remove the second factor of ${email}`}
                        >
                          Remove
                        </Button>
                      }
                    >
                      <Button variant="danger" onClick={() => act('DELETE', `members/${id}/second-factor`)}>
                        Remove the second factor
                      </Button>
                    </Dialog>
                  ) : null}
                </Cell>
              ) : null}
            </tr>
          ))}
        </tbody>
      </Table>
    </>
  )
}
