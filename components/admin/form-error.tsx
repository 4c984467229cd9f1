import type { ReactNode } from 'react'

/** Where a form says that it failed, and why; read aloud when it does. */
export function FormError({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <p role="alert" className={children ? 'text-sm text-negative' : 'sr-only'}>
      {children}
    </p>
  )
}
