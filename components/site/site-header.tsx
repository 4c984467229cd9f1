import Link from 'next/link'
import type { ReactNode } from 'react'
import { Mark } from './mark.tsx'

const links = [
  { href: '/demo', name: 'Demo' },
  { href: '/p/demo', name: 'Preferences' },
  { href: '/docs', name: 'Docs' },
  { href: '/admin', name: 'Admin' },
]

/** The head of every public page. */
export function SiteHeader(): ReactNode {
  return (
    <header lang="en" dir="ltr" className="border-b bg-surface print:hidden">
      <div className="mx-auto flex h-14 max-w-5xl items-center justify-between gap-4 px-5 max-[359px]:px-3">
        <Link href="/" className="flex items-center gap-2 font-semibold tracking-tight">
          <Mark className="size-5 text-accent" />
          <span className="max-[389px]:sr-only">Assent</span>
        </Link>
        <nav aria-label="Site" className="flex items-center sm:gap-1">
          {links.map((link) => (
            <Link
              key={link.href}
              href={link.href}
              className="rounded-control px-2 py-1.5 text-sm text-ink-soft hover:bg-sunken hover:text-ink sm:px-3"
            >
              {link.name}
            </Link>
          ))}
        </nav>
      </div>
    </header>
  )
}
