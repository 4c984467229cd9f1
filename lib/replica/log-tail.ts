import type { AppliedObserver } from '../decisions/decisions.ts'
import { batchJson } from './pages.ts'

type Kept = { readonly afterSeq: number; readonly seq: number; readonly json: string }

const bytesMax = 16 * 1_048_576
const pageBytesMax = 4 * 1_048_576
/** Without a reader for so long nothing is kept: a node that nobody follows pays nothing. */
const unreadMs = 60_000

/** The newest batches as JSON, for readers who are nearly up to date. */
export class LogTail implements AppliedObserver {
  #kept: Kept[] = []
  #bytes = 0
  #readAt = Number.NEGATIVE_INFINITY
  readonly #monotonic: () => number

  constructor(monotonic: () => number = () => performance.now()) {
    this.#monotonic = monotonic
  }

  applied(batch: Parameters<AppliedObserver['applied']>[0]): void {
    if (this.#monotonic() - this.#readAt > unreadMs) {
      this.dropped()
      return
    }
    const json = batchJson(batch)
    this.#kept.push({ afterSeq: batch.events[0]!.seq - 1, seq: batch.head.seq, json })
    this.#bytes += json.length
    while (this.#bytes > bytesMax) this.#bytes -= this.#kept.shift()?.json.length ?? this.#bytes
  }

  dropped(): void {
    this.#kept = []
    this.#bytes = 0
  }

  /** Somebody follows this node: what is applied from now on is kept. */
  expectReader(): void {
    this.#readAt = this.#monotonic()
  }

  /** The first of what follows `seq`. Undefined where it is not kept, or a batch lies across that place. */
  after(seq: number): readonly string[] | undefined {
    let low = 0
    let high = this.#kept.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#kept[middle]!.afterSeq < seq) low = middle + 1
      else high = middle
    }
    if (this.#kept[low]?.afterSeq !== seq) return undefined
    const batches: string[] = []
    let bytes = 0
    for (let at = low; at < this.#kept.length && bytes < pageBytesMax; at++) {
      const { json } = this.#kept[at]!
      batches.push(json)
      bytes += json.length
    }
    return batches
  }
}
