import type { Line } from './link.ts'

type Kept = { readonly firstSeq: number; readonly seq: number; readonly events: number; readonly line: Line }

const bytesMax = 64 * 1_048_576
const eventsAtOnce = 1_000

/** The newest batches, kept while a worker loads, for what it must be given after what it has loaded. */
export class Backlog {
  readonly #kept: Kept[] = []
  #bytes = 0

  add(batch: Kept): void {
    this.#kept.push(batch)
    this.#bytes += batch.line.length
    while (this.#bytes > bytesMax) this.#bytes -= this.#kept.shift()?.line.length ?? this.#bytes
  }

  clear(): void {
    this.#kept.length = 0
    this.#bytes = 0
  }

  /**
   * The first of what follows `seq`, about a thousand events, and whether that is all of it. Undefined where it begins
   * after a gap.
   */
  after(
    seq: number,
    headSeq: number,
  ): { readonly batches: readonly Kept[]; readonly isAll: boolean } | undefined {
    if (seq >= headSeq) return { batches: [], isAll: true }
    const from = this.#kept.findIndex((batch) => batch.seq > seq)
    if (from < 0 || this.#kept[from]!.firstSeq > seq + 1) return undefined
    let events = 0
    let to = from
    while (to < this.#kept.length && events < eventsAtOnce) events += this.#kept[to++]!.events
    return { batches: this.#kept.slice(from, to), isAll: to === this.#kept.length }
  }
}
