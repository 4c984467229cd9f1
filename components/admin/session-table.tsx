'use client'

import type { ReactNode } from 'react'
import type { SessionListed } from '../../lib/client/client.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Cell, ColumnHead, Table } from '../ui/table.tsx'
import { Time } from '../ui/time.tsx'
import { useSend } from './use-send.ts'

/** A member's own sessions: she ends one, or all but this one. */
export function SessionTable({ sessions }: { readonly sessions: readonly SessionListed[] }): ReactNode {
  const { error, act } = useSend()
  return (
    <>
      <p role="alert" className={error === undefined ? 'sr-only' : 'px-5 py-3 text-sm text-negative'}>
        {error}
      </p>
      <Table caption="Your sessions" isStacked>
        <thead>
          <tr>
            {['Signed in', 'Last seen', 'Ends', ''].map((name) => (
              <ColumnHead key={name}>{name || <span className="sr-only">Actions</span>}</ColumnHead>
            ))}
          </tr>
        </thead>
        <tbody>
          {sessions.map(({ id, is_current, created_at, last_seen_at, expires_at }) => (
            <tr key={id}>
              <Cell label="Since">
                <Time at={created_at} />
              </Cell>
              <Cell label="Last seen">
                <Time at={last_seen_at} />
              </Cell>
              <Cell label="Until">
                <Time at={expires_at} />
              </Cell>
              <Cell>
                {is_current ? (
                  <Badge tone="accent">this one</Badge>
                ) : (
                  <Button
                    variant="outline"
                    size="small"
                    onClick={() => act('DELETE', `sessions/${id}`, undefined, 'The session has ended.')}
                  >
                    End
                  </Button>
                )}
              </Cell>
            </tr>
          ))}
        </tbody>
      </Table>
      {sessions.length > 1 ? (
        <div className="px-5 py-4">
          <Button
            variant="outline"
            size="small"
            onClick={() => act('DELETE', 'sessions', undefined, 'All other sessions have ended.')}
          >
            End all others
          </Button>
        </div>
      ) : null}
    </>
  )
}
