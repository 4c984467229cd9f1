import { AssentError } from '../../domain/errors.ts'

const windowMs = 60_000
const namesMax = 50_000

/** At most `limit` calls a minute for each name, in windows of a minute. Throws `rate_limited`. */
export class RateLimit {
  readonly #limit: number
  #windowEndsAt = 0
  #counts = new Map<string, number>()

  constructor(limit: number) {
    this.#limit = limit
  }

  /** `nowMs` is the caller's clock. */
  count(name: string, nowMs: number): void {
    if (nowMs >= this.#windowEndsAt || this.#counts.size >= namesMax) {
      this.#counts = new Map()
      this.#windowEndsAt = nowMs + windowMs
    }
    const count = (this.#counts.get(name) ?? 0) + 1
    this.#counts.set(name, count)
    if (count > this.#limit)
      throw new AssentError('rate_limited', 'Too many requests; try again in a minute.')
  }
}

/** The network an address belongs to: /24 of IPv4, /48 of IPv6. */
export function addressPrefix(address: string): string {
  const v4 = /(\d+\.\d+\.\d+)\.\d+$/.exec(address)
  return v4?.[1] ?? address.split(':').slice(0, 3).join(':')
}
