'use client'

import { signIn } from 'next-auth/react'
import { type FormEvent, type ReactNode, useEffect, useState } from 'react'
import { readSignInStep, type SignInStep } from '../../lib/client/sign-in-step.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { acceptWithProvider, takePendingInvitation } from './pending-invitation.ts'
import { SignInSteps } from './sign-in-steps.tsx'

const mismatch = 'The address and the password do not match, or are locked for a while.'
const unreachable = 'The server cannot be reached. Please try again.'

/**
 * The door, one step at a time: address and password or the provider; then the organisation, where there are several;
 * then a code. It never says which of address and password was wrong.
 */
export function SignInForm({
  hasPasswords,
  provider,
  hasProviderFailed,
}: {
  readonly hasPasswords: boolean
  readonly provider: string | undefined
  readonly hasProviderFailed: boolean
}): ReactNode {
  const [step, setStep] = useState<Exclude<SignInStep, { needs: 'invitation' }>>()
  const [error, setError] = useState<string | undefined>()
  const [notice, setNotice] = useState(
    hasProviderFailed ? `Signing in with ${provider} did not work. Please try again.` : undefined,
  )
  const [isBusy, setIsBusy] = useState(false)

  async function go(given: Readonly<Record<string, string>>, whenWrong = mismatch): Promise<void> {
    setIsBusy(true)
    setError(undefined)
    try {
      const result = await signIn('credentials', { redirect: false, ...given })
      if (result?.ok) {
        window.location.assign('/admin')
        return
      }
      const next = readSignInStep(result?.error ?? '')
      if (next !== undefined && next.needs !== 'invitation') setStep(next)
      else if (result?.error === 'code_wrong') {
        setError('This code is wrong or was used. Wait for the next one; after five failures, sign-in waits.')
      } else {
        setStep(undefined)
        setError(whenWrong)
      }
    } catch {
      setError(unreachable)
    }
    setIsBusy(false)
  }

  // What the provider’s answer led to stands behind # and is taken out of the address at once.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page has come
  useEffect(() => {
    const found = new URLSearchParams(window.location.hash.slice(1)).get('step')
    if (found === null) return
    window.history.replaceState(null, '', window.location.pathname)
    const next = readSignInStep(found)
    if (next?.needs !== 'invitation') return setStep(next)
    const invitation = takePendingInvitation()
    if (invitation === undefined) {
      return setNotice(
        `${provider} knows you, but no member here has your address, or ${provider} has not verified it. Ask an owner to invite you.`,
      )
    }
    setIsBusy(true)
    acceptWithProvider(invitation, next.ticket).then(
      () => go({ ticket: next.ticket }),
      (cause: Error) => {
        setNotice(cause.message)
        setIsBusy(false)
      },
    )
  }, [])

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    void go({ email: String(given.get('email')), password: String(given.get('password')) })
  }

  if (step !== undefined) {
    return (
      <SignInSteps
        step={step}
        error={error}
        isBusy={isBusy}
        go={(given) =>
          go(
            { ticket: step.ticket, ...given },
            'That took too long, or you are locked for a while. Please start again.',
          )
        }
        restart={() => {
          setStep(undefined)
          setError(undefined)
        }}
      />
    )
  }
  return (
    <div className="grid gap-4 rounded-card border bg-surface p-5 shadow-card">
      <p role="alert" className={notice ? 'text-sm text-negative' : 'sr-only'}>
        {notice}
      </p>
      {provider === undefined ? null : (
        <Button
          variant={hasPasswords ? 'outline' : 'solid'}
          disabled={isBusy}
          onClick={() => {
            setIsBusy(true)
            void signIn('oidc', { callbackUrl: '/admin' })
          }}
        >
          Continue with {provider}
        </Button>
      )}
      {hasPasswords ? (
        <form onSubmit={submit} method="post" className="grid gap-4">
          <Field label="E-mail" name="email" type="email" autoComplete="username" required autoFocus />
          <Field
            label="Password"
            name="password"
            type="password"
            autoComplete="current-password"
            required
            error={error}
          />
          <Button type="submit" disabled={isBusy}>
            {isBusy ? 'Signing in …' : 'Sign in'}
          </Button>
        </form>
      ) : null}
    </div>
  )
}
