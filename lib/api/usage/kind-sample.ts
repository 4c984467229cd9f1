import { randomUUID } from 'node:crypto'

/** Where an answer is kept, and whose place it takes. */
export type Place = { readonly id: string; readonly replaces: string | null }

/**
 * A sample of one kind of answers: at most `size` of them, each answer of the day equally likely to be among them,
 * however many come (Li, reservoir sampling, algorithm L). Says how many to pass over until the next that is kept, so
 * that those passed over cost nothing.
 */
export class KindSample {
  readonly #size: number
  readonly #random: () => number
  readonly #ids: string[] = []
  #weight = 1

  /** `random` answers from 0 up to 1. */
  constructor(size: number, random: () => number) {
    this.#size = size
    this.#random = random
  }

  /** Keeps the present answer. */
  place(): Place {
    const id = randomUUID()
    if (this.#ids.length < this.#size) {
      this.#ids.push(id)
      return { id, replaces: null }
    }
    const slot = Math.floor(this.#random() * this.#size)
    const replaces = this.#ids[slot]!
    this.#ids[slot] = id
    return { id, replaces }
  }

  /** How many answers after the one kept last are passed over. */
  gap(): number {
    if (this.#ids.length < this.#size) return 0
    this.#weight *= (1 - this.#random()) ** (1 / this.#size)
    return Math.floor(Math.log(1 - this.#random()) / Math.log(1 - this.#weight))
  }
}
