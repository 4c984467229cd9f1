import type { AssentWindow } from '../web/assent-window.ts'
import { type Mapping, readMapping, signalsOf } from './signals.ts'

/**
 * Tells Google's tags what was answered (Consent Mode v2), by the mapping in `data-consent-mode`. All is denied until
 * there is a yes, and again once it is taken back.
 */
function start(
  page: Window & { readonly assent?: AssentWindow; dataLayer?: unknown[] },
  mapping: Mapping,
): void {
  page.dataLayer ??= []
  const layer = page.dataLayer
  // Google's tags read the `arguments` of a call, not an array.
  const gtag = function () {
    // biome-ignore lint/complexity/noArguments: see above.
    layer.push(arguments)
  } as (...call: unknown[]) => void
  const signals = () => signalsOf(mapping, (purpose) => page.assent?.get(purpose) === true)

  // The guard has said it already, where it stands before Google's tag.
  const isSaid = layer.some((call) => {
    const [command, what] = Array.from(call as ArrayLike<unknown>)
    return command === 'consent' && what === 'default'
  })
  if (!isSaid) gtag('consent', 'default', { ...signalsOf({}, () => false), wait_for_update: 500 })
  let told = ''
  const tell = () => {
    const now = signals()
    if (told !== JSON.stringify(now)) gtag('consent', 'update', now)
    told = JSON.stringify(now)
  }
  addEventListener('assent:change', tell)
  void page.assent?.ready.then(tell)
}

const page = window as Window & { hasAssentConsentMode?: true }
const tag = document.querySelector<HTMLScriptElement>('script[data-consent-mode]')
if (tag && !page.hasAssentConsentMode) {
  page.hasAssentConsentMode = true
  start(page, readMapping(tag.dataset.consentMode))
}
