import { plainEnd } from '../../decisions/filter/json-bytes.ts'

/** Longest form that is kept, and most values in it. */
const literalBytesMax = 1_024
const valuesMax = 8

/**
 * What the items of a batch that one program wrote have in common: all bytes but those of their values. Held to the
 * form of the last item, an item is compared four bytes at a time and only its values are looked at one by one.
 *
 * A form is made of an item that was read as JSON: its values are strings, and what lies between two of them, from
 * quote to quote, is the same in every item that matches. Plain text has no quote, so both are read alike.
 */
export class ItemForm {
  /** Values of the item read last, one behind another: where each begins and ends. */
  readonly values = new Int32Array(2 * valuesMax)
  /** Where each value goes, -1 where it is not asked for; and how long it may be. */
  readonly #into = new Int32Array(valuesMax)
  readonly #max = new Int32Array(valuesMax)
  readonly #literals: Uint8Array[] = []
  readonly #words: Int32Array[] = []
  #count = 0
  #isMade = false

  /** Begins with the next item; `note` follows for each of its values in turn. */
  begin(): void {
    this.#isMade = false
    this.#count = 0
  }

  /** A value of `from` to `to`. */
  note(from: number, to: number, into: number, max: number): void {
    if (this.#count < valuesMax) {
      this.values[2 * this.#count] = from
      this.values[2 * this.#count + 1] = to
      this.#into[this.#count] = into
      this.#max[this.#count] = max
    }
    this.#count += 1
  }

  /** The item, from `start` to `end`, is plain: others may be like it. */
  make(bytes: Uint8Array, start: number, end: number): void {
    if (this.#count > valuesMax || end - start > literalBytesMax) return
    let at = start
    for (let n = 0; n <= this.#count; n++) {
      const to = n < this.#count ? this.values[2 * n]! : end
      const literal = Uint8Array.from(bytes.subarray(at, to))
      this.#literals[n] = literal
      this.#words[n] = wordsOf(literal)
      at = n < this.#count ? this.values[2 * n + 1]! : end
    }
    this.#isMade = true
  }

  /**
   * Where an item like the last ends, -1 where that at `start` is another. Its values are noted in `spans`, each at
   * its own place behind `base`. `view` is over the same bytes.
   */
  read(bytes: Uint8Array, view: DataView, start: number, spans: Int32Array, base: number): number {
    if (!this.#isMade) return -1
    let at = this.#same(bytes, view, 0, start)
    for (let n = 0; n < this.#count; n++) {
      if (at < 0) return -1
      const end = plainEnd(bytes, view, at)
      if (end === at || end - at > this.#max[n]!) return -1
      const into = this.#into[n]!
      if (into >= 0) {
        spans[base + into] = at
        spans[base + into + 1] = end
      }
      at = this.#same(bytes, view, n + 1, end)
    }
    return at
  }

  /** Where the `n`th literal ends, if it is what lies at `start`; else -1. */
  #same(bytes: Uint8Array, view: DataView, n: number, start: number): number {
    const literal = this.#literals[n]!
    const { length } = literal
    const end = start + length
    if (end > bytes.length) return -1
    if (length < 4) {
      for (let at = 0; at < length; at++) if (bytes[start + at] !== literal[at]) return -1
      return end
    }
    const words = this.#words[n]!
    const last = words.length - 1
    for (let word = 0; word < last; word++) {
      if (view.getInt32(start + 4 * word, true) !== words[word]) return -1
    }
    return view.getInt32(end - 4, true) === words[last] ? end : -1
  }
}

/** Four bytes each; the last are its last four, wherever the one before ends. */
function wordsOf(literal: Uint8Array): Int32Array {
  const view = new DataView(literal.buffer)
  return Int32Array.from({ length: Math.ceil(literal.length / 4) }, (_, word) =>
    literal.length < 4 ? 0 : view.getInt32(Math.min(4 * word, literal.length - 4), true),
  )
}
