import type { BannerController } from './controller.ts'
import type { BannerElement } from './element.ts'

/**
 * Asks a few people what they have just answered, where the answer to their choice says so: once, where nothing is open, with
 * answers alike, and as easily left alone. What is told after it is the same whatever was said. It goes without a token, so
 * that nobody can tell whose it is.
 */
export function watchAskedBack(controller: BannerController): void {
  let asked: string | undefined
  const look = () => {
    const { asked_back: about } = controller.change().consents ?? {}
    const { experience } = controller
    const banner = document.querySelector<BannerElement>('assent-banner')
    if (!about || !experience || !banner || about.ticket === asked) return
    if (banner.shadowRoot?.querySelector('section:not([hidden])')) return
    asked = about.ticket
    const { words, property } = experience
    const close = [words.close, () => undefined] as const
    const say = (said: 'no' | 'yes' | 'unsure') =>
      [
        about[said],
        () => {
          const url = new URL(`/v1/public/${encodeURIComponent(property)}/understanding`, import.meta.url)
          void fetch(url, {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify({ ticket: about.ticket, said }),
            credentials: 'omit',
          }).catch(() => undefined)
          banner.say([about.told], [[words.choices, () => void controller.open(about.purpose)], close])
        },
      ] as const
    banner.say([about.question], [say('no'), say('yes'), say('unsure'), close])
  }
  addEventListener('assent:change', look)
  look()
}
