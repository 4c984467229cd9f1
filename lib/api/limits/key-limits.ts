import { RateLimited } from './rate-limited.ts'

/** What one API key may use at once of one process. */
export type Limits = {
  /** Streams open at a time: filters, resolved ids and change feeds together. */
  readonly streams: number
}

/** Generous: they stop one caller from taking everything, not anybody's work. */
export const defaultLimits: Limits = { streams: 64 }

/** A stream's place among its key's. */
export type Place = {
  /** Gives the place back; harmless to repeat. */
  close(): void
}

/** What each key has open. In this process's memory: a restart begins anew, and each worker counts its own. */
export class KeyLimits {
  readonly #limits: Limits
  readonly #open = new Map<string, number>()
  #all = 0

  constructor(limits: Limits = defaultLimits) {
    this.#limits = limits
  }

  /** Takes a place for one stream of `key`, its id. Throws `rate_limited`. */
  open(key: string): Place {
    const open = this.#open.get(key) ?? 0
    if (open >= this.#limits.streams) {
      throw new RateLimited(`This key has ${open} streams open, which is as many as it may.`, {
        name: 'streams',
        quota: this.#limits.streams,
        parameters: ';qu="concurrent-requests"',
        retryAfterSeconds: 1,
      })
    }
    this.#open.set(key, open + 1)
    this.#all += 1
    let isClosed = false
    return {
      close: () => {
        if (isClosed) return
        isClosed = true
        this.#all -= 1
        const left = (this.#open.get(key) ?? 0) - 1
        if (left > 0) this.#open.set(key, left)
        else this.#open.delete(key)
      },
    }
  }

  /** Streams open now, of all keys. */
  streams(): number {
    return this.#all
  }
}
