'use client'

import { useRouter } from 'next/navigation'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { ReleaseItem } from '../../lib/domain/release.ts'
import { send } from '../admin/send.ts'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { blankDraft, type NewKind, newKinds } from './blank-drafts.ts'

/** Puts something into a release: what is in force, to be changed, or something new. */
export function AddItem({
  release,
  inForce,
  controller,
  property,
}: {
  readonly release: string
  /** All that is in force, as drafts, without what travels already. */
  readonly inForce: readonly ReleaseItem[]
  readonly controller: string
  /** That an experience begins with; one that travels before one that is there. */
  readonly property: string
}): ReactNode {
  const router = useRouter()
  const [kind, setKind] = useState<NewKind>('notice')
  const [chosen, setChosen] = useState('')
  const [error, setError] = useState<string>()
  const ofKind = inForce.filter((item) => item.kind === (kind === 'purpose_retirement' ? 'purpose' : kind))
  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const typed = String(new FormData(event.currentTarget).get('key') ?? '').trim()
    const key = chosen === '' ? typed : chosen
    const standing = ofKind.find((item) => item.key === key && kind !== 'purpose_retirement')
    const definition = standing?.definition ?? blankDraft(kind, key, { controller, property })
    try {
      const path = `releases/${release}/items/${kind}/${encodeURIComponent(key)}`
      await send('PUT', path, { edit: 0, definition })
      if (kind === 'purpose_retirement') router.refresh()
      else router.push(`/admin/releases/${release}/${kind}/${encodeURIComponent(key)}`)
    } catch (cause) {
      setError((cause as Error).message)
    }
  }
  return (
    <Dialog
      title="Add to the release"
      trigger={
        <Button variant="outline" size="small">
          Add …
        </Button>
      }
    >
      <form onSubmit={submit} method="post" className="grid gap-4">
        <Choice
          label="What"
          value={kind}
          options={newKinds}
          onChange={({ target }) => {
            setKind(target.value as NewKind)
            setChosen('')
          }}
        />
        <Choice
          label="Which"
          value={chosen}
          options={[
            ...(kind === 'purpose_retirement'
              ? [{ value: '', name: 'choose one' }]
              : [{ value: '', name: 'a new one' }]),
            ...ofKind.map(({ key }) => ({ value: key, name: key })),
          ]}
          onChange={({ target }) => setChosen(target.value)}
        />
        {chosen === '' && kind !== 'purpose_retirement' ? (
          <Field
            label="Key"
            name="key"
            required
            autoComplete="off"
            hint={
              kind === 'purpose'
                ? 'Lower case; a dot makes it a part of another: ai_training.fine_tuning. It never changes.'
                : 'Lower case, no spaces. It never changes.'
            }
          />
        ) : null}
        <p role="alert" className={error === undefined ? 'sr-only' : 'text-sm text-negative'}>
          {error}
        </p>
        <Button type="submit" disabled={kind === 'purpose_retirement' && chosen === ''}>
          Add
        </Button>
      </form>
    </Dialog>
  )
}
