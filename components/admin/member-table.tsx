'use client'

import type { ReactNode } from 'react'
import type { MemberListed } from '../../lib/client/client.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Cell, ColumnHead, Table } from '../ui/table.tsx'
import { Time } from '../ui/time.tsx'
import { roleOptions } from './roles.ts'
import { useSend } from './use-send.ts'

/** Members as rows; for who may, with their role to change and a way to remove them. */
export function MemberTable({
  members,
  ownId,
  mayChange,
}: {
  readonly members: readonly MemberListed[]
  readonly ownId: string
  readonly mayChange: boolean
}): ReactNode {
  const { error, act } = useSend()
  return (
    <>
      <p role="alert" className={error === undefined ? 'sr-only' : 'px-5 py-3 text-sm text-negative'}>
        {error}
      </p>
      <Table caption="Members" isStacked>
        <thead>
          <tr>
            {['Member', 'Role', 'Last seen', ...(mayChange ? [''] : [])].map((name) => (
              <ColumnHead key={name}>{name || <span className="sr-only">Actions</span>}</ColumnHead>
            ))}
          </tr>
        </thead>
        <tbody>
          {members.map((member) => (
            <tr key={member.id}>
              <Cell>
                <span className="font-medium wrap-anywhere">{member.email}</span>{' '}
                {member.id === ownId ? <Badge tone="accent">you</Badge> : null}
                <p className="text-xs text-ink-soft">
                  since <Time at={member.created_at} />
                </p>
              </Cell>
              <Cell label="Role">
                {mayChange ? (
                  <Choice
                    label={`Role of ${member.email}`}
                    isLabelHidden
                    options={roleOptions}
                    value={member.role}
                    onChange={(event) =>
                      act(
                        'PUT',
                        `members/${member.id}/role`,
                        { role: event.target.value },
                        `${member.email} is now ${event.target.value}.`,
                      )
                    }
                  />
                ) : (
                  member.role
                )}
              </Cell>
              <Cell label="Last seen">
                {member.last_seen_at === null ? (
                  <span className="text-ink-soft">never</span>
                ) : (
                  <Time at={member.last_seen_at} />
                )}
              </Cell>
              {mayChange ? (
                <Cell>
                  <MemberActions member={member} act={(path, done) => act('DELETE', path, undefined, done)} />
                </Cell>
              ) : null}
            </tr>
          ))}
        </tbody>
      </Table>
    </>
  )
}

function MemberActions({
  member: { id, email },
  act,
}: {
  readonly member: MemberListed
  readonly act: (path: string, done: string) => Promise<void>
}): ReactNode {
  return (
    <div className="flex gap-2 max-md:flex-col max-md:items-start">
      <Button
        variant="outline"
        size="small"
        aria-label={`End the sessions of ${email}`}
        onClick={() => act(`members/${id}/sessions`, `The sessions of ${email} have ended.`)}
      >
        End sessions
      </Button>
      <Dialog
        title={`Remove ${email}?`}
        description="Her sessions end at once. What she did keeps her name; keys that she made stay."
        trigger={
          <Button variant="danger" size="small" aria-label={`Remove ${email}`}>
            Remove
          </Button>
        }
      >
        <Button variant="danger" onClick={() => act(`members/${id}`, `${email} is no longer a member.`)}>
          Remove the member
        </Button>
      </Dialog>
    </div>
  )
}
