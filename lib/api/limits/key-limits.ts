import { setTimeout as delay } from 'node:timers/promises'
import { RateLimited } from './rate-limited.ts'
import { TokenBucket } from './token-bucket.ts'

/** What one API key may use of one process. */
export type Limits = {
  /** Streams open at a time: filters, resolved ids and change feeds together. */
  readonly streams: number
  /** Bytes a second that its filters and resolves send in. */
  readonly bytesASecond: number
  /** Records and ids a second in them. */
  readonly recordsASecond: number
  /** Bytes of answers it has not taken yet, in all of its streams. */
  readonly bytesInFlight: number
}

/** Generous: they stop one caller from taking everything, not anybody's work. */
export const defaultLimits: Limits = {
  streams: 64,
  bytesASecond: 1_073_741_824,
  recordsASecond: 10_000_000,
  bytesInFlight: 67_108_864,
}

/** So many seconds' worth may be used at once. */
const burstSeconds = 10

/** A stream's place among its key's. */
export type Place = {
  /** Counts what came in. Resolves once the key may send more: whoever waits for it slows her sender down. */
  spend(bytes: number, records: number): Promise<void> | undefined
  /** Counts what goes out, until the answered function is called: then the reader has taken it. */
  hold(bytes: number): () => void
  /** Resolves once the key has taken enough of its answers that more may be written. */
  room(): Promise<void> | undefined
  /** Gives the place back, and what it holds; harmless to repeat. */
  close(): void
}

type Use = {
  open: number
  inFlight: number
  readonly bytes: TokenBucket
  readonly records: TokenBucket
  readonly waiting: Set<() => void>
}

/** What each key uses. In this process's memory: a restart begins anew, and each worker counts its own. */
export class KeyLimits {
  readonly #limits: Limits
  readonly #monotonic: () => number
  readonly #uses = new Map<string, Use>()
  #streams = 0

  /** `monotonic` gives milliseconds that only grow. */
  constructor(limits: Limits = defaultLimits, monotonic: () => number = () => performance.now()) {
    this.#limits = limits
    this.#monotonic = monotonic
  }

  /** Takes a place for one stream of `key`, its id. Throws `rate_limited`. */
  open(key: string): Place {
    const use = this.#usageOf(key)
    this.#assertMayOpen(use)
    use.open += 1
    this.#streams += 1
    let isClosed = false
    const held = new Set<() => void>()
    const own = new Set<() => void>()
    return {
      spend: (bytes, records) => {
        const nowMs = this.#monotonic()
        const waitMs = Math.max(use.bytes.take(bytes, nowMs), use.records.take(records, nowMs))
        return waitMs > 0 ? delay(waitMs) : undefined
      },
      hold: (bytes) => {
        use.inFlight += bytes
        const release = () => {
          if (!held.delete(release)) return
          use.inFlight -= bytes
          if (use.inFlight <= this.#limits.bytesInFlight) for (const go of use.waiting) go()
        }
        held.add(release)
        return release
      },
      room: () => {
        if (use.inFlight <= this.#limits.bytesInFlight || isClosed) return undefined
        return new Promise((resolve) => {
          const go = () => {
            use.waiting.delete(go)
            own.delete(go)
            resolve()
          }
          use.waiting.add(go)
          own.add(go)
        })
      },
      close: () => {
        if (isClosed) return
        isClosed = true
        use.open -= 1
        this.#streams -= 1
        for (const release of held) release()
        for (const go of own) go()
      },
    }
  }

  /** Streams open now, of all keys. */
  streams(): number {
    return this.#streams
  }

  #usageOf(key: string): Use {
    let use = this.#uses.get(key)
    if (use === undefined) {
      const nowMs = this.#monotonic()
      use = {
        ...{ open: 0, inFlight: 0 },
        bytes: new TokenBucket(this.#limits.bytesASecond, burstSeconds, nowMs),
        records: new TokenBucket(this.#limits.recordsASecond, burstSeconds, nowMs),
        waiting: new Set(),
      }
      this.#uses.set(key, use)
    }
    return use
  }

  #assertMayOpen(use: Use): void {
    const { streams, bytesASecond, recordsASecond } = this.#limits
    if (use.open >= streams) {
      throw new RateLimited(`This key has ${use.open} streams open, which is as many as it may.`, {
        ...{ name: 'streams', quota: streams, parameters: ';qu="concurrent-requests"' },
        retryAfterSeconds: 1,
      })
    }
    const nowMs = this.#monotonic()
    const rates = [
      { name: 'bytes', unit: ';qu="content-bytes"', aSecond: bytesASecond, bucket: use.bytes },
      { name: 'records', unit: '', aSecond: recordsASecond, bucket: use.records },
    ]
    for (const { name, unit, aSecond, bucket } of rates) {
      const waitMs = bucket.take(0, nowMs)
      if (waitMs === 0) continue
      throw new RateLimited(`This key has sent as many ${name} as it may for now.`, {
        ...{ name, quota: aSecond * burstSeconds, parameters: `${unit};w=${burstSeconds}` },
        retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1_000)),
      })
    }
  }
}
