'use client'

import { CircleUser, FileText, LogOut, RadioTower, ScrollText, Target, Users } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { signOut } from 'next-auth/react'
import type { ReactNode } from 'react'
import { Mark } from '../site/mark.tsx'
import { Button } from '../ui/button.tsx'

/** Each with the scope that it needs; a room that would be empty for her role is not shown. */
const rooms = [
  { href: '/admin', name: 'Events', icon: ScrollText, scope: 'audit:read' },
  { href: '/admin/notices', name: 'Notices', icon: FileText, scope: 'config:read' },
  { href: '/admin/purposes', name: 'Purposes', icon: Target, scope: 'config:read' },
  { href: '/admin/consumers', name: 'Consumers', icon: RadioTower, scope: 'audit:read' },
  { href: '/admin/members', name: 'Members', icon: Users, scope: 'members:read' },
  { href: '/admin/account', name: 'Account', icon: CircleUser, scope: null },
]

/** Whether a page is a room, or one of the pages in it; the first room's pages are the others. */
const isIn = (path: string, room: string) =>
  path === room || (room !== '/admin' && path.startsWith(`${room}/`))

/** The frame of the admin: rooms at the side, or at the top on a phone. */
export function AdminFrame({
  email,
  role,
  scopes,
  children,
}: {
  readonly email: string
  readonly role: string
  readonly scopes: readonly string[]
  readonly children: ReactNode
}): ReactNode {
  const path = usePathname()
  const open = rooms.filter(({ scope }) => scope === null || scopes.includes(scope))
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[14rem_1fr]">
      <aside className="border-b bg-surface md:sticky md:top-0 md:flex md:h-dvh md:flex-col md:border-r md:border-b-0">
        <div className="flex h-14 items-center justify-between px-4">
          <Link href="/" className="flex items-center gap-2 font-semibold tracking-tight">
            <Mark className="size-5 text-accent" /> Assent
          </Link>
          <Button
            variant="quiet"
            size="small"
            className="md:hidden"
            onClick={() => signOut({ callbackUrl: '/' })}
          >
            Sign out
          </Button>
        </div>
        <nav aria-label="Admin" className="flex gap-1 overflow-x-auto px-2 pb-2 md:grid md:pb-0">
          {open.map(({ href, name, icon: Icon }) => (
            <Link
              key={href}
              href={href}
              aria-current={isIn(path, href) ? 'page' : undefined}
              className="flex items-center gap-2.5 rounded-control px-3 py-2 text-sm whitespace-nowrap text-ink-soft hover:bg-sunken hover:text-ink aria-[current=page]:bg-sunken aria-[current=page]:font-medium aria-[current=page]:text-ink"
            >
              <Icon aria-hidden className="size-4" />
              {name}
            </Link>
          ))}
        </nav>
        <div className="mt-auto hidden border-t p-3 md:block">
          <p className="truncate px-2 text-sm font-medium">{email}</p>
          <p className="px-2 text-xs text-ink-soft">{role}</p>
          <Button variant="quiet" size="small" className="mt-1" onClick={() => signOut({ callbackUrl: '/' })}>
            <LogOut aria-hidden className="size-4" /> Sign out
          </Button>
        </div>
      </aside>
      <main id="main" className="min-w-0 px-4 py-6 md:px-8 md:py-8">
        <div className="mx-auto max-w-5xl">{children}</div>
      </main>
    </div>
  )
}
