import { placeOf, SegmentedTable } from './segmented-table.ts'

const entryWords = 4

/**
 * Identifier digest to subject number. 96 bits of the digest are compared, and ten more choose the segment: among
 * 10^9 identifiers two meet with a chance below 10^-13, and only whoever holds the key could look for them.
 */
export class IdentifierTable {
  /** Of no meaning: what was read ahead must go somewhere, or it need not be read. */
  touched = 0
  readonly #table = new SegmentedTable(entryWords, (segment, at) => segment[at]!)

  /** Makes room for about so many, where there are none yet. */
  reserve(count: number): void {
    this.#table.reserve(count)
  }

  get size(): number {
    return this.#table.size
  }

  /** -1 where it was never recorded. `digest` is four words. */
  find(digest: Int32Array): number {
    return this.#find(digest[0]!, digest[1]!, digest[2]!, digest[3]!)
  }

  #find(a: number, b: number, c: number, d: number): number {
    const segment = this.#table.segment(d)
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

  /**
   * `find` for many at once, whose digests lie one behind another. They are first asked for all together: memory then
   * brings them side by side, where it would bring each only after the last was compared.
   */
  findMany(digests: Int32Array, count: number, into: Int32Array): void {
    this.touch(digests, count)
    for (let n = 0; n < count; n++) {
      into[n] = this.#find(digests[4 * n]!, digests[4 * n + 1]!, digests[4 * n + 2]!, digests[4 * n + 3]!)
    }
  }

  /** Asks memory for where these digests lie, or will. */
  touch(digests: Int32Array, count: number): void {
    let touched = 0
    for (let n = 0; n < count; n++) {
      const segment = this.#table.segment(digests[4 * n + 3]!)
      touched |= segment[placeOf(digests[4 * n]!, segment.length >>> 2) * entryWords]!
    }
    this.touched = touched
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
