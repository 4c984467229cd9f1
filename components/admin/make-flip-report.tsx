'use client'

import { useRouter } from 'next/navigation'
import { type ReactNode, useEffect } from 'react'
import type { ReleaseFlips } from '../../lib/client/flip-report.ts'
import { Button } from '../ui/button.tsx'
import { useSend } from './use-send.ts'

const lookAgainMs = 1_500

/** Begins a report, and looks how far it is while it is made. */
export function MakeFlipReport({
  release,
  state,
}: {
  readonly release: string
  readonly state: ReleaseFlips['state']
}): ReactNode {
  const router = useRouter()
  const { error, act } = useSend()
  const isRunning = state === 'running'
  useEffect(() => {
    if (!isRunning) return
    const timer = setInterval(() => router.refresh(), lookAgainMs)
    return () => clearInterval(timer)
  }, [isRunning, router])
  return (
    <div className="grid justify-items-end gap-1">
      <Button
        variant={state === 'none' ? 'solid' : 'outline'}
        disabled={isRunning}
        onClick={() => void act('POST', `releases/${encodeURIComponent(release)}/flips`)}
      >
        {isRunning ? 'Being made …' : state === 'none' ? 'Make the report' : 'Make it again'}
      </Button>
      {error === undefined ? null : (
        <p role="alert" className="text-sm text-negative">
          {error}
        </p>
      )}
    </div>
  )
}
