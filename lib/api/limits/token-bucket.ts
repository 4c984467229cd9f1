/**
 * So much a second, of which `burstSeconds` may be used at once. What was used beyond that is a debt: it says how long to
 * wait until it is paid.
 */
export class TokenBucket {
  readonly #aSecond: number
  readonly #most: number
  #level: number
  #filledAtMs: number

  constructor(aSecond: number, burstSeconds: number, nowMs: number) {
    this.#aSecond = aSecond
    this.#most = aSecond * burstSeconds
    this.#level = this.#most
    this.#filledAtMs = nowMs
  }

  /** Milliseconds until what was taken is paid; 0 where nothing is owed. `nowMs` never falls. */
  take(amount: number, nowMs: number): number {
    const filled = this.#level + ((nowMs - this.#filledAtMs) / 1_000) * this.#aSecond
    this.#level = Math.min(this.#most, filled) - amount
    this.#filledAtMs = nowMs
    return this.#level >= 0 ? 0 : (-this.#level / this.#aSecond) * 1_000
  }
}
