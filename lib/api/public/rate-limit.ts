import { AssentError } from '../../domain/errors.ts'

const minuteMs = 60_000
const namesMax = 50_000

/** At most `limit` calls for each name, in windows of a minute where no other is said. */
export class RateLimit {
  readonly #limit: number
  readonly #windowMs: number
  #windowEndsAt = 0
  #counts = new Map<string, number>()

  constructor(limit: number, windowMs = minuteMs) {
    this.#limit = limit
    this.#windowMs = windowMs
  }

  /** `nowMs` is the caller's clock. Throws `rate_limited`. */
  count(name: string, nowMs: number): void {
    if (!this.takes(name, nowMs))
      throw new AssentError('rate_limited', 'Too many requests; try again in a minute.')
  }

  /** Counts one more; false where it is one too many. */
  takes(name: string, nowMs: number): boolean {
    if (nowMs >= this.#windowEndsAt || this.#counts.size >= namesMax) {
      this.#counts = new Map()
      this.#windowEndsAt = nowMs + this.#windowMs
    }
    const count = (this.#counts.get(name) ?? 0) + 1
    this.#counts.set(name, count)
    return count <= this.#limit
  }
}

/** The network an address belongs to: /24 of IPv4, /48 of IPv6. */
export function addressPrefix(address: string): string {
  const v4 = /(\d+\.\d+\.\d+)\.\d+$/.exec(address)
  return v4?.[1] ?? address.split(':').slice(0, 3).join(':')
}
