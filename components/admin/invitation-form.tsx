'use client'

import { signIn } from 'next-auth/react'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { keepPendingInvitation } from './pending-invitation.ts'

/**
 * Becomes a member by the token behind # in the address: no server sees it before it is sent here, and whoever only
 * opens the link has not used it.
 */
export function InvitationForm({
  hasPasswords,
  provider,
}: {
  readonly hasPasswords: boolean
  readonly provider: string | undefined
}): ReactNode {
  const [error, setError] = useState<string>()
  const [isBusy, setIsBusy] = useState(false)

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const password = String(new FormData(event.currentTarget).get('password'))
    setIsBusy(true)
    setError(undefined)
    try {
      const response = await fetch('/v1/invitations/accept', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ token: window.location.hash.slice(1) || '-', password }),
      })
      const answer = (await response.json()) as { email?: string; code?: string; detail?: string }
      if (response.ok) {
        const result = await signIn('credentials', { redirect: false, email: answer.email, password })
        window.location.assign(result?.ok ? '/admin' : '/admin/sign-in')
        return
      }
      setError(
        answer.code === 'invitation_invalid'
          ? 'This invitation was used or withdrawn, or has run out. Please ask for a new one.'
          : (answer.detail ?? 'That did not work. Please try again.'),
      )
    } catch {
      setError('The server cannot be reached. Please try again.')
    }
    setIsBusy(false)
  }

  function joinWithProvider(): void {
    setIsBusy(true)
    keepPendingInvitation(window.location.hash.slice(1) || '-')
    void signIn('oidc', { callbackUrl: '/admin' })
  }

  return (
    <div className="grid gap-4 rounded-card border bg-surface p-5 shadow-card">
      {provider === undefined ? null : (
        <Button variant={hasPasswords ? 'outline' : 'solid'} disabled={isBusy} onClick={joinWithProvider}>
          Continue with {provider}
        </Button>
      )}
      {hasPasswords ? passwordForm() : null}
    </div>
  )

  function passwordForm(): ReactNode {
    return (
      <form onSubmit={submit} method="post" className="grid gap-4">
        <Field
          label="Choose a password"
          name="password"
          type="password"
          autoComplete="new-password"
          hint="At least 10 characters."
          minLength={10}
          maxLength={1_000}
          required
          autoFocus
          error={error}
        />
        <Button type="submit" disabled={isBusy}>
          {isBusy ? 'Joining …' : 'Join'}
        </Button>
      </form>
    )
  }
}
