'use client'

import { useRouter } from 'next/navigation'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { KeyListed, KeyMade } from '../../lib/client/client.ts'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { KeyShownOnce } from './key-shown-once.tsx'
import { send } from './send.ts'

const overlaps = [
  { value: '1', name: 'for one hour' },
  { value: '24', name: 'for a day' },
  { value: '168', name: 'for seven days' },
  { value: '720', name: 'for thirty days' },
  { value: '0', name: 'not at all: revoke it at once' },
]

/** Puts another key in a key's place; for a while both work, so that a service can change over. */
export function RotateKey({ row: { id, name, scopes } }: { readonly row: KeyListed }): ReactNode {
  const router = useRouter()
  return (
    <Dialog
      title={`Rotate ${name}`}
      description={`The new key may do the same: ${scopes.join(', ')}.`}
      onClose={() => router.refresh()}
      trigger={
        <Button variant="outline" size="small" aria-label={`Rotate ${name}`}>
          Rotate
        </Button>
      }
    >
      <Rotation id={id} />
    </Dialog>
  )
}

function Rotation({ id }: { readonly id: string }): ReactNode {
  const [made, setMade] = useState<KeyMade>()
  const [error, setError] = useState<string>()
  const [isBusy, setIsBusy] = useState(false)

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const overlap_hours = Number(new FormData(event.currentTarget).get('overlap'))
    setIsBusy(true)
    setError(undefined)
    try {
      setMade(await send('POST', `keys/${id}/rotate`, { overlap_hours }))
    } catch (cause) {
      setError((cause as Error).message)
    }
    setIsBusy(false)
  }

  if (made !== undefined) return <KeyShownOnce made={made} />
  return (
    <form onSubmit={submit} method="post" className="grid gap-4">
      <Choice label="The old key still works" name="overlap" options={overlaps} defaultValue="24" />
      <p className="text-sm text-ink-soft">
        It ends to the millisecond, on every node, and nothing has to run for that. You can end it sooner, not
        later.
      </p>
      <p role="alert" className={error === undefined ? 'sr-only' : 'text-sm text-negative'}>
        {error}
      </p>
      <Button type="submit" disabled={isBusy}>
        {isBusy ? 'Rotating …' : 'Make the new key'}
      </Button>
    </form>
  )
}
