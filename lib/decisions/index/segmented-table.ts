const segmentBits = 10
const segments = 1 << segmentBits
const capacityAtFirst = 16
const loadMax = 0.75
const growth = 1.25
/** Segments are not filled alike: of a thousand entries each, all but one in forty have fewer than so many times that. */
const spread = 1.06

/** Where an entry would lie among `capacity`, by 32 random bits. */
export function placeOf(bits: number, capacity: number): number {
  return Math.floor(((bits >>> 0) * capacity) / 0x1_0000_0000)
}

/**
 * Open addressing in many small segments, each growing by itself: growing never copies more than a thousandth of the
 * whole, so nobody waits for it, and little room stands empty. Entries are `words` words; the last holds a number
 * above 0, so 0 there marks a free place.
 */
export class SegmentedTable {
  readonly #words: number
  readonly #segments: Int32Array[]
  readonly #counts = new Uint32Array(segments)
  /** The 32 random bits by which an entry finds its place. */
  readonly #bitsOf: (segment: Int32Array, at: number) => number
  size = 0

  constructor(words: number, bitsOf: (segment: Int32Array, at: number) => number) {
    this.#words = words
    this.#bitsOf = bitsOf
    this.#segments = Array.from({ length: segments }, () => new Int32Array(capacityAtFirst * words))
  }

  /**
   * Makes room for about so many entries, where there are none yet: they are then not moved again and again while they
   * come. No more room than growing to as many would leave.
   */
  reserve(count: number): void {
    const capacity = Math.ceil(((count / segments) * spread) / loadMax)
    if (this.size > 0 || capacity <= capacityAtFirst) return
    for (let index = 0; index < segments; index++) {
      this.#segments[index] = new Int32Array(capacity * this.#words)
    }
  }

  /** `bits` are 32 random bits other than those that place entries. */
  segment(bits: number): Int32Array {
    return this.#segments[bits >>> (32 - segmentBits)]!
  }

  /** A segment with room for one more entry; the caller adds it. */
  segmentForOneMore(bits: number): Int32Array {
    const index = bits >>> (32 - segmentBits)
    const segment = this.#segments[index]!
    const capacity = segment.length / this.#words
    const count = this.#counts[index]! + 1
    this.#counts[index] = count
    this.size += 1
    if (count <= capacity * loadMax) return segment
    const grown = new Int32Array(Math.ceil(capacity * growth) * this.#words)
    for (let at = 0; at < segment.length; at += this.#words) {
      if (segment[at + this.#words - 1] === 0) continue
      const to = this.firstFree(grown, this.#bitsOf(segment, at))
      for (let word = 0; word < this.#words; word++) grown[to + word] = segment[at + word]!
    }
    this.#segments[index] = grown
    return grown
  }

  firstFree(segment: Int32Array, bits: number): number {
    const words = this.#words
    let at = placeOf(bits, segment.length / words) * words
    while (segment[at + words - 1] !== 0) {
      at += words
      if (at === segment.length) at = 0
    }
    return at
  }

  bytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.byteLength, 0)
  }
}
