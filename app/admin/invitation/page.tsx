import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { InvitationForm } from '../../../components/admin/invitation-form.tsx'
import { Mark } from '../../../components/site/mark.tsx'
import { signInMethods } from '../../../lib/auth/next-auth.ts'

export const metadata: Metadata = { title: 'Invitation', referrer: 'no-referrer' }
// Scripts carry a nonce of the request's own.
export const dynamic = 'force-dynamic'

/** Where the link of an invitation leads. Opening it uses nothing up. */
export default function InvitationPage(): ReactNode {
  const methods = signInMethods()
  return (
    <main className="grid min-h-dvh place-items-center px-5 py-10">
      <div className="w-full max-w-sm">
        <Mark className="size-7 text-accent" />
        <h1 className="mt-4 text-2xl font-semibold tracking-tight">You are invited to Assent</h1>
        <p className="mt-1 mb-6 text-sm text-ink-soft">
          {methods.hasPasswords
            ? 'Choose a password to join. This link works once; you sign in with your address from then on.'
            : `Join with ${methods.provider}. This link works once, for the address that it was sent to.`}
        </p>
        <InvitationForm {...methods} />
      </div>
    </main>
  )
}
