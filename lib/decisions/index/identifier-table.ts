import { placeOf, SegmentedTable } from './segmented-table.ts'

const entryWords = 4

/**
 * Identifier digest to subject number. 96 bits of the digest are compared, and ten more choose the segment: among
 * 10^9 identifiers two meet with a chance below 10^-13, and only whoever holds the key could look for them.
 */
export class IdentifierTable {
  readonly #table = new SegmentedTable(entryWords, (segment, at) => segment[at]!)

  get size(): number {
    return this.#table.size
  }

  /** -1 where it was never recorded. `digest` is four words. */
  find(digest: Int32Array): number {
    const a = digest[0]!
    const b = digest[1]!
    const c = digest[2]!
    const segment = this.#table.segment(digest[3]!)
    const end = segment.length
    let at = placeOf(a, end >>> 2) * entryWords
    for (;;) {
      const subject = segment[at + 3]!
      if (subject === 0) return -1
      if (segment[at] === a && segment[at + 1] === b && segment[at + 2] === c) return subject - 1
      at += entryWords
      if (at === end) at = 0
    }
  }

  /** Harmless to repeat; an identifier never comes to mean another subject. */
  put(digest: Int32Array, subject: number): void {
    if (this.find(digest) >= 0) return
    const segment = this.#table.segmentForOneMore(digest[3]!)
    const at = this.#table.firstFree(segment, digest[0]!)
    segment[at] = digest[0]!
    segment[at + 1] = digest[1]!
    segment[at + 2] = digest[2]!
    segment[at + 3] = subject + 1
  }

  bytes(): number {
    return this.#table.bytes()
  }
}
