'use client'

import { useRouter } from 'next/navigation'
import { type ReactNode, useState } from 'react'
import { toast } from 'sonner'
import type { RequestListed } from '../../../lib/client/people.ts'
import { Button } from '../../ui/button.tsx'
import { Choice } from '../../ui/choice.tsx'
import { Field } from '../../ui/field.tsx'
import { TextArea } from '../../ui/text-area.tsx'
import { FormError } from '../form-error.tsx'
import { failedWith, send } from '../send.ts'
import { textOf, useForm } from '../use-form.ts'
import { changeTexts } from './request-words.ts'

const names: Readonly<Record<string, string>> = {
  note: 'Note something',
  answer: 'It is answered',
  refuse: 'It is refused',
  extend: 'Extend the time',
  withdraw: 'She withdrew it',
  reopen: 'Reopen it',
}

const asks: Readonly<Record<string, string>> = {
  note: 'What is to be noted',
  answer: 'What came of it',
  refuse: 'Why it is refused, and how she was told of her remedies (GDPR Art. 12(4))',
  extend: 'Why, as she was told',
  withdraw: 'What she said',
  reopen: 'Why',
}

/** Changes a request as it was seen; another's change in between is told, and what was typed stays. */
export function ChangeRequest({ request }: { readonly request: RequestListed }): ReactNode {
  const router = useRouter()
  const [what, setWhat] = useState('note')
  const [isStale, setIsStale] = useState(false)
  const [sha256, setSha256] = useState('')
  const [draft, setDraft] = useState(0)
  const possible = possibleOf(request)
  const chosen = possible.includes(what) ? what : 'note'
  const isReply = chosen === 'answer' || chosen === 'refuse'
  const { error, isBusy, submit } = useForm(async (form) => {
    const text = textOf(form, 'text')
    const reference = textOf(form, 'reference')
    try {
      await send('POST', `requests/${request.id}/changes`, {
        ...{ revision: request.revision, change: chosen },
        ...(text === undefined ? {} : { text }),
        ...(isReply
          ? {
              proof: {
                text: textOf(form, 'sent') ?? '',
                ...(sha256 === '' ? {} : { sha256: sha256.trim().toLowerCase() }),
                ...(reference === undefined ? {} : { reference }),
              },
            }
          : {}),
      })
    } catch (cause) {
      setIsStale(failedWith(cause, 'conflict'))
      throw cause
    }
    toast.success(changeTexts[chosen] ?? 'Done')
    setIsStale(false)
    setWhat('note')
    setSha256('')
    setDraft((count) => count + 1)
    return true
  })

  return (
    <form key={draft} onSubmit={submit} method="post" autoComplete="off" className="grid gap-4">
      <Choice
        label="What happened"
        value={chosen}
        onChange={(event) => setWhat(event.target.value)}
        options={possible.map((value) => ({ value, name: names[value] ?? value }))}
      />
      <TextArea
        label={asks[chosen] ?? 'In words'}
        name="text"
        maxLength={4_000}
        required={chosen !== 'withdraw'}
        hint="Sealed."
      />
      {isReply ? (
        <fieldset className="grid gap-4 rounded-card border p-4">
          <legend className="px-1 text-sm font-semibold">Proof of the reply</legend>
          <TextArea
            label="What was sent, to where"
            name="sent"
            rows={2}
            maxLength={4_000}
            required
            hint="Sealed."
          />
          <div className="grid items-start gap-4 sm:grid-cols-2">
            <Field
              label="Reference of the message"
              name="reference"
              maxLength={255}
              hint="Its id, or a tracking number. This, or the hash."
            />
            <div className="grid gap-2">
              <Field
                label="SHA-256 of the file"
                value={sha256}
                onChange={(event) => setSha256(event.target.value)}
                pattern="\s*[0-9a-fA-F]{64}\s*"
                spellCheck={false}
              />
              <label className="grid gap-1 text-xs text-ink-soft">
                Or take it of a file, which does not leave this device
                <input
                  type="file"
                  className="max-w-full text-sm"
                  onChange={async (event) => {
                    const file = event.target.files?.[0]
                    if (file !== undefined) setSha256(await hashOf(file))
                  }}
                />
              </label>
            </div>
          </div>
        </fieldset>
      ) : null}
      <FormError>{error}</FormError>
      {isStale ? (
        <p className="flex flex-wrap items-center gap-3 rounded-control bg-caution-soft px-3 py-2 text-sm text-caution">
          What you wrote is still here. Read what has changed, then send it again.
          <Button variant="outline" size="small" onClick={() => router.refresh()}>
            Read the request anew
          </Button>
        </p>
      ) : null}
      <div>
        <Button type="submit" disabled={isBusy}>
          {isBusy ? 'Writing it down …' : 'Write it down'}
        </Button>
      </div>
    </form>
  )
}

function possibleOf({ state, clock }: RequestListed): readonly string[] {
  if (state !== 'open') return ['note', 'reopen']
  return ['note', 'answer', 'refuse', ...(clock.may_extend ? ['extend'] : []), 'withdraw']
}

async function hashOf(file: File): Promise<string> {
  // Only a page that came over HTTPS, or from this machine, may hash.
  if (crypto.subtle === undefined) return ''
  const hash = await crypto.subtle.digest('SHA-256', await file.arrayBuffer())
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
