'use client'

import { Menu, X } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { type ReactNode, useState } from 'react'
import { RoomLinks } from './room-links.tsx'

/** All rooms on a phone, one tap away. */
export function PhoneMenu({
  scopes,
  children,
}: {
  readonly scopes: readonly string[]
  /** What stands below the rooms. */
  readonly children: ReactNode
}): ReactNode {
  const [isOpen, setOpen] = useState(false)
  return (
    <Dialog.Root open={isOpen} onOpenChange={setOpen}>
      <Dialog.Trigger
        aria-label="Menu"
        className="grid size-10 place-items-center rounded-control text-ink-soft hover:bg-sunken md:hidden"
      >
        <Menu aria-hidden className="size-5" />
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-[rgb(10_12_14_/_0.45)]" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-y-0 right-0 z-50 flex w-72 max-w-[85vw] flex-col overflow-y-auto border-l bg-surface shadow-float"
        >
          <div className="flex h-14 shrink-0 items-center justify-between border-b pr-2 pl-5">
            <Dialog.Title className="text-sm font-semibold">Menu</Dialog.Title>
            <Dialog.Close
              aria-label="Close"
              className="grid size-10 place-items-center rounded-control text-ink-soft hover:bg-sunken"
            >
              <X aria-hidden className="size-4" />
            </Dialog.Close>
          </div>
          <nav aria-label="Rooms" className="p-2">
            <RoomLinks scopes={scopes} onGo={() => setOpen(false)} />
          </nav>
          <div className="mt-auto border-t p-3">{children}</div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
