'use client'

import { type ReactNode, useEffect, useRef, useState } from 'react'
import { firstLayer } from '../../lib/banner/first-layer.ts'
import { secondLayer } from '../../lib/banner/more-layers.ts'
import { moreStyles } from '../../lib/banner/more-styles.ts'
import { styles } from '../../lib/banner/styles.ts'
import { themeRules } from '../../lib/banner/theme.ts'
import type { Experience } from '../../lib/web/experience.ts'

/** In the flow of the page, and no higher than its words. */
const inPlace =
  '.panel{position:static;width:100%;max-height:none!important;box-shadow:0 0 0 1px var(--l)}.words{overflow:visible}'
const nothing = () => undefined

/** The banner's own layers, in its own look, with nothing behind the buttons. */
export function NoticePreview({ experience }: { readonly experience: Experience }): ReactNode {
  const host = useRef<HTMLDivElement>(null)
  const [isDetailed, setDetailed] = useState(false)
  useEffect(() => {
    const element = host.current
    if (element === null) return
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' })
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(styles + moreStyles + themeRules(experience.theme) + inPlace)
    root.adoptedStyleSheets = [sheet]
    const view = {
      experience,
      stateOf: () => 'never_asked' as const,
      allows: () => false,
      ...{ conflicts: [], drafts: new Set<string>(), isPlain: false, mayWithdraw: false, isAlone: false },
      act: {
        ...{ acceptAll: nothing, rejectAll: nothing, answer: nothing, record: nothing, withdrawAll: nothing },
        ...{
          choose: () => setDetailed(true),
          back: () => setDetailed(false),
          close: nothing,
        },
      },
    }
    const panel = document.createElement('section')
    panel.className = 'panel'
    panel.lang = experience.locale
    panel.setAttribute('aria-label', 'As people will see it')
    panel.append(...(isDetailed ? secondLayer(view) : firstLayer(view)))
    // The page has one main heading of its own.
    const inside = document.createElement('div')
    inside.className = 'root'
    inside.dir = experience.direction
    inside.append(panel)
    root.replaceChildren(inside)
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
