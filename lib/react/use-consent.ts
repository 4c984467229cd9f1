import { useSyncExternalStore } from 'react'
import { followConsent, hasYes } from './assent-store.ts'

const unknown = () => false

/**
 * True only while a yes to `purpose` (or what needs none) stands for this device. False on the server, until it is
 * known, and where the service is away; it follows every change.
 */
export function useConsent(purpose: string): boolean {
  return useSyncExternalStore(followConsent, () => hasYes(purpose), unknown)
}
