'use client'

import { useRouter } from 'next/navigation'
import { type ReactNode, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { FormError } from '../form-error.tsx'
import { failedWith, send } from '../send.ts'
import { textOf, useForm } from '../use-form.ts'
import { ReasonFields, reasonFrom } from './reason-fields.tsx'
import { RecordStatement, type StatementChoices } from './record-statement.tsx'

/** Finds one person by exactly one identifier, and says why. Nobody can be browsed for. */
export function PersonSearch({ statements }: { readonly statements: StatementChoices | null }): ReactNode {
  const router = useRouter()
  const [missing, setMissing] = useState<string>()
  const { error, isBusy, submit } = useForm(async (form) => {
    setMissing(undefined)
    const subject = `${textOf(form, 'namespace') ?? ''}:${String(form.get('identifier') ?? '')}`
    try {
      const found = await send<{ id: string }>('POST', 'subjects/lookup', {
        ...{ subject, reason: reasonFrom(form) },
      })
      router.push(`/admin/people/${found.id}`)
    } catch (cause) {
      if (!failedWith(cause, 'not_found')) throw cause
      setMissing(subject)
    }
    return false
  })
  return (
    <div className="grid gap-4">
      <form onSubmit={submit} method="post" autoComplete="off" className="grid gap-4">
        <div className="grid items-start gap-4 sm:grid-cols-[10rem_1fr]">
          <Field
            label="Kind of identifier"
            name="namespace"
            defaultValue="email"
            list="namespaces"
            pattern="[a-z][a-z0-9_]*"
            required
          />
          <datalist id="namespaces">
            {['email', 'user', 'device'].map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
          <Field
            label="Identifier"
            name="identifier"
            maxLength={512}
            required
            hint="The whole of it, in any way of writing: it is brought into its normal form."
          />
        </div>
        <ReasonFields />
        <FormError>{error}</FormError>
        <div>
          <Button type="submit" disabled={isBusy}>
            {isBusy ? 'Looking …' : 'Find the person'}
          </Button>
        </div>
      </form>
      {missing === undefined ? null : (
        <div role="status" className="grid gap-3 rounded-card border bg-sunken p-4 text-sm">
          <p>
            <span className="font-medium">Nobody is known by this identifier.</span> Nothing was ever recorded
            under it here, so every question about it is answered as one about someone never asked. Check how
            it is written, and its kind.
          </p>
          {statements === null ? null : (
            <div>
              <RecordStatement subject={missing} choices={statements} />
            </div>
          )}
        </div>
      )}
    </div>
  )
}
