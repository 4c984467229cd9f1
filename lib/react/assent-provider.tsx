import { type ReactNode, useEffect } from 'react'
import { loadBanner } from './assent-store.ts'

/**
 * Asks on every page inside it: loads the banner of `property` from `origin`, the address of your Assent, after the page
 * has been hydrated. Renders its children and nothing else, so that a static page stays static.
 */
export function AssentProvider({
  origin,
  property,
  locale,
  children,
}: {
  readonly origin: string
  readonly property: string
  /** A BCP 47 tag; the page's own language where it is absent. */
  readonly locale?: string
  readonly children?: ReactNode
}): ReactNode {
  useEffect(() => loadBanner(origin, property, locale), [origin, property, locale])
  return children
}
