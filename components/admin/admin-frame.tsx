'use client'

import { LogOut } from 'lucide-react'
import Link from 'next/link'
import { signOut } from 'next-auth/react'
import type { ReactNode } from 'react'
import { Toaster } from 'sonner'
import { Mark } from '../site/mark.tsx'
import { Button } from '../ui/button.tsx'
import { PaletteButton } from './palette-button.tsx'
import { PhoneMenu } from './phone-menu.tsx'
import { RoomLinks } from './room-links.tsx'

type Who = { readonly email: string; readonly role: string; readonly scopes: readonly string[] }

/** The frame of the admin: rooms at the side, or behind a menu on a phone; ⌘K finds anything. */
export function AdminFrame({
  email,
  role,
  scopes,
  children,
}: Who & { readonly children: ReactNode }): ReactNode {
  const who = (
    <>
      <p className="truncate px-2 text-sm font-medium">{email}</p>
      <p className="px-2 text-xs text-ink-soft">{role}</p>
      <Button variant="quiet" size="small" className="mt-1" onClick={() => signOut({ callbackUrl: '/' })}>
        <LogOut aria-hidden className="size-4" /> Sign out
      </Button>
    </>
  )
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[14rem_1fr]">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-control focus:bg-surface focus:px-3 focus:py-2 focus:text-sm"
      >
        Skip to the content
      </a>
      <aside className="border-b bg-surface max-md:sticky max-md:top-0 max-md:z-30 md:sticky md:top-0 md:flex md:h-dvh md:flex-col md:border-r md:border-b-0">
        <div className="flex h-14 shrink-0 items-center justify-between px-4 max-md:pr-2">
          <Link href="/" className="flex items-center gap-2 font-semibold tracking-tight">
            <Mark className="size-5 text-accent" /> Assent
          </Link>
          <div className="flex items-center md:hidden">
            <PaletteButton scopes={scopes} isSmall />
            <PhoneMenu scopes={scopes}>{who}</PhoneMenu>
          </div>
        </div>
        <div className="px-3 pb-2 max-md:hidden">
          <PaletteButton scopes={scopes} />
        </div>
        <nav aria-label="Admin" className="overflow-y-auto px-2 pb-3 max-md:hidden">
          <RoomLinks scopes={scopes} />
        </nav>
        <div className="mt-auto border-t p-3 max-md:hidden">{who}</div>
      </aside>
      <main id="main" className="min-w-0 px-4 py-6 md:px-8 md:py-8">
        <div className="mx-auto max-w-5xl">{children}</div>
      </main>
      <Toaster
        position="bottom-right"
        theme="system"
        toastOptions={{
          style: { background: 'var(--surface)', color: 'var(--ink)', borderColor: 'var(--line)' },
        }}
      />
    </div>
  )
}
