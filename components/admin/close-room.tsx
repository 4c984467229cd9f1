'use client'

import type { ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { useSend } from './use-send.ts'

/** Closes a room, once it was meant. */
export function CloseRoom({ id }: { readonly id: string }): ReactNode {
  const { error, act } = useSend()
  return (
    <Dialog
      title="Close this room?"
      description="Its link shows nothing from then on. It cannot be opened again; seal a new answer instead."
      trigger={
        <Button variant="danger" size="small">
          Close the room
        </Button>
      }
    >
      <p role="alert" className={error === undefined ? 'sr-only' : 'mb-3 text-sm text-negative'}>
        {error}
      </p>
      <Button variant="danger" onClick={() => act('DELETE', `rooms/${id}`, undefined, 'The room is closed.')}>
        Close it now
      </Button>
    </Dialog>
  )
}
