'use client'

import type { ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { useSend } from './use-send.ts'

/** Demands a second factor of everybody, or no longer; each after a word on what it does. */
export function DemandSecondFactor({
  isDemanded,
  without,
}: {
  readonly isDemanded: boolean
  /** How many have none. */
  readonly without: number
}): ReactNode {
  const { error, act } = useSend()
  const change = () => act('PUT', 'sign-in-settings', { require_second_factor: !isDemanded })
  return (
    <>
      <p role="alert" className={error === undefined ? 'sr-only' : 'pb-3 text-sm text-negative'}>
        {error}
      </p>
      {isDemanded ? (
        <Dialog
          title="No longer demand it?"
          description="Members keep the second factor that they have, and may remove it."
          trigger={<Button variant="outline">No longer demand it</Button>}
        >
          <Button variant="danger" onClick={change}>
            Let each decide
          </Button>
        </Dialog>
      ) : (
        <Dialog
          title="Demand it of everybody?"
          description={`At once. ${without === 0 ? 'Everybody has one.' : `Without one now: ${without}. They can only add one until they have; so can you.`}`}
          trigger={<Button variant="outline">Demand it of everybody</Button>}
        >
          <Button onClick={change}>Demand a second factor</Button>
        </Dialog>
      )}
    </>
  )
}
