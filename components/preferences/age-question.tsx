import { type ReactNode, useRef, useState } from 'react'
import type { Words } from '../../lib/words/create-words.ts'
import { Button } from '../ui/button.tsx'
import { Card, CardBody } from '../ui/card.tsx'
import { Field } from '../ui/field.tsx'

/** Where a yes leads that needs her age first. */
export function focusAge(): void {
  document.querySelector<HTMLElement>('[data-age] input')?.focus()
}

/**
 * How old she is, asked neutrally: a number, nothing filled in, and nothing that tells which answer allows more (FTC, COPPA
 * FAQ D.7). Once answered it is folded away.
 */
export function AgeQuestion({
  age,
  words,
  isBusy,
  onSay,
}: {
  readonly age: number | null
  readonly words: Words
  readonly isBusy: boolean
  /** False where it could not be recorded. */
  readonly onSay: (age: number) => Promise<boolean>
}): ReactNode {
  const { say } = words
  const [hasFailed, setHasFailed] = useState(false)
  const folded = useRef<HTMLDetailsElement>(null)

  async function send(form: FormData): Promise<void> {
    const isTold = await onSay(Number(form.get('age')))
    setHasFailed(!isTold)
    if (isTold && folded.current) folded.current.open = false
  }

  const form = (
    <form action={send} className="mt-3 grid max-w-xs gap-4">
      <Field
        label={say('ageTitle')}
        name="age"
        type="number"
        inputMode="numeric"
        min={0}
        max={130}
        step={1}
        required
        autoComplete="off"
      />
      <Button type="submit" variant="outline" className="w-fit" disabled={isBusy}>
        {say('ageSave')}
      </Button>
      {hasFailed ? (
        <p role="alert" className="text-sm text-negative">
          {say('failed')}
        </p>
      ) : null}
    </form>
  )
  return (
    <Card className="mt-4 print:hidden" data-age={age ?? 'unknown'}>
      <CardBody className="pt-5">
        {age === null ? (
          <>
            <p className="text-sm text-ink-soft">{say('ageText')}</p>
            {form}
          </>
        ) : (
          <details ref={folded}>
            <summary className="cursor-pointer text-sm font-medium">
              {say('ageTitle')}{' '}
              <span className="font-normal text-ink-soft">{say('ageYears', { count: age })}</span>
            </summary>
            {form}
          </details>
        )}
      </CardBody>
    </Card>
  )
}
