import type { Experience } from '../../lib/web/experience.ts'
import { drawControl, drawLayer, rulesOf } from './draw-layer.ts'

export type Scheme = 'light' | 'dark'
/** The first layer, the second, or the standing control of somebody who said yes. */
export type Drawn = 'first' | 'second' | 'control'

export const ground = { light: '#ffffff', dark: '#101214' } as const

/**
 * Puts the banner's own layer, in its own look, at the end of an empty page, and gives the shadow root it is in. Undefined
 * where the frame is gone.
 */
export function drawInFrame(
  inner: Document,
  experience: Experience,
  scheme: Scheme,
  drawn: Drawn,
  onDetails: (isDetailed: boolean) => void = () => undefined,
): ShadowRoot | undefined {
  // A document takes only sheets that were made in it.
  const made = inner.defaultView as (Window & typeof globalThis) | null
  if (made === null) return undefined
  inner.documentElement.style.colorScheme = scheme
  inner.body.replaceChildren()
  inner.body.style.background = ground[scheme]
  const host = inner.createElement('div')
  inner.body.append(host)
  const root = host.attachShadow({ mode: 'open' })
  const sheet = new made.CSSStyleSheet()
  sheet.replaceSync(rulesIn(experience, scheme))
  root.adoptedStyleSheets = [sheet]
  if (drawn === 'control') {
    root.append(drawControl(inner, experience))
    return root
  }
  const isDetailed = drawn === 'second'
  const layout = isDetailed && experience.layout === 'bar' ? 'box' : experience.layout
  const panelClass = `panel ${drawn} ${layout}`
  root.append(drawLayer(inner, experience, { panelClass, isDetailed, onDetails }))
  return root
}

/** The banner's rules in one scheme. The officer's own is not asked: they are as they are in the one she looks at. */
export function rulesIn(experience: Experience, scheme: Scheme): string {
  const own = scheme === 'dark' ? 'all' : 'not all'
  return rulesOf(experience).replaceAll('(prefers-color-scheme:dark)', own)
}
