'use client'

import { Undo2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { type FormEvent, type ReactNode, useEffect, useState } from 'react'
import type { RecallAffected, RecallListed, RecallScope } from '../../lib/client/client.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { languageName } from './language-name.ts'
import { counted, figure, scopeWords } from './recall-words.ts'
import { send } from './send.ts'

/** Recalls all consents of a scope: shows whom and what it reaches, and wants the reason and their number. */
export function StrikeConsents({ scope }: { readonly scope: RecallScope }): ReactNode {
  return (
    <Dialog
      title="Strike these consents?"
      description={`Every yes under ${scopeWords(scope)} is denied at once. This cannot be undone: people have to be asked again.`}
      trigger={
        <Button variant="danger" size="small">
          <Undo2 aria-hidden className="size-4" /> Strike these consents…
        </Button>
      }
    >
      <Striking scope={scope} />
    </Dialog>
  )
}

function Striking({ scope }: { readonly scope: RecallScope }): ReactNode {
  const router = useRouter()
  const asked = JSON.stringify(scope)
  const [affected, setAffected] = useState<RecallAffected>()
  const [error, setError] = useState<string>()
  const [isBusy, setIsBusy] = useState(false)

  useEffect(() => {
    let isGone = false
    send<RecallAffected>('POST', 'recalls/preview', { scope: JSON.parse(asked) })
      .then((answer) => isGone || setAffected(answer))
      .catch((cause: Error) => isGone || setError(cause.message))
    return () => {
      isGone = true
    }
  }, [asked])

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const typed = String(form.get('count')).replace(/[\s,.]/g, '')
    if (affected === undefined) return
    if (typed !== String(affected.consents)) {
      setError(`Please type ${affected.consents}, the number of consents that are struck.`)
      return
    }
    setIsBusy(true)
    setError(undefined)
    try {
      const body = { scope, reason: String(form.get('reason')), confirm_count: affected.consents }
      const { id } = await send<RecallListed>('POST', 'recalls', body)
      router.push(`/admin/recalls/${id}`)
    } catch (cause) {
      setError((cause as Error).message)
      setIsBusy(false)
    }
  }

  if (affected === undefined) {
    return (
      <p role="status" className={`text-sm ${error === undefined ? 'text-ink-soft' : 'text-negative'}`}>
        {error ?? 'Counting whom this reaches…'}
      </p>
    )
  }
  return (
    <form onSubmit={submit} method="post" className="grid gap-4">
      <Reached affected={affected} />
      <Field label="Why" name="reason" required maxLength={2000} autoComplete="off" />
      <Field
        label={`Type ${affected.consents} to confirm`}
        hint="The number of consents that are struck."
        name="count"
        inputMode="numeric"
        required
        autoComplete="off"
        error={error}
      />
      <Button type="submit" variant="danger" disabled={isBusy}>
        {isBusy ? 'Striking …' : `Strike ${counted(affected.consents, 'consent', 'consents')}`}
      </Button>
    </form>
  )
}

function Reached({ affected }: { readonly affected: RecallAffected }): ReactNode {
  const { services, runs, filters, consumers } = affected
  const relied = [
    counted(services.length, 'service asked', 'services asked'),
    counted(runs.length, 'run', 'runs'),
    counted(filters.length, 'filter', 'filters'),
    counted(consumers.length, 'consumer of changes', 'consumers of changes'),
  ]
  return (
    <div className="grid gap-2 text-sm">
      <p>
        <strong>{counted(affected.people, 'person', 'people')}</strong> with{' '}
        {counted(affected.consents, 'consent', 'consents')}:
      </p>
      <ul className="list-disc pl-5 text-ink-soft">
        {affected.by_purpose.map(({ purpose, locale, consents }) => (
          <li key={`${purpose} ${locale}`}>
            {purpose}
            {locale === null ? '' : `, shown in ${languageName(locale)}`}: {figure(consents)}
          </li>
        ))}
      </ul>
      <p>Who relied on them, each a task afterwards: {relied.join(', ')}.</p>
    </div>
  )
}
