import type { AssentWindow, Change } from '../web/assent-window.ts'
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
  const device = createDeviceConsents({
    baseUrl: new URL(script.src).origin,
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
