import { createElement, type ReactNode } from 'react'

/** The inline question about one purpose, for where it matters: beside a thumbs-up, in settings. */
export function AssentAsk({ purpose }: { readonly purpose: string }): ReactNode {
  return createElement('assent-ask', { purpose })
}

/** All choices with their switches, for the site's own settings page. */
export function AssentPreferences(): ReactNode {
  return createElement('assent-preferences')
}
