import { createDeviceConsents } from '../web/device-consents.ts'
import type { Answer } from '../web/experience.ts'
import { BannerController, type Change } from './controller.ts'
import { BannerElement } from './element.ts'

/** What a host page may use: `window.assent`. */
export type AssentWindow = {
  /** True only while this device's yes (or what needs none) stands. */
  get(purpose: string): boolean
  /** Settles once it is known where the device stands; also where the service is away. */
  readonly ready: Promise<void>
  /** Calls back at every change, from now on; returns what ends it. */
  on(listener: (change: Change) => void): () => void
  /** Opens the choices. */
  open(): void
  /** Takes back everything. */
  withdraw(): Promise<void>
  /** What a pipeline would be told about this device, now; undefined before any choice. */
  check(purpose: string): Promise<Answer | undefined>
  /** The device's id, once it has made a choice. */
  readonly device: string | undefined
}

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
