import type { AssentWindow, StorageNames } from '../web/assent-window.ts'
import { clearStorage } from './clear-storage.ts'
import { emptyFrame, isFrame, paint, showFrame } from './frames.ts'
import { type Marked, purposesOf } from './marked.ts'
import { createScriptRunner } from './run-scripts.ts'

/**
 * Loads what the page marked with `data-assent` once there is a yes, and blocks it again once there is none; clears what
 * the site registered. It decides nothing: `window.assent.get` does.
 */
function start(page: Window & { readonly assent?: AssentWindow }): void {
  const shown = new WeakSet<Marked>()
  let isKnown = false
  const may = (element: Marked): boolean => {
    const purposes = purposesOf(element)
    return purposes.length > 0 && purposes.every((purpose) => page.assent?.get(purpose) === true)
  }
  const runScripts = createScriptRunner(may)

  function show(element: Marked): void {
    shown.add(element)
    if (isFrame(element)) showFrame(element)
    else element.src = element.dataset.src ?? ''
  }

  function block(element: Marked): void {
    delete element.dataset.assentOnce
    if (shown.delete(element)) {
      if (isFrame(element)) emptyFrame(element)
      else element.removeAttribute('src')
    }
  }

  function paintFrame(frame: HTMLIFrameElement): void {
    const { experience } = page.assent ?? {}
    if (!isKnown || experience === undefined || shown.has(frame)) return
    paint(frame, experience, {
      showOnce: () => {
        // For this page view: nothing is recorded, and nothing else is loaded by it.
        frame.dataset.assentOnce = ''
        show(frame)
        frame.focus()
      },
      open: () => page.assent?.open(),
    })
  }

  const heard = new WeakSet<HTMLIFrameElement>()
  function look(): void {
    for (const element of document.querySelectorAll<Marked>('iframe[data-assent],img[data-assent]')) {
      // One that is shown once stays, until a yes to its purposes was given and taken back.
      if (may(element)) {
        delete element.dataset.assentOnce
        if (!shown.has(element)) show(element)
      }
      // The guard may have named a further purpose meanwhile.
      if (!may(element) && !('assentOnce' in element.dataset)) block(element)
      if (!isFrame(element)) continue
      if (!heard.has(element)) element.addEventListener('load', () => paintFrame(element))
      heard.add(element)
      paintFrame(element)
    }
    runScripts()
  }

  function clear(): void {
    const { assent } = page
    // Where it is not known what she said, nothing of hers is deleted.
    if (assent?.experience === undefined || (assent.consents === undefined && assent.device !== undefined))
      return
    for (const [purpose, names] of [...assent.storage, ...registeredInTags()]) {
      if (!assent.get(purpose)) clearStorage(names)
    }
  }

  function hear(): void {
    isKnown = true
    look()
    clear()
  }
  addEventListener('assent:change', hear)
  void page.assent?.ready.then(hear)
  new MutationObserver((changes) => {
    const isMarked = (node: Node) =>
      node instanceof Element &&
      (node.matches('[data-assent]') || node.querySelector('[data-assent]') !== null)
    if (changes.some(({ addedNodes }) => [...addedNodes].some(isMarked))) look()
  }).observe(document, { childList: true, subtree: true })
  look()
}

/** `data-clears='{"analytics":{"cookies":["_ga*"]}}'` of any of the page's tags. */
function registeredInTags(): readonly (readonly [string, StorageNames])[] {
  return [...document.querySelectorAll<HTMLScriptElement>('script[data-clears]')].flatMap((tag) => {
    try {
      return Object.entries<StorageNames>(JSON.parse(tag.dataset.clears ?? ''))
    } catch (error) {
      console.error('Assent: data-clears cannot be read, so what it names is not cleared.', error)
      return []
    }
  })
}

const page = window as Window & { hasAssentBlocks?: true }
if (!page.hasAssentBlocks) {
  page.hasAssentBlocks = true
  start(page)
}
