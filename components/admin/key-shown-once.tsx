'use client'

import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { KeyMade } from '../../lib/client/client.ts'
import { CodeBlock } from '../ui/code-block.tsx'
import { Time } from '../ui/time.tsx'

/** A new key, the one time that it is shown. */
export function KeyShownOnce({ made }: { readonly made: KeyMade }): ReactNode {
  const ends = made.replaced?.expires_at
  return (
    <div className="grid gap-3" role="status">
      <p className="flex gap-2 rounded-control bg-caution-soft px-3 py-2 text-sm text-caution">
        <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
        Copy it now, into your secret store. It is not kept here and cannot be shown again.
      </p>
      <CodeBlock label={made.name} code={made.key} />
      {made.replaced === undefined ? null : (
        <p className="text-sm text-ink-soft">
          {ends ? (
            <>
              The key before works until <Time at={ends} hasSeconds />.
            </>
          ) : (
            'The key before is revoked.'
          )}
        </p>
      )}
    </div>
  )
}
