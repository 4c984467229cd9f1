const chunkWords = 1 << 18

/** Room for what does not fit a subject's record: blocks of whole steps, given back and taken again by their size. */
export class OverflowArena {
  readonly #chunks: Int32Array[] = []
  readonly #free = new Map<number, number[]>()
  #next = 0

  /** Words that a block for `words` takes up. */
  static roomFor(words: number): number {
    return words <= 64 ? (words + 7) & ~7 : (words + 63) & ~63
  }

  /** The address of a block of `roomFor(words)` words. */
  take(words: number): number {
    const room = OverflowArena.roomFor(words)
    const free = this.#free.get(room)?.pop()
    if (free !== undefined) return free
    if ((this.#next % chunkWords) + room > chunkWords || this.#next === this.#chunks.length * chunkWords) {
      this.#next = this.#chunks.length * chunkWords
      this.#chunks.push(new Int32Array(chunkWords))
    }
    const address = this.#next
    this.#next += room
    return address
  }

  give(address: number, words: number): void {
    const room = OverflowArena.roomFor(words)
    const free = this.#free.get(room)
    if (free === undefined) this.#free.set(room, [address])
    else free.push(address)
  }

  chunkOf(address: number): Int32Array {
    return this.#chunks[Math.floor(address / chunkWords)]!
  }

  offsetOf(address: number): number {
    return address % chunkWords
  }

  bytes(): number {
    return this.#chunks.length * chunkWords * 4
  }
}
