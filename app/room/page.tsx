import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { RoomVisit } from '../../components/room/room-visit.tsx'
import { Mark } from '../../components/site/mark.tsx'

export const metadata: Metadata = {
  ...{ title: 'Proof of consent', referrer: 'no-referrer' },
  robots: { index: false, follow: false },
}
// Scripts carry a nonce of the request's own.
export const dynamic = 'force-dynamic'

/** One sealed answer, for whoever was given the link: read-only, without an account. */
export default function RoomPage(): ReactNode {
  return (
    <main className="mx-auto min-h-dvh w-full max-w-5xl px-5 py-10">
      <Mark className="size-7 text-accent" />
      <h1 className="mt-4 text-2xl font-semibold tracking-tight">Proof of consent</h1>
      <p className="mt-1 mb-2 text-sm text-ink-soft">
        What was decided about one person, one purpose and one moment, and on what.
      </p>
      <RoomVisit />
      <noscript>
        <p className="text-sm">
          This page needs JavaScript: the secret of the link stays in your browser, and is not part of the
          address that servers see.
        </p>
      </noscript>
    </main>
  )
}
