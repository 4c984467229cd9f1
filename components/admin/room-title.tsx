import type { ReactNode } from 'react'

/** A room's name and what it shows. */
export function RoomTitle({
  title,
  children,
}: {
  readonly title: string
  readonly children: ReactNode
}): ReactNode {
  return (
    <div className="mb-6">
      <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
      <p className="mt-1 text-sm text-ink-soft">{children}</p>
    </div>
  )
}
