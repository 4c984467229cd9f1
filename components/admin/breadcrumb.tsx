import { ChevronLeft } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'

/** The way back to the room that this belongs to. */
export function Breadcrumb({
  href,
  children,
}: {
  readonly href: string
  readonly children: ReactNode
}): ReactNode {
  return (
    <nav aria-label="Breadcrumb" className="-mt-2 mb-2">
      <Link
        href={href}
        className="-ml-1 inline-flex min-h-6 items-center gap-1 rounded-control text-sm text-ink-soft hover:text-ink"
      >
        <ChevronLeft aria-hidden className="size-4" />
        {children}
      </Link>
    </nav>
  )
}
