import { Circle, CircleCheck } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'

export type SetupStep = {
  readonly name: string
  readonly isDone: boolean
  /** How one does it, or how it is known to be done. */
  readonly detail: string
  readonly href: string
}

/** What is left to do until an installation answers; it ticks itself. Not shown once all of it is done. */
export function SetupChecklist({ steps }: { readonly steps: readonly SetupStep[] }): ReactNode {
  const done = steps.filter(({ isDone }) => isDone).length
  if (done === steps.length) return null
  return (
    <section aria-labelledby="setup" className="mb-6 rounded-card border bg-surface p-5 shadow-card">
      <div className="flex flex-wrap items-baseline justify-between gap-3">
        <h2 id="setup" className="font-semibold">
          Setting up
        </h2>
        <p className="text-sm text-ink-soft">
          {done} of {steps.length}
        </p>
      </div>
      <div aria-hidden className="mt-2 h-1 overflow-hidden rounded-full bg-sunken">
        <div className="h-full bg-accent" style={{ width: `${(100 * done) / steps.length}%` }} />
      </div>
      <ol className="mt-4 grid gap-3">
        {steps.map(({ name, isDone, detail, href }) => (
          <li key={name} className="flex items-start gap-3 text-sm">
            {isDone ? (
              <CircleCheck aria-label="done" className="mt-0.5 size-4 shrink-0 text-positive" />
            ) : (
              <Circle aria-label="to do" className="mt-0.5 size-4 shrink-0 text-ink-faint" />
            )}
            <div>
              <Link href={href} className={`font-medium hover:underline ${isDone ? 'text-ink-soft' : ''}`}>
                {name}
              </Link>
              <p className="text-xs text-ink-soft">{detail}</p>
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}
