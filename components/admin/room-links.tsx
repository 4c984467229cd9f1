'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import type { ReactNode } from 'react'
import { isIn, openRooms } from './rooms.ts'

/** The rooms as links, in their groups; the one that is open is marked. */
export function RoomLinks({
  scopes,
  onGo,
}: {
  readonly scopes: readonly string[]
  readonly onGo?: () => void
}): ReactNode {
  const path = usePathname()
  return openRooms(scopes).map(({ name, rooms }) => (
    <div key={name ?? ''} className="grid gap-0.5">
      {name === null ? null : <p className="px-3 pt-3 pb-1 text-xs font-medium text-ink-faint">{name}</p>}
      {rooms.map(({ href, name: room, icon: Icon }) => (
        <Link
          key={href}
          href={href}
          aria-current={isIn(path, href) ? 'page' : undefined}
          {...(onGo && { onClick: onGo })}
          className="flex items-center gap-2.5 rounded-control px-3 py-1.5 text-sm whitespace-nowrap text-ink-soft hover:bg-sunken hover:text-ink max-md:py-2.5 aria-[current=page]:bg-sunken aria-[current=page]:font-medium aria-[current=page]:text-ink"
        >
          <Icon aria-hidden className="size-4" />
          {room}
        </Link>
      ))}
    </div>
  ))
}
