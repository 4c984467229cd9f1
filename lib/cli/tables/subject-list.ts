const each = 16
const segment = 1 << 16

/** The random ids of subjects, 16 bytes each, in the order they were resolved; zeros are nobody. */
export class SubjectList {
  readonly #segments: Uint8Array[] = []
  #length = 0

  get length(): number {
    return this.#length
  }

  push(bytes: Uint8Array, at: number): void {
    const place = this.#length % segment
    if (place === 0) this.#segments.push(new Uint8Array(segment * each))
    this.#segments.at(-1)!.set(bytes.subarray(at, at + each), place * each)
    this.#length += 1
  }

  /** The places of `wanted`, given as `sub_…`; and those of nobody, where asked for. */
  find(wanted: ReadonlySet<string>, isNobodyWanted: boolean): readonly number[] {
    const found: number[] = []
    const texts = new Set([...wanted].map((subject) => subject.replace(/^sub_/, '')))
    // Their first bytes decide all but one case in four thousand million.
    const heads = new Set([...texts].map((hex) => Number.parseInt(hex.slice(0, 8), 16)))
    if (isNobodyWanted) {
      heads.add(0)
      texts.add('0'.repeat(2 * each))
    }
    for (let place = 0; place < this.#length; place++) {
      const bytes = this.#segments[Math.floor(place / segment)]!
      const at = (place % segment) * each
      const head =
        ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
      if (!heads.has(head)) continue
      if (texts.has(Buffer.from(bytes.subarray(at, at + each)).toString('hex'))) found.push(place)
    }
    return found
  }
}
