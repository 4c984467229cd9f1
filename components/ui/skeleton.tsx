import type { ReactNode } from 'react'

/** Holds the place of what is still being read; it moves only for who has not asked for less motion. */
export function Skeleton({ className = '' }: { readonly className?: string }): ReactNode {
  return <div className={`rounded-control bg-sunken motion-safe:animate-pulse ${className}`} />
}
