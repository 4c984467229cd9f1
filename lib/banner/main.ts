import type { AssentWindow, Change, StorageNames } from '../web/assent-window.ts'
import { createDeviceConsents } from '../web/device-consents.ts'
import { BannerController } from './controller.ts'
import { BannerElement } from './element.ts'

/** Starts the banner for the script tag that loaded it: `<script src="…/banner.js" data-property="demo">`. */
function start(script: HTMLScriptElement): void {
  const property = script.dataset.property
  if (!property || 'assent' in window) return
  if (!customElements.get('assent-banner')) customElements.define('assent-banner', BannerElement)
  const element = document.createElement('assent-banner') as BannerElement
  const listeners = new Set<(change: Change) => void>()
  const { origin } = new URL(script.src)
  const load = (name: string) => {
    const loaded = document.createElement('script')
    loaded.src = `${origin}/assent-${name}.js`
    loaded.nonce = script.nonce ?? ''
    document.head.append(loaded)
  }
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
  })
  const ready = new Promise<void>((resolve) => {
    const begin = () => {
      // First in the document, so that keyboard and screen reader meet it first.
      document.body.prepend(element)
      // Only where the page uses them.
      if (script.matches('[data-clears],[data-blocks]') || document.querySelector('[data-assent]'))
        load('blocks')
      if (script.matches('[data-consent-mode]')) load('consent-mode')
      controller.start().then(resolve, () => resolve())
    }
    if (document.readyState === 'loading') addEventListener('DOMContentLoaded', begin, { once: true })
    else begin()
  })
  const assent: AssentWindow = {
    get: (purpose) => ['granted', 'always_on'].includes(controller.stateOf(purpose)),
    ready,
    on: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    open: () => controller.open(),
    withdraw: () => controller.withdrawAll(),
    check: (purpose) => controller.check(purpose),
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
  addEventListener('storage', (event) => {
    if (event.key === device.storageKey) void controller.refresh()
  })
  addEventListener('online', () => void controller.refresh())
}

const script = document.currentScript
if (script instanceof HTMLScriptElement) start(script)
