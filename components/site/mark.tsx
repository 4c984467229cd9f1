import type { ReactNode } from 'react'

/** The mark: a yes and a no of equal size. */
export function Mark({ className = 'size-5' }: { readonly className?: string }): ReactNode {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true" className={className}>
      <rect x="1" y="3" width="8" height="14" rx="3" fill="currentColor" />
      <rect x="12" y="4" width="6" height="12" rx="2" fill="none" stroke="currentColor" strokeWidth="2" />
    </svg>
  )
}
