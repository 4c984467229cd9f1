'use client'

import type { FormEvent, ReactNode } from 'react'
import type { SignInStep } from '../../lib/client/sign-in-step.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'

/** What is asked after the first factor: which organisation, or a code. */
export function SignInSteps({
  step,
  error,
  isBusy,
  go,
  restart,
}: {
  readonly step: Exclude<SignInStep, { needs: 'invitation' }>
  readonly error: string | undefined
  readonly isBusy: boolean
  readonly go: (given: Readonly<Record<string, string>>) => void
  readonly restart: () => void
}): ReactNode {
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    go({ code: String(new FormData(event.currentTarget).get('code')) })
  }
  return (
    <div className="grid gap-4 rounded-card border bg-surface p-5 shadow-card">
      {step.needs === 'organisation' ? (
        <fieldset className="grid gap-2" disabled={isBusy}>
          <legend className="mb-2 text-sm font-medium">Which organisation?</legend>
          {step.choices.map(({ member, organisation }) => (
            <Button key={member} variant="outline" onClick={() => go({ member })}>
              {organisation}
            </Button>
          ))}
        </fieldset>
      ) : (
        <form onSubmit={submit} method="post" className="grid gap-4">
          <Field
            label="Code"
            name="code"
            autoComplete="one-time-code"
            hint="Six digits from your authenticator app, or one of your recovery codes."
            required
            autoFocus
            error={error}
          />
          <Button type="submit" disabled={isBusy}>
            {isBusy ? 'Signing in …' : 'Sign in'}
          </Button>
        </form>
      )}
      <Button variant="quiet" size="small" onClick={restart}>
        Start again
      </Button>
    </div>
  )
}
