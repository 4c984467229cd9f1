'use client'

import type { ReactNode } from 'react'
import type { FirstUseListed } from '../../lib/client/client.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Time } from '../ui/time.tsx'
import { useSend } from './use-send.ts'

/** First uses that nobody has seen yet; who may says that she has. */
export function FirstUseList({
  uses,
  maySee,
}: {
  readonly uses: readonly (FirstUseListed & { readonly service: string })[]
  readonly maySee: boolean
}): ReactNode {
  const { error, act } = useSend()
  return (
    <>
      <p role="alert" className={error === undefined ? 'sr-only' : 'px-5 pb-3 text-sm text-negative'}>
        {error}
      </p>
      <ul>
        {uses.map(({ key, purpose, first_at, service }) => (
          <li
            key={`${key} ${purpose}`}
            className="flex flex-wrap items-center justify-between gap-3 border-t px-5 py-3 text-sm"
          >
            <span className="min-w-0">
              <Badge tone="caution">new purpose</Badge> <span className="font-medium">{service}</span> asked
              about <code className="wrap-anywhere">{purpose}</code> first on <Time at={first_at} />
            </span>
            {maySee ? (
              <Button
                variant="outline"
                size="small"
                aria-label={`Mark as seen: ${service}, ${purpose}`}
                onClick={() =>
                  act('POST', 'first-uses/seen', { key, purpose }, 'Seen, and written down as yours.')
                }
              >
                Mark as seen
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </>
  )
}
