import type { Change } from '../web/assent-window.ts'
import { alsoNeeded, answer, questions } from '../web/choices.ts'
import { type DeviceConsents, PublicApiError } from '../web/device-consents.ts'
import type {
  Consents,
  Experience,
  ExperiencePurpose,
  PurposeChoice,
  PurposeState,
} from '../web/experience.ts'
import type { BannerElement, Control, Layer, Layers } from './element.ts'
import type { View } from './view.ts'

export type ControllerOptions = {
  readonly device: DeviceConsents
  readonly locale: string
  readonly announce: (change: Change) => void
  /** Adds the layers that are not there from the start. */
  readonly loadLayers: () => Promise<void>
}

/**
 * Drives one banner: asks what to show, records what is said, and shows the standing control everywhere else.
 * Where the service cannot be reached it shows nothing, and every purpose that is asked stays a no.
 */
export class BannerController {
  readonly #options: ControllerOptions
  readonly #device: DeviceConsents
  #element!: BannerElement
  readonly #drafts = new Set<string>()
  #experience: Experience | undefined
  #consents: Consents | undefined
  #layer: Layer = 'none'
  #cameFrom: Layer = 'none'
  #opener: HTMLElement | null = null
  #isPlain = false
  #working: Promise<void> | undefined
  #showing = Promise.resolve()

  constructor(options: ControllerOptions) {
    this.#options = options
    this.#device = options.device
  }

  get experience(): Experience | undefined {
    return this.#experience
  }

  /** Loads, and shows in `element`. Never rejects. */
  async start(element: BannerElement): Promise<void> {
    this.#element = element
    try {
      this.#experience = await this.#device.experience(this.#options.locale)
      this.#consents = await this.#device.consents()
    } catch {
      if (!this.#experience) return
    }
    await this.#show(() => this.#first(), false)
    this.#tell()
  }

  /** Reads again what stands: another tab, the network's return or the back button may have changed it. */
  async refresh(): Promise<void> {
    if (!this.#experience) return this.start(this.#element)
    try {
      this.#consents = await this.#device.consents()
    } catch {
      return
    }
    this.#tell()
    // Answered in another tab: it is not asked here any more.
    void this.#show(() => (this.#layer === 'first' ? this.#first() : this.#layer), false)
  }

  /** Looks again whether the answers still look alike: the page's own rules may have come later than the banner. */
  async look(): Promise<void> {
    if (this.#layer !== 'none' && (await this.#element.faults()).length > 0)
      void this.#show(() => this.#layer, false)
  }

  change(): Change {
    return { consents: this.#consents, device: this.#device.device() }
  }

  #tell(): void {
    this.#options.announce(this.change())
  }

  stateOf(purpose: string): PurposeState {
    const state = this.#consents?.purposes.find((each) => each.key === purpose)?.state ?? 'never_asked'
    return state !== 'always_on' && this.#device.refuses(purpose) ? 'refused' : state
  }

  /**
   * Whether a purpose may be used now. Before any choice only what needs no yes may: never where the rule is to ask,
   * where the browser's signal says no, or where an earlier no could have been forgotten.
   */
  allows(purpose: string): boolean {
    const state = this.stateOf(purpose)
    const { purposes = [] } = this.#experience ?? {}
    const rule = purposes.find(({ key }) => key === purpose)?.rule
    if (state !== 'never_asked') return state !== 'refused' && rule !== 'prohibited'
    if (this.#consents || !this.#device.isNew()) return false
    const isOptOut =
      rule === 'opt_out' && !purposes.some((each) => isOf(each.key, purpose) && this.#isHeard(each))
    return rule === 'notice_only' || isOptOut
  }

  /** As `allows`, and nobody took away the control by which to say no. */
  get(purpose: string): boolean {
    return this.allows(purpose) && (this.stateOf(purpose) !== 'never_asked' || this.#element.isShown)
  }

  /** Adds layers, and their look. */
  add(layers: Layers, css: string): void {
    Object.assign(this.#element.layers, layers)
    this.#element.styles += css
  }

  /** Opens the second layer, at the person's wish; `about` is the purpose it begins with. */
  async open(about?: string): Promise<void> {
    if (!this.#experience) return
    this.#cameFrom = 'none'
    this.#rememberOpener()
    await this.#show('second', true)
    if (about) this.#element.shadowRoot?.querySelector<HTMLElement>(`[data-purpose="${about}"]`)?.focus()
  }

  /** Takes back everything; holds on this device at once. */
  async withdrawAll(): Promise<void> {
    const experience = this.#experience
    // Where nothing was ever said there may still be something to say no to.
    const standing = this.#device.device() ? [] : this.#refusals()
    let isSent = true
    try {
      const sending =
        experience && standing.length > 0
          ? this.#device.choose(experience, standing)
          : this.#device.withdrawAll()
      this.#drafts.clear()
      // Where nothing was ever said, nothing more is allowed until the answer is there.
      this.#consents ??= { purposes: [], gpc_conflicts: [], revision: '' }
      this.#hold(() => true)
      this.#consents = (await sending) ?? this.#consents
    } catch {
      isSent = false
    }
    await this.#show('none', true)
    this.#tell()
    if (!experience) return
    const { notice, words } = experience
    this.#element.say(
      [isSent ? words.withdrawn : words.pending, notice.withdrawal, words.undoAsks],
      [
        // Allowing it again is a new yes, given beside its notice. Where this lies a no comes to lie, so that pressing
        // twice allows nothing.
        [words.undo, () => void this.#show(experience.form === 'opt_in' ? 'first' : 'second', true)],
        [words.close, () => undefined],
      ],
    )
  }

  /** Answers one question. A yes to a part of something refused asks for the whole in the same step. */
  #answer(experience: Experience, purpose: string, isYes: boolean): Promise<void> {
    const needed = isYes ? alsoNeeded(experience, purpose) : []
    const isHeldBack = needed.some(({ key }) => this.stateOf(key) === 'refused')
    const along: readonly PurposeChoice[] = isHeldBack
      ? needed.map(({ key }) => ({ purpose: key, act: 'grant' }))
      : []
    return this.#record([...along, ...answer(experience, purpose, isYes, this.stateOf(purpose))], this.#layer)
  }

  /** What the layers show now, for this banner and for the elements a page has of its own. */
  view(): View | undefined {
    const experience = this.#experience
    if (!experience) return undefined
    return {
      experience,
      stateOf: (purpose) => this.stateOf(purpose),
      allows: (purpose) => this.allows(purpose),
      conflicts: this.#conflicts(),
      drafts: this.#drafts,
      isPlain: this.#isPlain,
      // What is asked on the preference page alone is taken back here as well.
      mayWithdraw: experience.purposes.some(
        ({ key, is_asked, step }) => (is_asked || step) && this.allows(key),
      ),
      isAlone: this.#cameFrom === 'none',
      act: {
        acceptAll: () => void this.#record(this.#acceptance(), 'none'),
        rejectAll: () => void this.#record(this.#refusals(), 'none'),
        choose: () => {
          this.#cameFrom = this.#layer
          this.#rememberOpener()
          void this.#show('second', true)
        },
        back: () => {
          this.#drafts.clear()
          void this.#show(this.#cameFrom, true)
        },
        answer: (purpose, isYes) => void this.#answer(experience, purpose, isYes),
        record: (choices, namesGpcConflict) => void this.#record(choices, 'none', namesGpcConflict),
        withdrawAll: () => void this.withdrawAll(),
        close: () => {
          this.#device.closed(noticeName(experience), true)
          void this.#show('none', false)
        },
      },
    }
  }

  /** The layer a page begins with. */
  #first(): Layer {
    const experience = this.#experience
    if (!experience) return 'none'
    if (this.#conflicts().length > 0) return 'conflict'
    if (experience.form === 'notice_only')
      return this.#device.closed(noticeName(experience)) ? 'none' : 'notice'
    if (experience.form === 'opt_out' || this.#device.isPending()) return 'none'
    const others = questions(experience, 'other')
    const asked = others.length > 0 ? others : questions(experience, 'ai_training')
    return asked.some(({ key }) => this.stateOf(key) === 'never_asked') ? 'first' : 'none'
  }

  #conflicts(): readonly string[] {
    return (this.#consents?.gpc_conflicts ?? []).filter((key) => !this.#device.refuses(key))
  }

  /** Whether the browser's signal says no to a purpose, as the server or the page itself heard it. */
  #isHeard({ key, is_sale_or_sharing }: ExperiencePurpose): boolean {
    const { globalPrivacyControl } = navigator as { globalPrivacyControl?: boolean }
    const honoured = this.#experience?.gpc.honoured_for.includes(key) === true
    return honoured || (globalPrivacyControl === true && is_sale_or_sharing)
  }

  /** What “accept all” says: never AI training, nor what the browser's signal refuses and she was not asked about. */
  #acceptance(): readonly PurposeChoice[] {
    const experience = this.#experience
    if (!experience) return []
    const others = questions(experience, 'other')
    const open = others.filter((purpose) => !this.#isHeard(purpose))
    return (open.length > 0 ? open : others).flatMap(({ key }) =>
      answer(experience, key, true, this.stateOf(key)),
    )
  }

  /** Everything means everything: a no to all is also a no to AI training. */
  #refusals(): readonly PurposeChoice[] {
    const experience = this.#experience
    if (!experience) return []
    return [...questions(experience, 'other'), ...questions(experience, 'ai_training')].flatMap(({ key }) =>
      answer(experience, key, false, this.stateOf(key)),
    )
  }

  /**
   * One at a time: pressing twice says it once. A no that comes meanwhile is said after it, if it is not already so; a
   * yes is not.
   */
  async #record(choices: readonly PurposeChoice[], next: Layer, namesGpcConflict = false): Promise<void> {
    let said = choices
    if (this.#working) {
      if (said.some(({ act }) => act === 'grant')) return
      while (this.#working) await this.#working
      said = choices.flatMap(({ purpose }): readonly PurposeChoice[] => {
        const state = this.stateOf(purpose)
        return state === 'refused' ? [] : [{ purpose, act: state === 'granted' ? 'withdraw' : 'deny' }]
      })
      if (said.length === 0) return
    }
    this.#working = this.#send(said, next, namesGpcConflict)
    await this.#working
    this.#tell()
  }

  async #send(choices: readonly PurposeChoice[], next: Layer, namesGpcConflict: boolean): Promise<void> {
    const shown = this.#experience
    if (!shown) return
    const { words } = shown
    const before = this.#consents
    this.#hold((key) => choices.some(({ purpose, act }) => act !== 'grant' && isOf(purpose, key)))
    try {
      this.#consents = await (choices.length > 0 ? this.#choose(shown, choices, namesGpcConflict) : before)
      // Said: while it is shown, something else may be.
      this.#working = undefined
    } catch (error) {
      const { code } = error as PublicApiError
      const close = [[words.close, () => undefined]] as const
      if (code !== 'pending') this.#consents = before
      // Other words are in view before anything else can be answered.
      if (code === 'notice_changed') await this.#show(this.#layer, false)
      this.#working = undefined
      if (code !== 'pending') {
        return this.#element.say([code === 'notice_changed' ? words.changed : words.failed], close)
      }
      await this.#show(next, next !== this.#layer)
      return this.#element.say([words.pending], close)
    }
    for (const { purpose } of choices) this.#drafts.delete(purpose)
    const then = next === 'none' && this.#conflicts().length > 0 ? 'conflict' : next
    await this.#show(then, then !== this.#layer)
    this.#element.say([words.saved])
  }

  /** A no holds here before anyone has answered it. */
  #hold(isRefused: (purpose: string) => boolean): void {
    const held = this.#consents
    if (!held) return
    const purposes = held.purposes.map((each) =>
      each.state === 'granted' && isRefused(each.key) ? ({ ...each, state: 'refused' } as const) : each,
    )
    this.#consents = { ...held, purposes }
    this.#tell()
  }

  /** What was served can be chosen from for an hour: it is asked for anew, if the same is still shown in the same way. */
  async #choose(
    shown: Experience,
    choices: readonly PurposeChoice[],
    namesGpcConflict: boolean,
  ): Promise<Consents> {
    try {
      return await this.#device.choose(shown, choices, namesGpcConflict)
    } catch (error) {
      // A snapshot that was used or has run out, a token likewise, a choice made meanwhile.
      if (![401, 409].includes((error as PublicApiError).status)) throw error
    }
    // A token that is no longer taken is forgotten by reading with it; the next choice makes another.
    await this.#device.consents()
    const fresh = await this.#device.experience(shown.locale)
    if (wordsIn(fresh) !== wordsIn(shown) && choices.some(({ act }) => act === 'grant')) {
      this.#experience = fresh
      throw new PublicApiError(409, 'notice_changed')
    }
    return this.#device.choose(fresh, choices, namesGpcConflict)
  }

  /** Where the keyboard was on the page, to bring it back. */
  #rememberOpener(): void {
    if (this.#layer !== 'none') return
    const at = document.activeElement as HTMLElement | null
    this.#opener = at?.matches('body,assent-banner') ? null : at
  }

  /** One after the other, since showing takes several tasks: what is shown last is what was asked for last. */
  async #show(wanted: Layer | (() => Layer), movesFocus: boolean): Promise<void> {
    const { words } = this.#experience ?? {}
    if (!words) return
    const layer = () => (typeof wanted === 'string' ? wanted : wanted())
    if (!this.#element.layers[layer()]) {
      try {
        await this.#options.loadLayers()
      } catch {
        return this.#element.say([words.failed], [[words.close, () => undefined]])
      }
    }
    this.#showing = this.#showing.then(() => this.#put(layer(), movesFocus))
    return this.#showing
  }

  async #put(layer: Layer, movesFocus: boolean): Promise<void> {
    const view = this.view()
    if (!view) return
    const wasOpen = this.#layer !== 'none'
    const hadFocus = document.activeElement === this.#element
    const options = { movesFocus: movesFocus && layer !== 'none', escape: view.act.back }
    this.#layer = layer
    const faults = await this.#element.show(layer, view, options)
    if (faults.length > 0 && (await this.#fallBack(layer, faults, options))) this.#layer = 'none'
    const isClosing = wasOpen && this.#layer === 'none' && (movesFocus || hadFocus)
    const opener = isClosing && this.#opener?.isConnected ? this.#opener : undefined
    this.#element.control(this.#control(view), this.#layer === 'none', isClosing && !opener)
    opener?.focus()
  }

  /**
   * The page painted the answers apart: they are shown where it cannot. If it still can, nothing can be answered; then
   * this is true.
   */
  async #fallBack(
    layer: Layer,
    properties: readonly string[],
    options: Parameters<BannerElement['show']>[2],
  ): Promise<boolean> {
    this.#isPlain = true
    const view = this.view()
    const isHidden = !view || (await this.#element.show(layer, view, options)).length > 0
    this.#element.dataset.plain = ''
    dispatchEvent(new CustomEvent('assent:fallback', { detail: { properties, isHidden } }))
    return isHidden
  }

  #control({ act, experience, mayWithdraw }: View): Control {
    const { form, gpc, purposes, words } = experience
    const isForm = form === 'opt_out'
    const sensitive = purposes.find((purpose) => purpose.is_asked && purpose.is_sensitive)?.key
    const buttons: [string, () => void][] = [
      [isForm ? words.optOutLink : words.choices, () => void this.open()],
    ]
    if (isForm && sensitive) buttons.push([words.limitLink, () => void this.open(sensitive)])
    if (mayWithdraw) buttons.push([isForm ? words.optOut : words.withdrawAll, act.withdrawAll])
    return { label: words.choices, note: isForm && gpc.seen ? words.gpcHonoured : null, buttons }
  }
}

/** Whether one purpose is the other, its whole, or a part of it. */
const isOf = (one: string, other: string) =>
  one === other || other.startsWith(`${one}.`) || one.startsWith(`${other}.`)

/** What was read, and the version of the experience that showed it: an event names both. */
const wordsIn = ({ notice, experience }: Experience) => JSON.stringify([notice, experience])

const noticeName = ({ notice }: Experience) => `${notice.key}@${notice.version}`
