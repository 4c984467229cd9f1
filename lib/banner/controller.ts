import type { Change } from '../web/assent-window.ts'
import { answer, questions } from '../web/choices.ts'
import { type DeviceConsents, PublicApiError } from '../web/device-consents.ts'
import type { Answer, Consents, Experience, PurposeChoice, PurposeState } from '../web/experience.ts'
import type { BannerElement, Layer } from './element.ts'
import { type Words, wordsFor } from './words.ts'

/**
 * Drives one banner: asks what to show, records what is said, and shows the standing control everywhere else.
 * Where the service cannot be reached it shows nothing, and every purpose that is asked stays a no.
 */
export class BannerController {
  readonly #device: DeviceConsents
  readonly #element: BannerElement
  readonly #locale: string
  readonly #announce: (change: Change) => void
  #experience: Experience | undefined
  #words: Words
  #consents: Consents | undefined
  #layer: Layer = 'none'
  #cameFrom: Layer = 'none'
  #isBusy = false

  constructor(options: {
    readonly device: DeviceConsents
    readonly element: BannerElement
    readonly locale: string
    readonly announce: (change: Change) => void
  }) {
    this.#device = options.device
    this.#element = options.element
    this.#locale = options.locale
    this.#announce = options.announce
    this.#words = wordsFor(options.locale)
  }

  /** Loads and shows. Never rejects. */
  async start(): Promise<void> {
    try {
      this.#experience = await this.#device.experience(this.#locale)
      this.#words = wordsFor(this.#experience.locale)
      this.#consents = await this.#device.consents()
    } catch {
      if (!this.#experience) return
    }
    const isAnswered = questions(this.#experience, 'other').some((purpose) =>
      ['granted', 'refused'].includes(this.stateOf(purpose.key)),
    )
    this.#show(isAnswered || this.#device.isPending() ? 'none' : 'first', false)
    this.#announce(this.change())
  }

  /** Reads again what stands: another tab, or the network's return, may have changed it. */
  async refresh(): Promise<void> {
    if (!this.#experience) return this.start()
    try {
      this.#consents = await this.#device.consents()
    } catch {
      return
    }
    this.#show(this.#layer, false)
    this.#announce(this.change())
  }

  change(): Change {
    return { consents: this.#consents, device: this.#device.device() }
  }

  stateOf(purpose: string): PurposeState {
    const state = this.#consents?.purposes.find((each) => each.key === purpose)?.state
    if (state === 'granted' && this.#device.isPending()) return 'refused'
    return state ?? 'never_asked'
  }

  get experience(): Experience | undefined {
    return this.#experience
  }

  check(purpose: string): Promise<Answer | undefined> {
    return this.#device.check(purpose)
  }

  /** Opens the second layer, at the person's wish. */
  open(): void {
    if (!this.#experience) return
    this.#cameFrom = 'none'
    this.#show('second', true)
  }

  /** Takes back everything; holds on this device at once. */
  async withdrawAll(): Promise<void> {
    let isSent = true
    try {
      const sending = this.#device.withdrawAll()
      this.#announce(this.change())
      this.#consents = (await sending) ?? this.#consents
    } catch {
      isSent = false
    }
    this.#show('none', true)
    this.#announce(this.change())
    const words = isSent ? this.#words.withdrawn : this.#words.pending
    const rest = this.#experience ? [this.#experience.notice.withdrawal] : []
    this.#element.say([words, ...rest], { isShown: true, closeLabel: this.#words.close })
  }

  async #record(choices: readonly PurposeChoice[], next: Layer): Promise<void> {
    if (!this.#experience || this.#isBusy || choices.length === 0) return
    this.#isBusy = true
    try {
      this.#consents = await this.#choose(this.#experience, choices)
      this.#show(next, false)
      this.#element.say([this.#words.saved], { isShown: false, closeLabel: this.#words.close })
    } catch {
      this.#element.say([this.#words.failed], { isShown: true, closeLabel: this.#words.close })
    }
    this.#isBusy = false
    this.#announce(this.change())
  }

  /** A snapshot serves once and not for long: one that is spent is replaced, if the same notice is still shown. */
  async #choose(shown: Experience, choices: readonly PurposeChoice[]): Promise<Consents> {
    try {
      return await this.#device.choose(shown, choices)
    } catch (error) {
      if (
        !(error instanceof PublicApiError) ||
        !['snapshot_used', 'token_expired', 'token_invalid'].includes(error.code)
      ) {
        throw error
      }
    }
    const fresh = await this.#device.experience(shown.locale)
    const isSame = fresh.notice.key === shown.notice.key && fresh.notice.version === shown.notice.version
    if (!isSame && choices.some((choice) => choice.act === 'grant')) throw new PublicApiError(409, 'conflict')
    this.#experience = fresh
    return this.#device.choose(fresh, choices)
  }

  #answers(kind: 'ai_training' | 'other', isYes: boolean): readonly PurposeChoice[] {
    const experience = this.#experience
    if (!experience) return []
    return questions(experience, kind).flatMap(({ key }) => answer(experience, key, isYes, this.stateOf(key)))
  }

  #show(layer: Layer, movesFocus: boolean): void {
    const experience = this.#experience
    if (!experience) return
    const wasOpen = this.#layer !== 'none'
    this.#layer = layer
    const view = {
      experience,
      words: this.#words,
      stateOf: (purpose: string) => this.stateOf(purpose),
      act: {
        acceptAll: () => void this.#record(this.#answers('other', true), 'none'),
        // Everything means everything: a no to all is also a no to AI training.
        rejectAll: () =>
          void this.#record(
            [...this.#answers('other', false), ...this.#answers('ai_training', false)],
            'none',
          ),
        choose: () => {
          this.#cameFrom = 'first'
          this.#show('second', true)
        },
        back: () => this.#show(this.#cameFrom, true),
        train: (purpose: string, isYes: boolean) =>
          void this.#record(answer(experience, purpose, isYes, this.stateOf(purpose)), this.#layer),
        save: (answers: ReadonlyMap<string, boolean>) =>
          void this.#record(
            [...answers].flatMap(([key, isYes]) => answer(experience, key, isYes, this.stateOf(key))),
            'none',
          ),
      },
    }
    this.#element.show(layer, view, { movesFocus, escape: view.act.back })
    this.#element.control(
      {
        label: this.#words.choices,
        withdrawLabel: this.#words.withdrawAll,
        closeLabel: this.#words.close,
        mayWithdraw: experience.purposes.some((purpose) => this.stateOf(purpose.key) === 'granted'),
        open: () => this.open(),
        withdrawAll: () => void this.withdrawAll(),
      },
      layer === 'none',
      wasOpen && layer === 'none',
    )
  }
}
