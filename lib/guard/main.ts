import type { AssentWindow } from '../web/assent-window.ts'
import { comparable, readRules } from './rules.ts'

type Loader = HTMLScriptElement | HTMLImageElement | HTMLIFrameElement
const loaders = 'script[src]:not([type="text/plain"]),img[src],iframe[src]'

/**
 * Holds requests back until there is a yes, from the tag on:
 * `<script src="…/assent-guard.js" data-rules='{"analytics":["https://stats.example/*"]}'>`, first in the head.
 *
 * Until it is known where the device stands, calls wait; then they are sent, or fail. Nothing is sent later that was
 * said without a yes. Scripts, frames and images stay away until the yes comes.
 */
function start(tag: HTMLScriptElement): void {
  const page = window as Window & { readonly assent?: AssentWindow; dataLayer?: unknown[] }
  const { origin } = new URL(tag.src)
  const rules = readRules(tag.dataset.rules, location.origin)
  // What asks must be able to ask, whatever the rules say.
  const own = [`${origin}/v1/public/`, `${origin}/assent-`, `${origin}/banner.js`]
  const waiting: (() => void)[] = []
  let isKnown = false
  let hasBlocks = false

  /** The purposes that lack the yes that an address needs, with a space between; nothing where it is free. */
  function lacking(address: unknown): string {
    let url: string
    try {
      url = new URL(String(address), document.baseURI).href
    } catch {
      return ''
    }
    if (own.some((start) => url.startsWith(start))) return ''
    const lacks = rules.filter(
      ([purpose, pattern]) => pattern.test(comparable(url)) && !page.assent?.get(purpose),
    )
    return [...new Set(lacks.map(([purpose]) => purpose))].join(' ')
  }

  const refusal = (purposes: string) =>
    Object.assign(new TypeError(`Assent: not sent, for want of a yes to ${purposes}`), {
      name: 'AssentBlocked',
    })

  /** Resolves once it may be sent; rejects once it is known that it may not. */
  const permission = (address: unknown) =>
    new Promise<void>((resolve, reject) => {
      const decide = () => {
        const purposes = lacking(address)
        if (purposes) reject(refusal(purposes))
        else resolve()
      }
      if (isKnown) decide()
      else waiting.push(decide)
    })

  function load(name: string): void {
    const script = document.createElement('script')
    script.src = `${origin}/assent-${name}.js`
    script.nonce = tag.nonce ?? ''
    tag.after(script)
  }
  function loadBlocks(): void {
    if (!hasBlocks) load('blocks')
    hasBlocks = true
  }

  const settle = () => {
    isKnown = true
    for (const decide of waiting.splice(0)) decide()
  }
  addEventListener('assent:change', settle)
  // Where the banner never comes, or cannot reach its service, nobody has said yes. Some pages load it late.
  const giveUp = () => (page.assent ? page.assent.ready.then(settle) : settle())
  addEventListener('load', () => setTimeout(giveUp, 5_000))

  const { fetch } = page
  page.fetch = (input, init) => {
    const address = (input as Request | undefined)?.url ?? input
    const send = () => fetch.call(page, input, init)
    return lacking(address) ? permission(address).then(send) : send()
  }

  const calls = new WeakMap<XMLHttpRequest, { address: unknown; isAsync: boolean }>()
  const xhr = XMLHttpRequest.prototype
  const { open, send, abort } = xhr
  xhr.open = function (...call: unknown[]) {
    calls.set(this, { address: call[1], isAsync: call.length < 3 || Boolean(call[2]) })
    return open.apply(this, call as Parameters<typeof open>)
  }
  xhr.send = function (body) {
    const call = calls.get(this)
    const purposes = call && lacking(call.address)
    if (!purposes) return send.call(this, body)
    if (!call.isAsync) throw refusal(purposes)
    const unlessChanged = (work: () => void) => () => calls.get(this) === call && work()
    permission(call.address).then(
      unlessChanged(() => send.call(this, body)),
      unlessChanged(() => {
        for (const type of ['error', 'loadend']) this.dispatchEvent(new ProgressEvent(type))
      }),
    )
  }
  xhr.abort = function () {
    const call = calls.get(this)
    // What waited is no longer the same call, and is not sent.
    if (call) calls.set(this, { ...call })
    abort.call(this)
  }

  const { sendBeacon } = Navigator.prototype
  Navigator.prototype.sendBeacon = function (address, data) {
    return !lacking(address) && sendBeacon.call(this, address, data)
  }
  const sockets = page as unknown as Record<string, new (...args: unknown[]) => object>
  for (const name of ['WebSocket', 'EventSource']) {
    sockets[name] = new Proxy(sockets[name]!, {
      construct(target, args, made) {
        const purposes = lacking(args[0])
        if (purposes) throw refusal(purposes)
        return Reflect.construct(target, args, made)
      },
    })
  }

  const marked = new WeakSet<Loader>()
  /** Marks an element that would load what lacks its yes, as a page can mark its own; whoever unblocks those does the rest. */
  function holds(element: Loader, address: unknown): boolean {
    const { dataset } = element
    const purposes = 'assentOnce' in dataset ? '' : lacking(address)
    if (purposes) {
      if (!dataset.assent) marked.add(element)
      dataset.assent = [...new Set(`${dataset.assent ?? ''} ${purposes}`.trim().split(/ +/))].join(' ')
      dataset.src = String(address)
      loadBlocks()
      // One that is nowhere on the page is a call like any other.
      if (!isKnown && element instanceof HTMLImageElement) {
        waiting.push(() => {
          if (!element.isConnected && !lacking(address)) element.src = String(address)
        })
      }
    } else if (marked.has(element) && dataset.src !== String(address)) {
      marked.delete(element)
      delete dataset.src
      delete dataset.assent
    }
    return purposes !== ''
  }
  const { setAttribute } = Element.prototype
  for (const { prototype } of [HTMLScriptElement, HTMLImageElement, HTMLIFrameElement]) {
    const src = Object.getOwnPropertyDescriptor(prototype, 'src')!
    Object.defineProperty(prototype, 'src', {
      ...src,
      set(address) {
        if (!holds(this, address)) src.set!.call(this, address)
      },
    })
    prototype.setAttribute = function (name, value) {
      if (!/^src$/i.test(name) || !holds(this as Loader, value)) setAttribute.call(this, name, value)
    }
  }

  // The second line of defence, for what stands in the page's own markup: a script is not run. Its address may have been
  // asked for by then, so markup is better marked.
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) {
        if (!(node instanceof Element)) continue
        if (node.matches('[data-assent]') || node.querySelector('[data-assent]')) loadBlocks()
        for (const each of [node, ...node.querySelectorAll(loaders)]) {
          const element = each as Loader
          const address = element.matches(loaders) && element.getAttribute('src')
          if (!address || !lacking(address) || 'assentOnce' in element.dataset) continue
          if (element instanceof HTMLIFrameElement) element.src = 'about:blank'
          else element.removeAttribute('src')
          if (element instanceof HTMLScriptElement) {
            element.dataset.type = element.type
            element.type = 'text/plain'
          }
          holds(element, address)
        }
      }
    }
  }).observe(document, { childList: true, subtree: true })

  if (tag.dataset.consentMode !== undefined) {
    page.dataLayer ??= []
    // Google's tags read the `arguments` of a call, not an array.
    const gtag = function () {
      // biome-ignore lint/complexity/noArguments: see above.
      page.dataLayer!.push(arguments)
    } as (...call: unknown[]) => void
    const denied = 'denied'
    gtag('consent', 'default', {
      ad_storage: denied,
      ad_user_data: denied,
      ad_personalization: denied,
      analytics_storage: denied,
      wait_for_update: 500,
    })
    load('consent-mode')
  }
}

const tag = document.currentScript
if (tag instanceof HTMLScriptElement) start(tag)
