import type { ReactNode } from 'react'
import { useConsent } from './use-consent.ts'

/** Renders its children only while a yes to `purpose` stands, and `fallback` otherwise; taken back, they are unmounted. */
export function IfAllowed({
  purpose,
  fallback = null,
  children,
}: {
  readonly purpose: string
  readonly fallback?: ReactNode
  readonly children?: ReactNode
}): ReactNode {
  return useConsent(purpose) ? children : fallback
}
