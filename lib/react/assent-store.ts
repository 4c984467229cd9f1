import type { AssentWindow } from '../web/assent-window.ts'

export type { AssentWindow }

type Page = Window & { readonly assent?: AssentWindow }

/** Whether a yes (or what needs none) stands for this device, now. No wherever it is not known. */
export const hasYes = (purpose: string): boolean => (window as Page).assent?.get(purpose) === true

/** Calls back whenever that may have changed; returns what ends it. */
export function followConsent(changed: () => void): () => void {
  addEventListener('assent:change', changed)
  return () => removeEventListener('assent:change', changed)
}

/** Loads the banner for a property, once a page; the tag may stand in the page's own HTML as well. */
export function loadBanner(origin: string, property: string, locale: string | undefined): void {
  const src = `${origin}/banner.js`
  if ((window as Page).assent || document.querySelector(`script[src="${CSS.escape(src)}"]`)) return
  const script = document.createElement('script')
  script.dataset.property = property
  if (locale !== undefined) script.dataset.locale = locale
  script.src = src
  document.head.append(script)
}
