export const lineBytesMax = 1_048_576
const newline = 0x0a

/** A line with its line end, if it has one; null where it is longer than 1 MiB and was passed over. */
export type Line = Buffer | null

/** Cuts chunks into lines, byte for byte, holding at most one line and one chunk at a time. */
export class LineSplitter {
  #rest: Buffer[] = []
  #restLength = 0
  #isTooLong = false

  /** Whether the beginning of a line is held. */
  get isHolding(): boolean {
    return this.#restLength > 0 || this.#isTooLong
  }

  #take(last: Buffer): Line {
    const isTooLong = this.#isTooLong || this.#restLength + last.length > lineBytesMax
    const line = this.#rest.length === 0 ? last : Buffer.concat([...this.#rest, last])
    this.#rest = []
    this.#restLength = 0
    this.#isTooLong = false
    return isTooLong ? null : line
  }

  #keep(part: Buffer): void {
    if (this.#isTooLong) return
    this.#restLength += part.length
    if (this.#restLength <= lineBytesMax) {
      this.#rest.push(part)
      return
    }
    this.#isTooLong = true
    this.#rest = []
    this.#restLength = 0
  }

  *push(chunk: Buffer): Generator<Line> {
    let start = 0
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      yield this.#take(chunk.subarray(start, end + 1))
      start = end + 1
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start))
  }

  /** The last line, where no line end follows it. */
  *end(): Generator<Line> {
    if (this.isHolding) yield this.#take(Buffer.alloc(0))
  }
}
