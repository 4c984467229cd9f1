'use client'

import type { ReactNode } from 'react'
import { Choice } from '../../ui/choice.tsx'
import { TextArea } from '../../ui/text-area.tsx'
import { textOf } from '../use-form.ts'
import { reasonTexts } from './reason-texts.ts'

/** Why someone looks at a person: a reason, and words to it. */
export function ReasonFields(): ReactNode {
  return (
    <>
      <Choice
        label="Why do you look at this person?"
        name="why"
        options={Object.entries(reasonTexts).map(([value, name]) => ({ value, name }))}
      />
      <TextArea
        label="In words"
        name="note"
        rows={2}
        maxLength={500}
        hint="Such as a ticket’s number. Without the person’s name or address: the reason is kept for good."
      />
    </>
  )
}

export function reasonFrom(form: FormData): { why: string; note?: string } {
  const note = textOf(form, 'note')
  return { why: String(form.get('why')), ...(note === undefined ? {} : { note }) }
}
