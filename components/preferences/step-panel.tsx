import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { ExperiencePurpose, Step } from '../../lib/web/experience.ts'
import type { Words } from '../../lib/words/create-words.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'

/** What a yes needs before it counts: whose mailbox confirms it, or who must be spoken to. It opens where she said yes. */
export function StepPanel({
  step,
  purpose,
  controller,
  contact,
  words,
  isBusy,
  onAsk,
}: {
  readonly step: Exclude<Step, 'age'>
  readonly purpose: ExperiencePurpose
  readonly controller: string
  readonly contact: string
  readonly words: Words
  readonly isBusy: boolean
  /** False where no letter could be sent. */
  readonly onAsk: (email: string) => Promise<boolean>
}): ReactNode {
  const { say } = words
  const [hasFailed, setHasFailed] = useState(false)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])

  async function send(form: FormData): Promise<void> {
    setHasFailed(!(await onAsk(String(form.get('email') ?? '').trim())))
  }

  const isOwn = step === 'confirm'
  return (
    <div className="border-t px-5 py-4 print:hidden" data-step={step}>
      <h4 ref={heading} tabIndex={-1} className="text-sm font-medium">
        {say(isOwn ? 'confirmTitle' : 'guardianTitle')}
      </h4>
      <p className="mt-1 text-sm text-ink-soft">
        {isOwn
          ? say('confirmText', { name: purpose.name })
          : step === 'guardian'
            ? say('guardianText')
            : say('guardianStronger', { controller, contact })}
      </p>
      {step === 'guardian_stronger' ? null : (
        <form action={send} className="mt-3 grid max-w-md gap-4">
          <Field
            label={say(isOwn ? 'linkEmail' : 'guardianEmail')}
            name="email"
            type="email"
            required
            maxLength={254}
            autoComplete={isOwn ? 'email' : 'off'}
          />
          <Button type="submit" variant="outline" className="w-fit" disabled={isBusy}>
            {say('guardianSend')}
          </Button>
          {hasFailed ? (
            <p role="alert" className="text-sm text-negative">
              {say('failed')}{' '}
              <bdi className="block">
                {controller}, {contact}
              </bdi>
            </p>
          ) : null}
        </form>
      )}
    </div>
  )
}
