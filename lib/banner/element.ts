import { firstLayer } from './first-layer.ts'
import { h } from './html.ts'
import { button, plain } from './questions.ts'
import { rest } from './rest.ts'
import { styles } from './styles.ts'
import { differences } from './symmetry.ts'
import { themeRules } from './theme.ts'
import type { View } from './view.ts'

export type Layer = 'none' | 'first' | 'second' | 'notice' | 'conflict'
export type Layers = Partial<Record<Layer, (view: View) => readonly Element[]>>

/** What the standing control offers, in its order. */
export type Control = {
  readonly label: string
  readonly note: string | null
  readonly buttons: readonly (readonly [label: string, onclick: () => void])[]
}

/**
 * `<assent-banner>`: a region that is first in the document and never modal. Nothing it does on its own moves the
 * focus or stores anything, and closing it answers nothing.
 */
export class BannerElement extends HTMLElement {
  readonly #shadow = this.attachShadow({ mode: 'open' })
  readonly #panel = h('section', {
    ...{ 'aria-labelledby': 't', hidden: '' },
    onkeydown: (event) => {
      if ((event as KeyboardEvent).key === 'Escape') this.#escape?.()
    },
  })
  readonly #control = h('div', { class: 'control', role: 'group', hidden: '' })
  readonly #said = h('div', { class: 'said', hidden: '' })
  readonly #hush = h('div', { class: 'hush', role: 'status', 'aria-live': 'polite' })
  readonly #root = h('div', { class: 'root' }, this.#panel, this.#control, this.#said, this.#hush)
  readonly #sheet = new CSSStyleSheet()
  /** By name; those that are rarely needed are added when they are. */
  readonly layers: Layers = { none: () => [], first: firstLayer }
  styles = styles
  #restore: (() => void) | undefined
  #escape: (() => void) | undefined

  constructor() {
    super()
    this.#clear()
  }

  /** Whether people can see any of it: an ad blocker may have taken it away. */
  get isShown(): boolean {
    return this.isConnected && [this.#panel, this.#control].some((part) => part.getClientRects().length > 0)
  }

  /**
   * Shows a layer, or none, in several short tasks. The keyboard's place is moved only where the person asked for the
   * layer. Before anything new can be seen or reached, the answers of each question are compared: names of the properties
   * in which a page painted them apart.
   */
  async show(
    layer: Layer,
    view: View,
    options: { readonly movesFocus: boolean; readonly escape: () => void },
  ): Promise<readonly string[]> {
    const { experience, isPlain } = view
    const isSame = this.#panel.dataset.layer === layer && !options.movesFocus
    if (layer !== 'none') await rest()
    const nodes = this.layers[layer]?.(view) ?? []
    if (layer !== 'none') await rest()
    const place = isSame ? this.#place() : undefined
    this.#escape = layer === 'second' ? options.escape : undefined
    this.#root.lang = experience.locale
    this.#root.dir = experience.direction
    if (isPlain) this.#clear()
    this.#sheet.replaceSync(this.styles + (isPlain ? '' : themeRules(experience.theme)))
    this.#panel.dataset.layer = layer
    this.#panel.className = `panel ${layer} ${layer === 'second' && experience.layout === 'bar' ? 'box' : experience.layout}`
    this.#panel.hidden = layer === 'none'
    this.#panel.inert = !isSame
    if (layer !== 'none') this.#said.hidden = true
    this.#panel.replaceChildren(...(isSame ? nodes : []))
    if (!isSame) for (const node of nodes) await this.#grow(this.#panel, node)
    const faults = await this.faults(isSame)
    this.#panel.inert = faults.length > 0
    // Painted apart even where the page should not reach: everything is taken away that could be answered.
    if (isPlain && faults.length > 0) this.#panel.hidden = true
    if (options.movesFocus) this.#panel.querySelector('h2')?.focus()
    else place?.()
    if (!isSame) await rest()
    this.#reserve()
    return faults
  }

  /** Adds an element and lets it be laid out; large ones, which hold nothing but elements, a part at a time. */
  async #grow(parent: Element, node: Element): Promise<void> {
    const isLarge = node.querySelectorAll('*').length > 9
    const parts = isLarge ? [...node.children] : []
    parent.append(node)
    if (isLarge) node.replaceChildren()
    else node.getBoundingClientRect()
    await rest()
    for (const part of parts) await this.#grow(node, part)
  }

  /** In what the answers that are shown look different; one that was given looks given. */
  async faults(isAtOnce = false): Promise<readonly string[]> {
    const found: string[] = []
    for (const { children } of this.#panel.querySelectorAll('.pair')) {
      const [no, yes] = [...children] as Element[]
      const isGiven = [no, yes].some((each) => each?.ariaPressed === 'true')
      if (no === undefined || yes === undefined || no.className === 'plain' || isGiven) continue
      found.push(...differences(no, yes))
      if (!isAtOnce) await rest()
    }
    return found
  }

  /** Shows the standing control where no layer is open. */
  control({ label, note, buttons }: Control, isShown: boolean, takesFocus: boolean): void {
    const hadFocus = this.#control.contains(this.#shadow.activeElement)
    this.#control.hidden = !isShown
    if (!isShown) return
    this.#control.ariaLabel = label
    this.#control.replaceChildren(
      ...(note === null ? [] : [h('p', { class: 'small' }, note)]),
      ...buttons.map(([text, onclick]) => button('', text, onclick)),
    )
    if (takesFocus || hadFocus) this.#control.querySelector('button')?.focus()
  }

  /** Reads something aloud; with `buttons` it is shown too, until one of them is pressed. */
  say(
    paragraphs: readonly string[],
    buttons: readonly (readonly [label: string, onclick: () => void])[] = [],
  ): void {
    this.#hush.textContent = paragraphs.join(' ')
    // What is open is not covered: it is said there, above its buttons.
    const isOpen = !this.#panel.hidden
    const place = this.#panel.lastElementChild
    place?.querySelector('.note')?.remove()
    if (isOpen && buttons.length > 0) place?.prepend(h('p', { class: 'small note' }, ...paragraphs))
    this.#said.hidden = isOpen || buttons.length === 0
    this.#said.replaceChildren(
      ...paragraphs.map((text, index) => h('p', { class: index === 0 ? '' : 'small' }, text)),
      h(
        'div',
        { class: 'row' },
        ...buttons.map(([text, onclick]) =>
          plain(text, () => {
            this.#said.hidden = true
            this.#control.querySelector('button')?.focus()
            onclick()
          }),
        ),
      ),
    )
  }

  /** What brings the keyboard, and what was unfolded, back to where they were, after the same layer was made anew. */
  #place(): () => void {
    const all = () => [...this.#panel.querySelectorAll<HTMLElement>('button,summary,[tabindex]')]
    const folds = () => [...this.#panel.querySelectorAll('details')]
    const at = all().indexOf(this.#shadow.activeElement as HTMLElement)
    const open = folds().map((each) => each.open)
    const { scrollTop = 0 } = this.#panel.firstElementChild ?? {}
    return () => {
      for (const [index, each] of folds().entries()) each.open = open[index] ?? false
      this.#panel.firstElementChild?.scrollTo(0, scrollTop)
      if (at >= 0) all()[at]?.focus({ preventScroll: true })
    }
  }

  /** Holds what is the banner's own and nothing else: whatever a page put into the shadow root is thrown out. */
  #clear(): void {
    this.#shadow.adoptedStyleSheets = [this.#sheet]
    this.#shadow.replaceChildren(this.#root)
  }

  /** Keeps the end of the page, and whatever has the focus, from lying under the panel. */
  #reserve(): void {
    this.#restore?.()
    this.#restore = undefined
    const { top, bottom, height } = this.#panel.getBoundingClientRect()
    if (height === 0 || innerHeight - bottom > 40) return
    const { style } = document.documentElement
    const [padding, scroll] = [style.paddingBottom, style.scrollPaddingBottom]
    style.paddingBottom = style.scrollPaddingBottom = `${Math.ceil(innerHeight - top + 8)}px`
    this.#restore = () => {
      style.paddingBottom = padding
      style.scrollPaddingBottom = scroll
    }
  }
}
