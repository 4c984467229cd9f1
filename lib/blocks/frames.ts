import type { Experience } from '../web/experience.ts'
import { fill, type Marked, purposesOf } from './marked.ts'

const styles = `:root{color-scheme:light dark;background:#f4f4f2;color:#16181d;font:14px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
body{margin:0;min-height:100vh;box-sizing:border-box;padding:12px;display:flex;flex-direction:column;gap:8px;align-items:center;justify-content:safe center;text-align:center}
p{margin:0;max-width:44ch}
div{display:flex;flex-wrap:wrap;gap:8px;justify-content:center}
button{font:inherit;font-weight:500;color:#16181d;background:#fff;border:1px solid #7e8288;border-radius:8px;min-height:40px;padding:6px 14px;cursor:pointer}
button:focus-visible{outline:2px solid #2563c9;outline-offset:2px}
@media (prefers-color-scheme:dark){:root{background:#21262b;color:#eceef0}button{color:#eceef0;background:#181b1f;border-color:#7d858e}button:focus-visible{outline-color:#8ab4ff}}`

export type FrameActions = { readonly showOnce: () => void; readonly open: () => void }

/** What a frame may do, kept while its placeholder, which is the page's own, stands in it. */
const sandboxes = new WeakMap<HTMLIFrameElement, string>()

/**
 * Fills a blocked frame with its placeholder. The frame itself stays where and as large as it is, so that nothing on the
 * page moves, before or after.
 */
export function paint(frame: HTMLIFrameElement, experience: Experience, actions: FrameActions): void {
  const page = frame.contentDocument
  if (page === null) {
    const sandbox = frame.getAttribute('sandbox')
    if (sandbox === null) return
    sandboxes.set(frame, sandbox)
    frame.removeAttribute('sandbox')
    // It repaints once it is loaded anew.
    frame.contentWindow?.location.replace('about:blank')
    return
  }
  if (page.URL !== 'about:blank' || page.body.hasChildNodes()) return
  const { words } = experience
  const name = purposesOf(frame)
    .map((key) => experience.purposes.find((purpose) => purpose.key === key)?.name ?? key)
    .join(', ')
  const view = page.defaultView as Window & typeof globalThis
  const sheet = new view.CSSStyleSheet()
  sheet.replaceSync(styles)
  page.adoptedStyleSheets = [sheet]
  page.documentElement.lang = experience.locale
  page.documentElement.dir = experience.direction
  page.title = frame.title || fill(words.blocked, { name })
  const make = (tag: string, text: string, onclick?: () => void) => {
    const element = page.createElement(tag)
    element.textContent = text
    if (onclick) element.addEventListener('click', onclick)
    return element
  }
  const answers = page.createElement('div')
  answers.append(
    make('button', words.showOnce, actions.showOnce),
    // It leads to the question, with the words that a yes is given to; it is none itself.
    make('button', `${fill(words.allow, { name })} …`, actions.open),
  )
  page.body.append(
    make('p', fill(words.blocked, { name })),
    make('p', fill(words.blockedFrom, { host: new URL(frame.dataset.src ?? '', document.baseURI).host })),
    answers,
  )
}

/** Loads what a frame is for, with the rights that its page gave it. */
export function showFrame(frame: HTMLIFrameElement): void {
  const sandbox = sandboxes.get(frame)
  if (sandbox !== undefined) frame.setAttribute('sandbox', sandbox)
  frame.src = frame.dataset.src ?? ''
}

/** Empties a frame; its document, and what runs in it, ends. */
export function emptyFrame(frame: HTMLIFrameElement): void {
  frame.removeAttribute('src')
  frame.contentWindow?.location.replace('about:blank')
}

export const isFrame = (element: Marked): element is HTMLIFrameElement => element.localName === 'iframe'
