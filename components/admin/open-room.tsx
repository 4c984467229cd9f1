'use client'

import Link from 'next/link'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Card, CardBody } from '../ui/card.tsx'
import { Choice } from '../ui/choice.tsx'
import { CodeBlock } from '../ui/code-block.tsx'
import { Field } from '../ui/field.tsx'
import { Time } from '../ui/time.tsx'
import { send } from './send.ts'

type Made = { readonly id: string; readonly link: string; readonly expires_at: string }

const reasons = [
  { value: 'authority', name: 'An authority asks' },
  { value: 'complaint', name: 'A complaint' },
  { value: 'request', name: 'A request of the person' },
  { value: 'audit', name: 'An audit' },
  { value: 'incident', name: 'An incident' },
  { value: 'other', name: 'Another (say which)' },
]

/** Picks a person, a purpose and a moment, and seals the answer; its link is shown once. */
export function OpenRoom({
  purposes,
  properties,
  asked,
}: {
  readonly purposes: readonly string[]
  readonly properties: readonly string[]
  /** What the address says already. */
  readonly asked: { readonly purpose: string; readonly property: string; readonly at: string }
}): ReactNode {
  const [made, setMade] = useState<Made>()
  const [error, setError] = useState<string>()
  const [isBusy, setIsBusy] = useState(false)

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const of = (name: string) => String(form.get(name) ?? '').trim()
    setIsBusy(true)
    setError(undefined)
    try {
      setMade(
        await send<Made>('POST', 'rooms', {
          ...{ subject: of('subject'), purpose: of('purpose'), days: Number(of('days')) },
          property: of('property') || null,
          at: of('at') || null,
          reason: { why: of('why'), ...(of('note') === '' ? {} : { note: of('note') }) },
        }),
      )
    } catch (cause) {
      setError((cause as Error).message)
    }
    setIsBusy(false)
  }

  if (made !== undefined) {
    return (
      <Card>
        <CardBody className="grid gap-4 pt-5">
          <p className="text-sm" role="status">
            The room is open until <Time at={made.expires_at} />. Pass this link on; it is not shown again.
          </p>
          <CodeBlock label="Link" code={made.link} />
          <p className="text-sm">
            <Link className="link" href={`/admin/evidence/rooms/${made.id}`}>
              See what it shows, and who looked
            </Link>
          </p>
        </CardBody>
      </Card>
    )
  }
  const anywhere = { value: '', name: 'the whole organisation' }
  return (
    <Card>
      <CardBody className="pt-5">
        <form onSubmit={submit} method="post" className="grid max-w-xl gap-4">
          <Field
            label="Person"
            name="subject"
            placeholder="user:alice"
            hint="Namespace and identifier, as your systems know her. It does not come into the room."
            autoComplete="off"
            required
            maxLength={600}
          />
          <Choice
            label="Purpose"
            name="purpose"
            defaultValue={asked.purpose}
            options={purposes.map((value) => ({ value, name: value }))}
          />
          <Choice
            label="Property"
            name="property"
            defaultValue={asked.property}
            options={[anywhere, ...properties.map((value) => ({ value, name: value }))]}
          />
          <Field
            label="Moment"
            name="at"
            defaultValue={asked.at}
            placeholder="2026-03-01T12:00:00Z"
            hint="With its zone, or a date for its first instant in UTC. Empty: now."
            autoComplete="off"
            maxLength={64}
          />
          <Choice label="Why do you look at this person?" name="why" options={reasons} />
          <Field
            label="In words"
            name="note"
            hint="Without the person’s name or address: it is kept for good."
            autoComplete="off"
            maxLength={500}
          />
          <Field
            label="Days until the link ends"
            name="days"
            type="number"
            defaultValue={14}
            min={1}
            max={90}
            required
            error={error}
          />
          <div>
            <Button type="submit" disabled={isBusy}>
              {isBusy ? 'Sealing …' : 'Seal the answer'}
            </Button>
          </div>
        </form>
      </CardBody>
    </Card>
  )
}
