'use client'

import { signIn } from 'next-auth/react'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'

/** Address and password. It never says which of the two was wrong. */
export function SignInForm(): ReactNode {
  const [error, setError] = useState<string>()
  const [isBusy, setIsBusy] = useState(false)

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    setIsBusy(true)
    setError(undefined)
    try {
      const result = await signIn('credentials', {
        redirect: false,
        email: String(given.get('email')),
        password: String(given.get('password')),
      })
      if (result?.ok) {
        window.location.assign('/admin')
        return
      }
      setError('The address and the password do not match, or are locked for a while.')
    } catch {
      setError('The server cannot be reached. Please try again.')
    }
    setIsBusy(false)
  }

  return (
    <form
      onSubmit={submit}
      method="post"
      className="grid gap-4 rounded-card border bg-surface p-5 shadow-card"
    >
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
  )
}
