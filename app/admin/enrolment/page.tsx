import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import type { ReactNode } from 'react'
import { SecondFactor } from '../../../components/admin/second-factor.tsx'
import { SignOut } from '../../../components/admin/sign-out.tsx'
import { Mark } from '../../../components/site/mark.tsx'
import { requireSession } from '../../../lib/auth/require-member.ts'

export const metadata: Metadata = { title: 'Second factor' }
export const dynamic = 'force-dynamic'

/** Where a member lands of whom a second factor is demanded; she can do nothing else until she has one. */
export default async function EnrolmentPage(): Promise<ReactNode> {
  const { email, must_enrol } = await requireSession()
  if (!must_enrol) redirect('/admin/account')
  return (
    <main className="grid min-h-dvh place-items-center px-5 py-10">
      <div className="w-full max-w-lg">
        <Mark className="size-7 text-accent" />
        <h1 className="mt-4 text-2xl font-semibold tracking-tight">Add a second factor</h1>
        <p className="mt-1 mb-6 text-sm text-ink-soft">
          Your organisation demands one of everybody. You need an authenticator app on your phone; it takes a
          minute. Signed in as {email}.
        </p>
        <div className="rounded-card border bg-surface p-5 shadow-card">
          <SecondFactor has={false} recoveryCodesLeft={0} />
        </div>
        <div className="mt-4">
          <SignOut />
        </div>
      </div>
    </main>
  )
}
