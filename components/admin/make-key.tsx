'use client'

import { Plus } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { KeyMade } from '../../lib/client/client.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { KeyShownOnce } from './key-shown-once.tsx'
import { givable, scopeTexts } from './scope-texts.ts'
import { send } from './send.ts'

/** Makes a key: a name, who holds it, and what it may do; then it is shown, once. */
export function MakeKey({ scopes }: { readonly scopes: readonly string[] }): ReactNode {
  const router = useRouter()
  return (
    <Dialog
      title="Make a key"
      description="One for each service, so that each can be seen, rotated and revoked by itself."
      onClose={() => router.refresh()}
      trigger={
        <Button>
          <Plus aria-hidden className="size-4" /> Make a key
        </Button>
      }
    >
      <KeyMaker scopes={scopes} />
    </Dialog>
  )
}

function KeyMaker({ scopes }: { readonly scopes: readonly string[] }): ReactNode {
  const [made, setMade] = useState<KeyMade>()
  const [error, setError] = useState<string>()
  const [isBusy, setIsBusy] = useState(false)

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const wanted = form.getAll('scope').map(String)
    const holder = String(form.get('legal_entity')).trim()
    if (wanted.length === 0) {
      setError('A key needs at least one thing that it may do.')
      return
    }
    setIsBusy(true)
    setError(undefined)
    try {
      const body = { name: String(form.get('name')).trim(), scopes: wanted }
      setMade(await send('POST', 'keys', holder === '' ? body : { ...body, legal_entity: holder }))
    } catch (cause) {
      setError((cause as Error).message)
    }
    setIsBusy(false)
  }

  if (made !== undefined) return <KeyShownOnce made={made} />
  return (
    <form onSubmit={submit} method="post" className="grid gap-4">
      <Field
        label="Name"
        name="name"
        required
        maxLength={100}
        autoComplete="off"
        hint="The service that it is for, such as Training pipeline."
      />
      <Field
        label="Company (optional)"
        name="legal_entity"
        maxLength={200}
        autoComplete="off"
        hint="The legal name of who holds the key, where that is not you: a processor, a sister company."
      />
      <fieldset className="grid gap-2">
        <legend className="mb-1.5 text-sm font-medium">What it may do</legend>
        {givable(scopes).map((scope) => (
          <label key={scope} className="flex items-start gap-2.5 text-sm">
            <input
              type="checkbox"
              name="scope"
              value={scope}
              defaultChecked={scope === 'decisions:read'}
              className="mt-1 size-4 accent-accent"
            />
            <span>
              {scopeTexts[scope]} <code className="text-xs whitespace-nowrap text-ink-soft">{scope}</code>
            </span>
          </label>
        ))}
        <p className="text-xs text-ink-soft">Only what you may do yourself is listed.</p>
      </fieldset>
      <p role="alert" className={error === undefined ? 'sr-only' : 'text-sm text-negative'}>
        {error}
      </p>
      <Button type="submit" disabled={isBusy}>
        {isBusy ? 'Making the key …' : 'Make the key'}
      </Button>
    </form>
  )
}
