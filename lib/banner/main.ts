import type { AssentWindow, Change, StorageNames } from '../web/assent-window.ts'
import { createDeviceConsents } from '../web/device-consents.ts'
import { BannerController } from './controller.ts'
import { BannerElement } from './element.ts'

/** Loaded only where the page has them, from where the banner came from. */
const parts = [
  ['elements', 'assent-ask,assent-preferences'],
  ['blocks', '[data-assent]'],
] as const

/** Starts the banner for the script tag that loaded it: `<script src="…/banner.js" data-property="demo">`. */
function start(script: HTMLScriptElement): void {
  const property = script.dataset.property
  if (!property || 'assent' in window) return
  if (!customElements.get('assent-banner')) customElements.define('assent-banner', BannerElement)
  const element = document.createElement('assent-banner') as BannerElement
  const listeners = new Set<(change: Change) => void>()
  const { origin } = new URL(script.src)
  const storage: [string, StorageNames][] = []
  const device = createDeviceConsents({
    baseUrl: origin,
    property,
    shelf: () => window.localStorage,
    fetch: window.fetch.bind(window),
  })
  const controller = new BannerController({
    device,
    element,
    locale: script.dataset.locale ?? (document.documentElement.lang || navigator.language),
    announce: (change) => {
      for (const listener of listeners) listener(change)
      window.dispatchEvent(new CustomEvent('assent:change', { detail: change }))
    },
    loadLayers: () => bring('elements'),
  })

  const load = (name: string) => void bring(name).catch(() => undefined)

  /** A module runs with the rights of the script that asked for it, also under a policy of nonces. */
  async function bring(name: string): Promise<void> {
    const part: { define?: (controller: BannerController) => void } = await import(
      `${origin}/assent-${name}.js`
    )
    part.define?.(controller)
  }

  /** Loads what the page has; pages add to themselves, so it is looked for until all of it is there. */
  function watch(): void {
    let missing: readonly (readonly [name: string, selector: string])[] = parts
    const look = () => {
      missing = missing.filter(([name, selector]) => {
        const isHere = document.querySelector(selector) !== null
        if (isHere) load(name)
        return !isHere
      })
      if (missing.length === 0) observer.disconnect()
    }
    const observer = new MutationObserver(look)
    observer.observe(document.documentElement, { childList: true, subtree: true })
    look()
  }

  const ready = new Promise<void>((resolve) => {
    const begin = () => {
      // First in the document, so that keyboard and screen reader meet it first.
      document.body.prepend(element)
      watch()
      if (script.matches('[data-clears],[data-blocks]')) load('blocks')
      if (script.matches('[data-consent-mode]')) load('consent-mode')
      controller.start().then(resolve, () => resolve())
    }
    if (document.readyState === 'loading') addEventListener('DOMContentLoaded', begin, { once: true })
    else begin()
  })
  const assent: AssentWindow = {
    get: (purpose) => controller.get(purpose),
    ready,
    on: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    open: () => void controller.open(),
    withdraw: () => controller.withdrawAll(),
    identify: (assertion) => device.identify(assertion).then(() => controller.refresh()),
    signOut: () => device.signOut().then(() => controller.refresh()),
    check: (purpose) => device.check(purpose),
    registerStorage: (purpose, names) => {
      // Whoever clears it is loaded with the first name, and reads the list at each change.
      if (storage.push([purpose, names]) === 1) load('blocks')
    },
    storage,
    get experience() {
      return controller.experience
    },
    get consents() {
      return controller.change().consents
    },
    get device() {
      return device.device()
    },
  }
  Object.assign(window, { assent })
  const refresh = () => void controller.refresh()
  addEventListener('storage', (event) => {
    if (event.key === device.storageKey || event.key === null) refresh()
  })
  addEventListener('online', refresh)
  addEventListener('pageshow', (event) => {
    if (event.persisted) refresh()
  })
  addEventListener('load', () => controller.look())
}

const script = document.currentScript
if (script instanceof HTMLScriptElement) start(script)
