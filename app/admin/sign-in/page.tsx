import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { SignInForm } from '../../../components/admin/sign-in-form.tsx'
import { Mark } from '../../../components/site/mark.tsx'
import { signInMethods } from '../../../lib/auth/next-auth.ts'

export const metadata: Metadata = { title: 'Sign in' }
// Scripts carry a nonce of the request's own.
export const dynamic = 'force-dynamic'

/** The door of the admin. */
export default async function SignInPage({
  searchParams,
}: {
  readonly searchParams: Promise<{ readonly error?: string }>
}): Promise<ReactNode> {
  const { error } = await searchParams
  const methods = signInMethods()
  return (
    <main className="grid min-h-dvh place-items-center px-5 py-10">
      <div className="w-full max-w-sm">
        <Mark className="size-7 text-accent" />
        <h1 className="mt-4 text-2xl font-semibold tracking-tight">Sign in to Assent</h1>
        <p className="mt-1 mb-6 text-sm text-ink-soft">
          For those who answer for what is asked and recorded.
        </p>
        <SignInForm {...methods} hasProviderFailed={error !== undefined && methods.provider !== undefined} />
      </div>
    </main>
  )
}
