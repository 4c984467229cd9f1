'use client'

import type { ReactNode } from 'react'
import { toast } from 'sonner'
import { Button } from '../../ui/button.tsx'
import { CheckList } from '../../ui/check-list.tsx'
import { Choice } from '../../ui/choice.tsx'
import { FormError } from '../form-error.tsx'
import { methods } from '../people/words.ts'
import { send } from '../send.ts'
import { useForm } from '../use-form.ts'

/** Puts the refusal that a request is into the ledger, at once. */
export function RecordRefusal({
  id,
  purposes,
}: {
  readonly id: string
  readonly purposes: readonly { readonly value: string; readonly name: string }[]
}): ReactNode {
  const { error, isBusy, submit } = useForm(async (form) => {
    const chosen = form.getAll('purpose').map(String)
    if (chosen.length === 0) throw new Error('Choose what she refuses: at least one purpose.')
    await send('POST', `requests/${id}/refusal`, { purposes: chosen, method: String(form.get('method')) })
    toast.success('The refusal is in force.')
    return true
  })
  return (
    <form onSubmit={submit} method="post" className="grid gap-4">
      <CheckList
        legend="She refuses"
        name="purpose"
        options={purposes}
        hint="A refusal of a purpose reaches the purposes below it."
      />
      <div className="sm:max-w-60">
        <Choice label="How it came" name="method" options={methods} defaultValue="mail" />
      </div>
      <FormError>{error}</FormError>
      <div>
        <Button type="submit" disabled={isBusy}>
          {isBusy ? 'Recording …' : 'Record the refusal now'}
        </Button>
      </div>
    </form>
  )
}
