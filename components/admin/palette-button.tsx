'use client'

import { Search } from 'lucide-react'
import dynamic from 'next/dynamic'
import { type ReactNode, useEffect, useState } from 'react'

/** Comes when it is first opened: no page waits for it. */
const Palette = dynamic(() => import('./palette.tsx').then((module) => module.Palette), { ssr: false })

/** Opens the palette, as ⌘K and Ctrl-K do. The small one answers clicks only: one listener is enough. */
export function PaletteButton({
  scopes,
  isSmall = false,
}: {
  readonly scopes: readonly string[]
  readonly isSmall?: boolean
}): ReactNode {
  const [isOpen, setOpen] = useState(false)
  const [wasOpened, setOpened] = useState(false)
  const open = () => {
    setOpened(true)
    setOpen(true)
  }
  useEffect(() => {
    if (isSmall) return
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey) || event.shiftKey) return
      event.preventDefault()
      setOpened(true)
      setOpen((before) => !before)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [isSmall])
  return (
    <>
      {isSmall ? (
        <button
          type="button"
          aria-label="Find"
          onClick={open}
          className="grid size-10 place-items-center rounded-control text-ink-soft hover:bg-sunken"
        >
          <Search aria-hidden className="size-5" />
        </button>
      ) : (
        <button
          type="button"
          onClick={open}
          aria-keyshortcuts="Meta+K Control+K"
          className="flex h-8 w-full items-center gap-2 rounded-control border bg-sunken px-2 text-sm text-ink-soft hover:text-ink"
        >
          <Search aria-hidden className="size-4" /> Find
          <kbd className="ml-auto font-sans text-xs text-ink-faint">⌘K</kbd>
        </button>
      )}
      {wasOpened ? <Palette scopes={scopes} isOpen={isOpen} onOpenChange={setOpen} /> : null}
    </>
  )
}
