import type { AssentWindow, Change, StorageNames } from '../web/assent-window.ts'
import { createDeviceConsents } from '../web/device-consents.ts'
import { BannerController } from './controller.ts'
import { BannerElement } from './element.ts'
import { rest } from './rest.ts'

/** Loaded only where the page has them, from where the banner came from. */
const parts = [
  ['elements', 'assent-ask,assent-preferences'],
  ['blocks', '[data-assent]'],
] as const

/** What other scripts of Assent's export. */
type Part = {
  readonly define?: (controller: BannerController) => void
} & Partial<typeof import('../web/identity.ts')>

/** Starts the banner for the script tag that loaded it: `<script src="…/banner.js" data-property="demo">`. */
function start(script: HTMLScriptElement): void {
  const property = script.dataset.property
  if (!property || 'assent' in window) return
  const listeners = new Set<(change: Change) => void>()
  const { origin } = new URL(script.src)
  const storage: [string, StorageNames][] = []
  const device = createDeviceConsents({
    baseUrl: origin,
    property,
    shelf: () => window.localStorage,
    fetch: window.fetch.bind(window),
  })
  const controller: BannerController = new BannerController({
    device,
    locale: script.dataset.locale ?? (document.documentElement.lang || navigator.language),
    announce: (change) => {
      if (change.consents?.is_token_ending) void named('renew').catch(() => undefined)
      if (change.consents?.asked_back) load('elements')
      for (const listener of listeners) listener(change)
      window.dispatchEvent(new CustomEvent('assent:change', { detail: change }))
    },
    loadLayers: () => define('elements'),
  })

  /** A module runs with the rights of the script that asked for it, also under a policy of nonces. */
  const bring = (name: string): Promise<Part> => import(`${origin}/assent-${name}.js`)
  const define = async (name: string) => (await bring(name)).define?.(controller)
  const load = (name: string) => void define(name).catch(() => undefined)

  /** What is rarely needed is loaded when it is. */
  async function named(what: keyof typeof import('../web/identity.ts'), word = ''): Promise<unknown> {
    const answer = await (await bring('identity'))[what]?.(device, word)
    await controller.refresh()
    return answer
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

  /** Each step is a task of its own. */
  async function begin(): Promise<void> {
    await rest()
    if (document.readyState === 'loading')
      await new Promise((resolve) => addEventListener('DOMContentLoaded', resolve, { once: true }))
    if (script.matches('[data-clears],[data-blocks]')) load('blocks')
    if (script.matches('[data-consent-mode]')) load('consent-mode')
    watch()
    await rest()
    customElements.define('assent-banner', BannerElement)
    const element = new BannerElement()
    await rest()
    // First in the document, so that keyboard and screen reader meet it first.
    document.body.prepend(element)
    const refresh = () => void controller.refresh()
    addEventListener('storage', (event) => {
      if (event.key === device.storageKey || event.key === null) refresh()
    })
    addEventListener('online', refresh)
    addEventListener('pageshow', (event) => {
      if (event.persisted) refresh()
    })
    addEventListener('load', () => void controller.look())
    await controller.start(element)
  }

  const assent: AssentWindow = {
    get: (purpose) => controller.get(purpose),
    ready: begin().catch(() => undefined),
    on: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    open: () => void controller.open(),
    withdraw: () => controller.withdrawAll(),
    identify: (assertion) => named('identify', assertion) as Promise<void>,
    signOut: () => named('signOut') as Promise<void>,
    handOver: () => named('handOver') as Promise<string | undefined>,
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
}

const script = document.currentScript
if (script instanceof HTMLScriptElement) start(script)
