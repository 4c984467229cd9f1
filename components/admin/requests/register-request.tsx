'use client'

import { Plus } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { type ReactNode, useState } from 'react'
import type { RequestListed } from '../../../lib/client/people.ts'
import { Button } from '../../ui/button.tsx'
import { Choice } from '../../ui/choice.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { TextArea } from '../../ui/text-area.tsx'
import { FormError } from '../form-error.tsx'
import { send } from '../send.ts'
import { textOf, useForm } from '../use-form.ts'
import { kindTexts, optionsOf, regimeTexts } from './request-words.ts'

/** Registers what a person asked for; its clock began on the day it came in. */
export function RegisterRequest({ today }: { readonly today: string }): ReactNode {
  return (
    <Dialog
      title="Register a request"
      description="Its clock runs from the day it was received, by the law that it is made under."
      trigger={
        <Button>
          <Plus aria-hidden className="size-4" /> Register a request
        </Button>
      }
    >
      <RegisterForm today={today} />
    </Dialog>
  )
}

function RegisterForm({ today }: { readonly today: string }): ReactNode {
  const router = useRouter()
  const [regime, setRegime] = useState<RequestListed['regime']>('gdpr')
  const { error, isBusy, submit } = useForm(async (form) => {
    const id = textOf(form, 'identifier')
    const text = textOf(form, 'text')
    const made = await send<{ id: string }>('POST', 'requests', {
      ...{ regime, kind: String(form.get('kind')), received_at: String(form.get('received_at')) },
      ...(id === undefined ? {} : { subject: `${textOf(form, 'namespace') ?? ''}:${id}` }),
      ...(text === undefined ? {} : { text }),
    })
    router.push(`/admin/requests/${made.id}`)
    return false
  })
  // The GDPR's objection is the CCPA's opt-out.
  const kinds = optionsOf(kindTexts).filter(
    ({ value }) => value !== (regime === 'gdpr' ? 'opt_out' : 'objection'),
  )
  return (
    <form onSubmit={submit} method="post" autoComplete="off" className="grid gap-4">
      <div className="grid items-start gap-4 sm:grid-cols-3">
        <Choice
          label="Law"
          value={regime}
          onChange={(event) => setRegime(event.target.value as RequestListed['regime'])}
          options={optionsOf(regimeTexts)}
        />
        <Choice label="She asks for" name="kind" options={kinds} />
        <Field
          label="Received on (UTC)"
          name="received_at"
          type="date"
          defaultValue={today}
          max={today}
          required
        />
      </div>
      <div className="grid items-start gap-4 sm:grid-cols-[10rem_1fr]">
        <Field label="Kind of identifier" name="namespace" defaultValue="email" />
        <Field
          label="Who asks"
          name="identifier"
          maxLength={512}
          hint="Sealed. May be left out while you do not know who it is."
        />
      </div>
      <TextArea label="What she wrote" name="text" rows={4} maxLength={4_000} hint="Sealed." />
      <FormError>{error}</FormError>
      <Button type="submit" disabled={isBusy}>
        {isBusy ? 'Registering …' : 'Register'}
      </Button>
    </form>
  )
}
