'use client'

import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { Experience } from '../../lib/web/experience.ts'
import { drawLayer, rulesOf } from './draw-layer.ts'

/** In the flow of the page, and no higher than its words. */
const inPlace =
  '.panel{position:static;width:100%;max-height:none!important;box-shadow:0 0 0 1px var(--l)}.words{overflow:visible}'

/** The banner's own layers, in its own look, with nothing behind the buttons. */
export function NoticePreview({ experience }: { readonly experience: Experience }): ReactNode {
  const host = useRef<HTMLDivElement>(null)
  const [isDetailed, setDetailed] = useState(false)
  useEffect(() => {
    const element = host.current
    if (element === null) return
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' })
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(rulesOf(experience) + inPlace)
    root.adoptedStyleSheets = [sheet]
    // The page has one main heading of its own.
    const options = { panelClass: 'panel', isDetailed, onDetails: setDetailed }
    root.replaceChildren(drawLayer(document, experience, options))
  }, [experience, isDetailed])
  return (
    <div>
      <p className="mb-2 flex items-baseline justify-between gap-3 text-xs text-ink-soft">
        <span>As people will see it. The buttons record nothing.</span>
        <button type="button" className="link whitespace-nowrap" onClick={() => setDetailed(!isDetailed)}>
          {isDetailed ? 'First layer' : 'Details'}
        </button>
      </p>
      <div ref={host} />
    </div>
  )
}
