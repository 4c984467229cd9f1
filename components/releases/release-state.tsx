import type { ReactNode } from 'react'
import { Badge, type Tone } from '../ui/badge.tsx'
import type { ReleaseState } from './release-types.ts'

const looks: Readonly<Record<ReleaseState, readonly [Tone, string]>> = {
  draft: ['neutral', 'draft'],
  in_review: ['caution', 'in review'],
  approved: ['accent', 'approved'],
  scheduled: ['accent', 'scheduled'],
  publishing: ['caution', 'being published'],
  published: ['positive', 'published'],
  discarded: ['neutral', 'discarded'],
}

/** Where a release stands, in a word. */
export function ReleaseStateBadge({ state }: { readonly state: ReleaseState }): ReactNode {
  const [tone, word] = looks[state]
  return <Badge tone={tone}>{word}</Badge>
}

const steps: readonly (readonly [string, readonly ReleaseState[]])[] = [
  ['Draft', ['draft']],
  ['Review', ['in_review']],
  ['Approved', ['approved', 'scheduled']],
  ['Published', ['publishing', 'published']],
]

/** The way of a release as a line of steps, with the one it is at. */
export function ReleaseSteps({ state }: { readonly state: ReleaseState }): ReactNode {
  const at = steps.findIndex(([, states]) => states.includes(state))
  return (
    <ol aria-label="Steps" className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm">
      {steps.map(([name], index) => (
        <li
          key={name}
          aria-current={index === at ? 'step' : undefined}
          className={`flex items-center gap-2 ${index <= at ? 'text-ink' : 'text-ink-faint'} ${index === at ? 'font-medium' : ''}`}
        >
          <span
            aria-hidden
            className={`size-2 rounded-full ${index <= at ? 'bg-accent' : 'border border-edge'}`}
          />
          {name}
          {index < steps.length - 1 ? <span aria-hidden className="mx-1 h-px w-6 bg-line" /> : null}
        </li>
      ))}
    </ol>
  )
}
