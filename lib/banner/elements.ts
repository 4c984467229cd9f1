import { watchAskedBack } from './ask-back.ts'
import type { BannerController } from './controller.ts'
import { inFull, wholeNotice } from './details.ts'
import { h } from './html.ts'
import { conflictLayer, noticeLayer, secondLayer } from './more-layers.ts'
import { moreStyles } from './more-styles.ts'
import { gpcNote, plain, question, small, training, withdrawButton } from './questions.ts'
import { styles } from './styles.ts'
import { save, switches } from './switches.ts'
import { differences } from './symmetry.ts'
import { themeRules } from './theme.ts'
import type { View } from './view.ts'

/** In the flow of the page, on a ground of their own: the page's may be light where its reader has asked for dark. */
const inPlace =
  '.root{display:grid;gap:14px;background:var(--s);border-radius:12px}:host(assent-preferences) .root{padding:4px 18px 16px;border:1px solid var(--l)}:host(assent-preferences) ul:not(.sub)>.item:first-child{border:0}'

/**
 * What is loaded only when it is needed: the layers behind the first, and the elements that a page has of its own,
 * `<assent-ask purpose="ai_training">` and `<assent-preferences>`. They ask as the banner does: a no like a yes, nothing
 * given beforehand, and every answer taken back where it was given.
 */
export function define(controller: BannerController): void {
  if (customElements.get('assent-ask')) return
  watchAskedBack(controller)
  controller.add({ second: secondLayer, notice: noticeLayer, conflict: conflictLayer }, moreStyles)

  abstract class PageElement extends HTMLElement {
    readonly #root = h('div', { class: 'root' })
    readonly #sheet = new CSSStyleSheet()
    readonly #heard = () => this.#render()
    #isPlain = false

    constructor() {
      super()
      this.attachShadow({ mode: 'open' }).append(this.#root)
    }

    connectedCallback(): void {
      addEventListener('assent:change', this.#heard)
      this.#render()
    }

    disconnectedCallback(): void {
      removeEventListener('assent:change', this.#heard)
    }

    attributeChangedCallback(): void {
      if (this.isConnected) this.#render()
    }

    abstract content(view: View): readonly (Node | null)[]

    #render(): void {
      const view = controller.view()
      if (!view) return
      const buttons = () => [...this.#root.querySelectorAll<HTMLElement>('button,summary')]
      const at = buttons().indexOf(this.shadowRoot?.activeElement as HTMLElement)
      const { experience } = view
      this.shadowRoot!.adoptedStyleSheets = [this.#sheet]
      this.#sheet.replaceSync(
        styles + moreStyles + (this.#isPlain ? '' : themeRules(experience.theme)) + inPlace,
      )
      this.#root.lang = experience.locale
      this.#root.dir = experience.direction
      const nodes = this.content({ ...view, isPlain: this.#isPlain })
      this.#root.replaceChildren(...nodes.filter((node) => node !== null))
      if (at >= 0) buttons()[at]?.focus({ preventScroll: true })
      if (!this.#isPlain && this.#faults().length > 0) {
        this.#isPlain = true
        this.dataset.plain = ''
        dispatchEvent(new CustomEvent('assent:fallback', { detail: { properties: this.#faults() } }))
        this.#render()
      }
    }

    #faults(): readonly string[] {
      return [...this.#root.querySelectorAll('.pair')].flatMap(({ children: [no, yes] }) =>
        !no || !yes || [no, yes].some((each) => each.ariaPressed === 'true') ? [] : differences(no, yes),
      )
    }
  }

  /** One question beside what it is about. Shows nothing where nothing is asked. */
  customElements.define(
    'assent-ask',
    class extends PageElement {
      static readonly observedAttributes = ['purpose']

      content(view: View) {
        const key = this.getAttribute('purpose')
        const purpose = view.experience.purposes.find((each) => each.key === key && each.is_asked)
        return purpose
          ? [question(view, purpose, (...about) => [...inFull(...about), wholeNotice(view)])]
          : []
      }
    },
  )

  /** Every choice, for a site's own page of settings. */
  customElements.define(
    'assent-preferences',
    class extends PageElement {
      content(view: View) {
        const { experience } = view
        const isAsking = experience.purposes.some((purpose) => purpose.is_asked && !purpose.is_ai_training)
        return [
          gpcNote(view),
          switches(view),
          ...training(view, inFull),
          wholeNotice(view),
          small(`${experience.controller}, ${experience.notice.contact}`),
          h(
            'div',
            { class: 'row' },
            withdrawButton(view),
            isAsking ? plain(experience.words.save, () => save(view)) : null,
          ),
        ]
      }
    },
  )
}
