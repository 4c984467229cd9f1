import { ChevronRight } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import type { PurposeListed } from '../../../lib/client/client.ts'
import { purposeName } from '../purpose-name.ts'
import { daysText } from '../regimes/days-text.ts'
import { PurposeFlags } from './purpose-flags.tsx'

/** Purposes and their parts, as lists within lists; each list of parts opens and closes, by keyboard too. */
export function PurposeTree({ purposes }: { readonly purposes: readonly PurposeListed[] }): ReactNode {
  const byKey = new Map(purposes.map((purpose) => [purpose.key, purpose]))
  const roots = purposes.filter(({ key }) => !byKey.has(key.slice(0, Math.max(key.lastIndexOf('.'), 0))))
  return <Branch purposes={roots} byKey={byKey} depth={0} />
}

type Known = ReadonlyMap<string, PurposeListed>

function Branch({
  purposes,
  byKey,
  depth,
}: {
  readonly purposes: readonly PurposeListed[]
  readonly byKey: Known
  readonly depth: number
}): ReactNode {
  return (
    <ul className={depth === 0 ? 'divide-y' : 'mt-1 ml-2 border-l pl-3 sm:pl-4'}>
      {purposes.map((purpose) => {
        const parts = purpose.children.flatMap((key) => byKey.get(key) ?? [])
        return (
          <li key={purpose.key} id={purpose.key} className={depth === 0 ? 'px-5 py-4' : 'py-2'}>
            <PurposeLine purpose={purpose} />
            {parts.length === 0 ? null : (
              <details open className="group mt-2">
                <summary className="inline-flex min-h-6 cursor-pointer list-none items-center gap-1 rounded-control text-xs text-ink-soft hover:text-ink [&::-webkit-details-marker]:hidden">
                  <ChevronRight aria-hidden className="size-3.5 transition-transform group-open:rotate-90" />
                  {parts.length === 1 ? '1 part' : `${parts.length} parts`}
                  <span className="sr-only"> of {purposeName(purpose)}</span>
                </summary>
                <Branch purposes={parts} byKey={byKey} depth={depth + 1} />
              </details>
            )}
          </li>
        )
      })}
    </ul>
  )
}

function PurposeLine({ purpose }: { readonly purpose: PurposeListed }): ReactNode {
  return (
    <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-1">
      <div className="min-w-0">
        <p className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
          <Link className="link font-medium" href={`/admin/purposes/${encodeURIComponent(purpose.key)}`}>
            {purposeName(purpose)}
          </Link>
          <PurposeFlags purpose={purpose} />
        </p>
        <p className="font-mono text-xs break-all text-ink-faint">{purpose.key}</p>
      </div>
      <p className="text-xs text-ink-soft">
        version {purpose.version} · {purpose.basis.replaceAll('_', ' ')} ·{' '}
        {purpose.categories.join(', ') || 'no data'} ·{' '}
        {purpose.retentionDays === null ? 'kept without a bound' : `kept ${daysText(purpose.retentionDays)}`}
      </p>
    </div>
  )
}
