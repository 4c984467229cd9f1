import type { ReactNode } from 'react'
import type { KeyListed } from '../../lib/client/client.ts'
import { Badge } from '../ui/badge.tsx'
import { Cell, ColumnHead, Table } from '../ui/table.tsx'
import { Time } from '../ui/time.tsx'
import { makerOf, Scopes } from './key-facts.tsx'

/** Keys that are none any more, with when that came. */
export function PastKeyTable({ keys }: { readonly keys: readonly KeyListed[] }): ReactNode {
  return (
    <Table caption="Revoked and ended keys" isStacked>
      <thead>
        <tr>
          {['Key', 'Could', 'Made', 'Last used', 'Over'].map((name) => (
            <ColumnHead key={name}>{name}</ColumnHead>
          ))}
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => (
          <tr key={key.id}>
            <Cell>
              <span className="font-medium wrap-anywhere">{key.name}</span>
              <p className="font-mono text-xs text-ink-soft">{key.prefix}…</p>
              {key.legal_entity === null ? null : (
                <p className="text-xs text-ink-soft">held by {key.legal_entity}</p>
              )}
            </Cell>
            <Cell label="Could">
              <Scopes scopes={key.scopes} />
            </Cell>
            <Cell label="Made">
              <Time at={key.created_at} />
              <p className="text-xs text-ink-soft">{makerOf(key)}</p>
            </Cell>
            <Cell label="Last used">
              {key.last_used_at === null ? (
                <span className="text-ink-soft">never</span>
              ) : (
                <Time at={key.last_used_at} />
              )}
            </Cell>
            <Cell label="Over">
              <Badge tone={key.revoked_at === null ? 'neutral' : 'negative'}>
                {key.revoked_at === null ? 'ended' : 'revoked'}
              </Badge>{' '}
              <Time at={key.revoked_at ?? key.expires_at ?? key.created_at} />
            </Cell>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}
