import type { ReactNode } from 'react'
import type { ReleaseFlips } from '../../lib/client/flip-report.ts'
import { Badge, type Tone } from '../ui/badge.tsx'
import { Time } from '../ui/time.tsx'

/** When a report was made, and whether it is of the release as it is now. */
export function FlipReportState({ flips }: { readonly flips: ReleaseFlips }): ReactNode {
  const { word, tone, says } = stateOf(flips)
  return (
    <div aria-live="polite" className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
      <Badge tone={tone}>{word}</Badge>
      <span className="text-ink-soft">
        {says}
        {flips.finished_at === null || flips.state !== 'done' ? null : (
          <>
            {' '}
            Made <Time at={flips.finished_at} />, at {flips.seq} in the log.
          </>
        )}
      </span>
      {flips.state === 'running' ? (
        <progress className="h-2 w-40" aria-label="Days looked at" value={flips.done} max={flips.total} />
      ) : null}
    </div>
  )
}

function stateOf(flips: ReleaseFlips): { readonly word: string; readonly tone: Tone; readonly says: string } {
  if (flips.state === 'running') {
    return {
      ...{ word: 'being made', tone: 'neutral' },
      says: `${flips.done} of ${flips.total} days were looked at.`,
    }
  }
  if (flips.state === 'failed') {
    return { word: 'failed', tone: 'negative', says: flips.error ?? 'It could not be made.' }
  }
  return flips.is_current
    ? { word: 'current', tone: 'positive', says: 'It is of the release as it is now.' }
    : {
        ...{ word: 'out of date', tone: 'caution' },
        says: 'The release, or what it builds on, has changed since. Make it again.',
      }
}
