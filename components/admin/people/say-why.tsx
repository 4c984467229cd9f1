'use client'

import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { FormError } from '../form-error.tsx'
import { send } from '../send.ts'
import { useForm } from '../use-form.ts'
import { ReasonFields, reasonFrom } from './reason-fields.tsx'

/** Opens a person's page for an hour, for a reason that is written down. */
export function SayWhy({ id }: { readonly id: string }): ReactNode {
  const { error, isBusy, submit } = useForm(async (form) => {
    await send('POST', `subjects/${id}/views`, { reason: reasonFrom(form) })
    return true
  })
  return (
    <form onSubmit={submit} method="post" autoComplete="off" className="grid gap-4">
      <ReasonFields />
      <FormError>{error}</FormError>
      <div>
        <Button type="submit" disabled={isBusy}>
          {isBusy ? 'Opening …' : 'Open for an hour'}
        </Button>
      </div>
    </form>
  )
}
