'use client'

import Link from 'next/link'
import { type ReactNode, useState } from 'react'
import type { Person } from '../../../lib/client/people.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Time } from '../../ui/time.tsx'
import { FormError } from '../form-error.tsx'
import { send } from '../send.ts'
import { useForm } from '../use-form.ts'
import { useSend } from '../use-send.ts'

/** With whom a person is linked, and what that does; for who may, a way to link and unlink. */
export function PersonLinks({
  person,
  mayChange,
}: {
  readonly person: Person
  readonly mayChange: boolean
}): ReactNode {
  const { error, act } = useSend()
  return (
    <div className="grid gap-3">
      {person.links.length === 0 ? (
        <p className="text-sm text-ink-soft">Linked with nobody.</p>
      ) : (
        <ul className="grid gap-2 text-sm">
          {person.links.map((link) => (
            <li key={`${link.id} ${link.since}`} className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <Link href={`/admin/people/${link.id}`} className="link font-mono text-xs wrap-anywhere">
                {link.id}
              </Link>
              {link.namespaces.map((name) => (
                <Badge key={name}>{name}</Badge>
              ))}
              <span className="text-ink-soft">
                since <Time at={link.since} />
                {link.until === null ? null : (
                  <>
                    {', until '}
                    <Time at={link.until} />
                  </>
                )}
              </span>
              {mayChange && link.until === null ? (
                <Dialog
                  title="End this link?"
                  description="Nothing that was refused while they were linked is lifted: it stays with both. From now on what one refuses is no longer refused for the other."
                  trigger={
                    <Button variant="danger" size="small" aria-label={`End the link with ${link.id}`}>
                      End
                    </Button>
                  }
                >
                  <Button
                    variant="danger"
                    onClick={() =>
                      act('DELETE', `subjects/${person.id}/links`, { id: link.id }, 'The link is ended.')
                    }
                  >
                    End the link
                  </Button>
                </Dialog>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      <FormError>{error}</FormError>
      {mayChange ? (
        <div>
          <Dialog
            title="Link another identifier"
            description="Says that it is the same person’s. A no flows and a yes never does: what either has refused, the other refuses too, at once."
            trigger={
              <Button variant="outline" size="small">
                Link an identifier
              </Button>
            }
          >
            <LinkForm id={person.id} />
          </Dialog>
        </div>
      ) : null}
    </div>
  )
}

function LinkForm({ id }: { readonly id: string }): ReactNode {
  const [isDone, setIsDone] = useState(false)
  const { error, isBusy, submit } = useForm(async (form) => {
    const subject = `${String(form.get('namespace')).trim()}:${String(form.get('identifier'))}`
    await send('POST', `subjects/${id}/links`, { subject })
    setIsDone(true)
    return true
  })
  if (isDone) {
    return (
      <p role="status" className="text-sm">
        Linked. What either refused is in both timelines.
      </p>
    )
  }
  return (
    <form onSubmit={submit} method="post" autoComplete="off" className="grid gap-4">
      <div className="grid items-start gap-4 sm:grid-cols-[10rem_1fr]">
        <Field label="Kind of identifier" name="namespace" defaultValue="device" required />
        <Field label="Identifier" name="identifier" maxLength={512} required />
      </div>
      <p className="text-sm text-ink-soft">
        A link can be ended, but the refusals that it copies stay. Link only what you know to be the same
        person’s.
      </p>
      <FormError>{error}</FormError>
      <Button type="submit" disabled={isBusy}>
        {isBusy ? 'Linking …' : 'Link'}
      </Button>
    </form>
  )
}
