import type { ReactNode } from 'react'
import type { Progress } from './look-at-release.ts'

/** How far it is, in a bar and in words. */
export function LookProgress({
  progress: { experience, done, all },
}: {
  readonly progress: Progress
}): ReactNode {
  return (
    <div className="grid gap-1 text-sm">
      <label htmlFor="look-progress">
        Looking at {experience} in each language, on each screen, light and dark
      </label>
      <progress id="look-progress" className="h-2 w-full accent-(--accent)" value={done} max={all} />
      <p className="text-xs text-ink-soft tabular-nums">
        {done} of {all} pictures
      </p>
    </div>
  )
}
