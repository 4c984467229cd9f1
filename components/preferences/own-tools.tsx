'use client'

import { type ReactNode, useEffect, useState } from 'react'
import type { ErasureAsked, OwnRecord } from '../../lib/web/own-record.ts'
import type { Words } from '../../lib/words/create-words.ts'
import { Button } from '../ui/button.tsx'
import { Card, CardBody } from '../ui/card.tsx'
import { Field } from '../ui/field.tsx'

/** To keep her record, and to ask for what is known of her to be erased. */
export function OwnTools({
  own,
  token,
  property,
  locale,
  words,
}: {
  readonly own: OwnRecord
  readonly token: string
  readonly property: string
  readonly locale: string
  readonly words: Words
}): ReactNode {
  const { say } = words
  const [hasFailed, setHasFailed] = useState(false)
  usePrintedWhole()

  async function download(): Promise<void> {
    setHasFailed(false)
    try {
      const text = JSON.stringify(await own.record(token, locale), null, 2)
      const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
      const link = Object.assign(document.createElement('a'), {
        href: address,
        download: `privacy-choices-${property}.json`,
      })
      link.click()
      URL.revokeObjectURL(address)
    } catch {
      setHasFailed(true)
    }
  }

  return (
    <section className="mt-10 grid gap-3 print:hidden">
      <div className="flex flex-wrap gap-2">
        <Button variant="outline" onClick={() => void download()}>
          {say('download')}
        </Button>
        <Button variant="outline" onClick={() => window.print()}>
          {say('print')}
        </Button>
      </div>
      {hasFailed ? (
        <p role="alert" className="text-sm text-negative">
          {say('unreachable')}
        </p>
      ) : null}
      <Erasure own={own} token={token} words={words} />
    </section>
  )
}

function Erasure({
  own,
  token,
  words,
}: {
  readonly own: OwnRecord
  readonly token: string
  readonly words: Words
}): ReactNode {
  const { say } = words
  const [asked, setAsked] = useState<ErasureAsked | 'failed' | 'asking'>()

  async function ask(form: FormData): Promise<void> {
    setAsked('asking')
    const contact = String(form.get('contact') ?? '').trim()
    setAsked(await own.askErasure(token, contact).catch(() => 'failed' as const))
  }

  return (
    <Card>
      <details className="px-5 py-4">
        <summary className="cursor-pointer text-sm font-medium">{say('erase')}</summary>
        <p className="mt-2 text-sm text-ink-soft">{say('eraseText')}</p>
        {typeof asked === 'object' ? (
          <p role="status" className="mt-3 text-sm text-positive">
            {say('eraseSent', { reference: asked.reference, date: words.day(asked.due_at) })}
          </p>
        ) : (
          <form action={ask} className="mt-4 grid max-w-md gap-4">
            <Field label={say('contact')} name="contact" maxLength={300} autoComplete="email" />
            <Button type="submit" variant="outline" className="w-fit" disabled={asked === 'asking'}>
              {say('erase')}
            </Button>
            {asked === 'failed' ? (
              <p role="alert" className="text-sm text-negative">
                {say('failed')}
              </p>
            ) : null}
          </form>
        )}
      </details>
    </Card>
  )
}

/** A link to her choices from another device, by mail; only where mail is sent from here. */
export function MailLink({
  own,
  locale,
  words,
}: {
  readonly own: OwnRecord
  readonly locale: string
  readonly words: Words
}): ReactNode {
  const { say } = words
  const [mayMail, setMayMail] = useState(false)
  const [sent, setSent] = useState<'no' | 'sending' | 'yes' | 'failed'>('no')
  useEffect(() => {
    own.reach().then(
      ({ mail }) => setMayMail(mail),
      () => setMayMail(false),
    )
  }, [own])
  if (!mayMail) return null

  async function send(form: FormData): Promise<void> {
    setSent('sending')
    const outcome = await own.sendLink(String(form.get('email') ?? '').trim(), locale).then(
      () => 'yes' as const,
      () => 'failed' as const,
    )
    setSent(outcome)
  }

  return (
    <Card className="mt-3 print:hidden" aria-labelledby="mail-link">
      <CardBody className="pt-5">
        <h2 id="mail-link" className="text-sm font-medium">
          {say('linkTitle')}
        </h2>
        <p className="mt-1 text-sm text-ink-soft">{say('linkText')}</p>
        <form action={send} className="mt-4 grid max-w-md gap-4">
          <Field
            label={say('linkEmail')}
            name="email"
            type="email"
            required
            maxLength={254}
            autoComplete="email"
          />
          <Button type="submit" variant="outline" className="w-fit" disabled={sent === 'sending'}>
            {say('linkSend')}
          </Button>
        </form>
        {sent === 'yes' || sent === 'failed' ? (
          <p
            role={sent === 'yes' ? 'status' : 'alert'}
            className={`mt-3 text-sm ${sent === 'yes' ? 'text-positive' : 'text-negative'}`}
          >
            {say(sent === 'yes' ? 'linkSent' : 'failed')}
          </p>
        ) : null}
      </CardBody>
    </Card>
  )
}

/** What is folded is unfolded on paper: nobody can open it there. */
function usePrintedWhole(): void {
  useEffect(() => {
    let opened: HTMLDetailsElement[] = []
    const before = () => {
      opened = [...document.querySelectorAll<HTMLDetailsElement>('main details:not([open])')]
      for (const each of opened) each.open = true
    }
    const after = () => {
      for (const each of opened) each.open = false
    }
    addEventListener('beforeprint', before)
    addEventListener('afterprint', after)
    return () => {
      removeEventListener('beforeprint', before)
      removeEventListener('afterprint', after)
    }
  }, [])
}
