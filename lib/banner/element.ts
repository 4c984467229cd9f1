import { h } from './html.ts'
import { firstLayer, secondLayer, type View } from './layers.ts'
import { styles } from './styles.ts'

export type Layer = 'none' | 'first' | 'second'

/** What the standing control shows and does. */
export type Control = {
  readonly label: string
  readonly withdrawLabel: string
  readonly closeLabel: string
  /** Whether there is anything to take back. */
  readonly mayWithdraw: boolean
  readonly open: () => void
  readonly withdrawAll: () => void
}

/**
 * `<assent-banner>`: a region that is first in the document and never modal. Nothing it does on its own moves the
 * focus or stores anything, and closing it answers nothing.
 */
export class BannerElement extends HTMLElement {
  readonly #panel = h('section', { class: 'panel', 'aria-labelledby': 't', hidden: true })
  readonly #control = h('div', { class: 'control', role: 'group', hidden: true })
  readonly #said = h('div', { class: 'said', hidden: true })
  readonly #hush = h('div', { class: 'hush', role: 'status', 'aria-live': 'polite' })
  #restore: (() => void) | undefined
  #escape: (() => void) | undefined

  constructor() {
    super()
    const root = this.attachShadow({ mode: 'open' })
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(styles)
    root.adoptedStyleSheets = [sheet]
    root.append(this.#panel, this.#control, this.#said, this.#hush)
    this.#panel.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.#escape?.()
    })
  }

  /** Shows a layer, or none. The keyboard's place is moved only where the person asked for the layer. */
  show(
    layer: Layer,
    view: View,
    options: { readonly movesFocus: boolean; readonly escape: () => void },
  ): void {
    const hadFocus = this.shadowRoot?.activeElement ?? null
    const focused = hadFocus?.getAttribute('data-answer')
    const of = hadFocus?.getAttribute('data-purpose')
    this.#escape = layer === 'second' ? options.escape : undefined
    this.#panel.replaceChildren(
      ...(layer === 'first' ? firstLayer(view) : layer === 'second' ? secondLayer(view) : []),
    )
    this.#panel.dataset.layer = layer
    this.#panel.lang = view.experience.locale
    this.#panel.hidden = layer === 'none'
    this.#reserve(layer !== 'none')
    if (options.movesFocus && layer !== 'none') this.#panel.querySelector('h2')?.focus()
    else if (focused && layer !== 'none') {
      const same = `[data-answer="${focused}"]${of ? `[data-purpose="${of}"]` : ''}`
      this.#panel.querySelector<HTMLElement>(same)?.focus()
    }
  }

  /** Shows the standing control where no layer is open. */
  control(control: Control, isShown: boolean, takesFocus: boolean): void {
    this.#control.hidden = !isShown
    this.#control.setAttribute('aria-label', control.label)
    const open = h('button', { type: 'button', 'data-control': 'open', onclick: control.open }, control.label)
    const withdraw = control.mayWithdraw
      ? h(
          'button',
          { type: 'button', 'data-control': 'withdraw', onclick: control.withdrawAll },
          control.withdrawLabel,
        )
      : null
    const hadFocus = this.#control.contains(this.shadowRoot?.activeElement ?? null)
    this.#control.replaceChildren(...[open, withdraw].filter((button) => button !== null))
    if (isShown && (takesFocus || hadFocus)) open.focus()
  }

  /** Says something to everyone: shown where `paragraphs` has more than one, read aloud always. */
  say(
    paragraphs: readonly string[],
    options: { readonly isShown: boolean; readonly closeLabel: string },
  ): void {
    this.#hush.textContent = options.isShown ? '' : paragraphs.join(' ')
    this.#said.hidden = !options.isShown
    this.#said.setAttribute('role', 'status')
    if (!options.isShown) return void this.#said.replaceChildren()
    this.#said.replaceChildren(
      ...paragraphs.map((text, index) => h('p', { class: index === 0 ? '' : 'small' }, text)),
      h(
        'button',
        {
          type: 'button',
          class: 'plain',
          onclick: () => {
            this.#said.hidden = true
            this.#control.querySelector('button')?.focus()
          },
        },
        options.closeLabel,
      ),
    )
  }

  /** Keeps the end of the page, and whatever has the focus, from lying under the panel. */
  #reserve(isOpen: boolean): void {
    this.#restore?.()
    this.#restore = undefined
    if (!isOpen) return
    const { style } = document.documentElement
    const [padding, scroll] = [style.paddingBottom, style.scrollPaddingBottom]
    const height = `${Math.ceil(this.#panel.offsetHeight + 24)}px`
    style.paddingBottom = height
    style.scrollPaddingBottom = height
    this.#restore = () => {
      style.paddingBottom = padding
      style.scrollPaddingBottom = scroll
    }
  }
}
