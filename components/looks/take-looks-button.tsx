'use client'

import { useRouter } from 'next/navigation'
import { type ReactNode, useState } from 'react'
import type { ExperienceDefinition } from '../../lib/domain/definitions.ts'
import { surroundingsOf } from '../releases/editor-props.ts'
import { Button } from '../ui/button.tsx'
import { type Progress, readInForce } from './look-at-release.ts'
import { LookProgress } from './look-progress.tsx'
import { takeLooks } from './take-looks.ts'

/** Takes the pictures of a published version now, as it is shown now. */
export function TakeLooksButton({
  definition,
  version,
  label,
}: {
  readonly definition: ExperienceDefinition
  readonly version: number
  readonly label: string
}): ReactNode {
  const router = useRouter()
  const [progress, setProgress] = useState<Progress>()
  const [error, setError] = useState<string>()
  async function take(): Promise<void> {
    setError(undefined)
    const experience = definition.key
    setProgress({ experience, done: 0, all: 1 })
    try {
      const around = surroundingsOf(await readInForce(), [], {})
      await takeLooks({ definition, around, from: { version } }, (done, all) =>
        setProgress({ experience, done, all }),
      )
    } catch (cause) {
      setError((cause as Error).message)
    }
    setProgress(undefined)
    router.refresh()
  }
  return (
    <div className="grid gap-3">
      <Button variant="outline" disabled={progress !== undefined} onClick={take}>
        {label}
      </Button>
      {progress === undefined ? null : <LookProgress progress={progress} />}
      <p role="alert" className={error === undefined ? 'sr-only' : 'text-sm text-negative'}>
        {error}
      </p>
    </div>
  )
}
