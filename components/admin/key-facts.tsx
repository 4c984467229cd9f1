import type { ReactNode } from 'react'
import type { KeyListed } from '../../lib/client/client.ts'
import { Badge } from '../ui/badge.tsx'
import { timeUntil } from './time-until.ts'

/** When the key ends, or that it did. */
export function End({ of: key, nowMs }: { readonly of: KeyListed; readonly nowMs: number }): ReactNode {
  if (key.revoked_at !== null) return <Badge tone="negative">revoked</Badge>
  if (key.expires_at === null) return null
  const endsAtMs = Date.parse(key.expires_at)
  if (endsAtMs <= nowMs) return <Badge>ended</Badge>
  return (
    <span title={key.expires_at}>
      <Badge tone="caution">ends {timeUntil(endsAtMs, nowMs)}</Badge>
    </span>
  )
}

/** Scopes, one under the other; of many the first few, the rest to be opened. */
export function Scopes({ scopes }: { readonly scopes: readonly string[] }): ReactNode {
  const list = (some: readonly string[]) => (
    <ul className="grid gap-0.5 font-mono text-xs text-ink-soft">
      {some.map((scope) => (
        <li key={scope}>{scope}</li>
      ))}
    </ul>
  )
  if (scopes.length <= 4) return list(scopes)
  return (
    <>
      {list(scopes.slice(0, 3))}
      <details className="text-xs text-ink-soft">
        <summary className="w-fit rounded-control py-0.5 hover:text-ink">
          and {scopes.length - 3} more
        </summary>
        {list(scopes.slice(3))}
      </details>
    </>
  )
}

/** Who made the key, as far as the reader may know. */
export function makerOf({ created_by, created_by_name }: KeyListed): string {
  if (created_by === null) return 'with the installation'
  return `by ${created_by_name ?? (created_by.startsWith('member:') ? 'a member' : 'a key')}`
}
