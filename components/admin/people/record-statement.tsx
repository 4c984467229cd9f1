'use client'

import { Phone } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { toast } from 'sonner'
import { Button } from '../../ui/button.tsx'
import { CheckList } from '../../ui/check-list.tsx'
import { Choice } from '../../ui/choice.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { TextArea } from '../../ui/text-area.tsx'
import { FormError } from '../form-error.tsx'
import { send } from '../send.ts'
import { textOf, useForm } from '../use-form.ts'
import { methods } from './words.ts'

type Option = { readonly value: string; readonly name: string }

/** What a statement can be about. */
export type StatementChoices = {
  readonly purposes: readonly Option[]
  readonly properties: readonly Option[]
  /** Versions in force, by locale: `key version locale` and its name. */
  readonly notices: readonly Option[]
}

const acts = [
  { value: 'withdraw', name: 'She takes her yes back' },
  { value: 'deny', name: 'She says no' },
  { value: 'object', name: 'She objects' },
  { value: 'opt_out', name: 'She opts out' },
  { value: 'grant', name: 'She says yes' },
]

const effects: Readonly<Record<string, string>> = {
  unproven: 'It is recorded as unproven: nothing may rest on it.',
  superseded: 'It changes nothing: she said no after it.',
  void: 'It is void: she could not give it.',
}

/** Records what someone said by phone, by mail or in person, with evidence of it. */
export function RecordStatement({
  subject,
  choices,
}: {
  /** `namespace:id`. */
  readonly subject: string
  readonly choices: StatementChoices
}): ReactNode {
  const [isDone, setIsDone] = useState(false)
  return (
    <Dialog
      title="Record what was said"
      description="By phone, by mail or in person. It acts as soon as it is recorded."
      onClose={() => setIsDone(false)}
      trigger={
        <Button variant="outline" size="small">
          <Phone aria-hidden className="size-4" /> Record what was said
        </Button>
      }
    >
      {isDone ? (
        <p role="status" className="text-sm">
          Recorded, and in force. It is in the timeline, with your name beside it in the log of acts.
        </p>
      ) : (
        <StatementForm subject={subject} choices={choices} onDone={() => setIsDone(true)} />
      )}
    </Dialog>
  )
}

function StatementForm({
  subject,
  choices,
  onDone,
}: {
  readonly subject: string
  readonly choices: StatementChoices
  readonly onDone: () => void
}): ReactNode {
  const [act, setAct] = useState('withdraw')
  const [notice, setNotice] = useState('')
  const isGrant = act === 'grant'
  const { error, isBusy, submit } = useForm(async (form) => {
    const purposes = form.getAll('purpose').map(String)
    if (purposes.length === 0) throw new Error('Choose what it is about: at least one purpose.')
    const said = textOf(form, 'said_at')
    const [key, version, locale] = notice.split(' ')
    const recorded = await send<{ events: readonly { purpose: string; status: string }[] }>(
      'POST',
      'consents',
      {
        subject,
        choices: purposes.map((purpose) => ({ purpose, act })),
        actor: String(form.get('actor')),
        property: textOf(form, 'property') ?? null,
        notice: isGrant && notice !== '' ? { key, version: Number(version), locale } : null,
        occurred_at: said === undefined ? null : `${said}Z`,
        evidence: {
          method: String(form.get('method')),
          text: textOf(form, 'text') ?? null,
          reference: textOf(form, 'reference') ?? null,
        },
      },
    )
    for (const { purpose, status } of recorded.events) {
      const effect = effects[status]
      if (effect === undefined) toast.success(`${purpose}: recorded`)
      else toast.warning(`${purpose}: ${effect}`)
    }
    onDone()
    return true
  })
  return (
    <form onSubmit={submit} method="post" autoComplete="off" className="grid gap-4">
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Choice label="How" name="method" options={methods} />
        <Choice
          label="Who spoke"
          name="actor"
          options={[
            { value: 'subject', name: 'The person herself' },
            { value: 'guardian', name: 'Her guardian' },
          ]}
        />
        <Choice label="What" value={act} onChange={(event) => setAct(event.target.value)} options={acts} />
        <Choice
          label="Where it holds"
          name="property"
          options={[{ value: '', name: 'The whole organisation' }, ...choices.properties]}
        />
      </div>
      <CheckList legend="About" name="purpose" options={choices.purposes} />
      {isGrant ? (
        <>
          <Choice
            label="Notice that was read out or sent"
            value={notice}
            onChange={(event) => setNotice(event.target.value)}
            options={[{ value: '', name: 'None' }, ...choices.notices]}
          />
          {notice === '' ? (
            <p role="status" className="rounded-control bg-caution-soft px-3 py-2 text-sm text-caution">
              Without the words that she was told, this yes cannot be proved (GDPR Art. 7(1)). It will be
              recorded as unproven, and no data may be used on the strength of it.
            </p>
          ) : null}
        </>
      ) : null}
      <TextArea
        label="What was said, and how you know it was her"
        name="text"
        maxLength={4_000}
        required
        hint="Sealed under her own key; destroyed when she is erased."
      />
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Field label="Reference" name="reference" maxLength={255} hint="A ticket, a letter, a recording." />
        <Field
          label="When she said it (UTC)"
          name="said_at"
          type="datetime-local"
          hint="Left out: now. A no acts from then on."
        />
      </div>
      <FormError>{error}</FormError>
      <Button type="submit" disabled={isBusy}>
        {isBusy ? 'Recording …' : 'Record'}
      </Button>
    </form>
  )
}
