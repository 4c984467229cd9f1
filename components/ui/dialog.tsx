'use client'

import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'

/** A matter to settle before going on. Escape, the cross and the ground behind it close it. */
export function Dialog({
  trigger,
  title,
  description,
  onClose,
  children,
}: {
  readonly trigger: ReactNode
  readonly title: string
  readonly description?: string
  /** Called once it is closed, however that came. */
  readonly onClose?: () => void
  readonly children: ReactNode
}): ReactNode {
  return (
    <Radix.Root onOpenChange={(isOpen) => (isOpen ? undefined : onClose?.())}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-[rgb(10_12_14_/_0.45)]" />
        <Radix.Content
          className="fixed top-1/2 left-1/2 z-50 flex max-h-[85dvh] w-[calc(100vw-2rem)] max-w-2xl -translate-x-1/2 -translate-y-1/2 flex-col rounded-card border bg-surface shadow-float"
          {...(description ? {} : { 'aria-describedby': undefined })}
        >
          <header className="flex items-start justify-between gap-4 border-b px-5 py-4">
            <div>
              <Radix.Title className="text-base font-semibold">{title}</Radix.Title>
              {description ? (
                <Radix.Description className="text-sm text-ink-soft">{description}</Radix.Description>
              ) : null}
            </div>
            <Radix.Close
              className="-mr-1 rounded-control p-1.5 text-ink-soft hover:bg-sunken hover:text-ink"
              aria-label="Close"
            >
              <X aria-hidden className="size-4" />
            </Radix.Close>
          </header>
          <section className="overflow-y-auto px-5 py-4" tabIndex={0} aria-label={title}>
            {children}
          </section>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
