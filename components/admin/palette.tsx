'use client'

import { Command } from 'cmdk'
import { useRouter } from 'next/navigation'
import { type ReactNode, useEffect, useState } from 'react'
import { type Destination, destinationsOf, type Found, findAll } from './palette-entries.ts'

/** Goes anywhere by typing: rooms, what one can begin, and purposes and notices by their key. */
export function Palette({
  scopes,
  isOpen,
  onOpenChange,
}: {
  readonly scopes: readonly string[]
  readonly isOpen: boolean
  readonly onOpenChange: (isOpen: boolean) => void
}): ReactNode {
  const router = useRouter()
  const [found, setFound] = useState<Found>()
  useEffect(() => {
    if (!isOpen) return
    // What another tab published since is there when it is opened again.
    void findAll().then(setFound)
  }, [isOpen])
  const go = (href: string) => {
    onOpenChange(false)
    router.push(href)
  }
  return (
    <Command.Dialog
      open={isOpen}
      onOpenChange={onOpenChange}
      label="Find"
      loop
      overlayClassName="fixed inset-0 z-40 bg-[rgb(10_12_14_/_0.45)]"
      contentClassName="fixed top-[12dvh] left-1/2 z-50 w-[calc(100vw-2rem)] max-w-xl -translate-x-1/2 overflow-hidden rounded-card border bg-surface shadow-float"
    >
      <Command.Input
        autoFocus
        placeholder="Go to a room, a purpose, a notice…"
        className="h-12 w-full border-b bg-transparent px-4 text-base text-ink outline-none placeholder:text-ink-faint focus-visible:outline-none"
      />
      <Command.List className="max-h-[60dvh] overflow-y-auto p-2">
        <Command.Empty className="px-3 py-8 text-center text-sm text-ink-soft">
          Nothing is called that.
        </Command.Empty>
        {destinationsOf(scopes, found).map(({ name, entries }) => (
          <Command.Group
            key={name}
            heading={name}
            className="[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-ink-faint"
          >
            {entries.map((entry) => (
              <Entry key={entry.href} entry={entry} onGo={() => go(entry.href)} />
            ))}
          </Command.Group>
        ))}
      </Command.List>
    </Command.Dialog>
  )
}

function Entry({
  entry: { href, name, words, detail },
  onGo,
}: {
  readonly entry: Destination
  readonly onGo: () => void
}): ReactNode {
  return (
    <Command.Item
      value={`${name} ${href}`}
      keywords={[words, detail].filter((each) => each !== undefined)}
      onSelect={onGo}
      className="flex cursor-pointer items-baseline gap-3 rounded-control px-3 py-2 text-sm data-[selected=true]:bg-sunken"
    >
      <span className="truncate">{name}</span>
      {detail === undefined ? null : <span className="ml-auto truncate text-xs text-ink-soft">{detail}</span>}
    </Command.Item>
  )
}
