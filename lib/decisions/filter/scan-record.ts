const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const colon = 0x3a
const minus = 0x2d
const zero = 0x30
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d
const depthMax = 60

/** A member's value as it stands in the line. */
export type Span = { start: number; end: number; kind: 'none' | 'string' | 'integer' | 'null' }

const encoder = new TextEncoder()

/**
 * Reads plain records straight from bytes: one JSON object in a line, the wanted members at its top, their values in
 * ASCII without escapes. It checks the whole line as strictly as `JSON.parse` does, but for bytes beyond ASCII, of
 * which it tells. Whatever is not plainly within this is left to the reader that understands everything.
 */
export class RecordScanner {
  readonly spans: readonly Span[]
  /** Whether the line had bytes beyond ASCII: then it still may not be UTF-8. */
  hasMore = false
  readonly #names: readonly Uint8Array[]
  #buffer: Uint8Array = new Uint8Array(0)
  #end = 0

  /** `names` of members at the top of a record, each once. */
  constructor(names: readonly string[]) {
    this.#names = names.map((name) => encoder.encode(name))
    this.spans = names.map(() => ({ start: 0, end: 0, kind: 'none' as const }))
  }

  /** Reads the line at `start`; answers where it ends, its line end included, or -1 where it is not plain or whole. */
  scan(buffer: Uint8Array, start: number, end: number): number {
    this.#buffer = buffer
    this.#end = end
    this.hasMore = false
    for (const span of this.spans) span.kind = 'none'
    let at = this.#space(start)
    if (buffer[at] !== openBrace) return -1
    at = this.#space(at + 1)
    if (buffer[at] === closeBrace) return this.#lineEnd(at + 1)
    for (;;) {
      const name = at
      at = this.#string(at)
      if (at < 0) return -1
      const wanted = this.#wanted(name + 1, at - 1)
      if (wanted === -2) return -1
      at = this.#space(at)
      if (buffer[at] !== colon) return -1
      at = this.#space(at + 1)
      const value = at
      at = wanted < 0 ? this.#value(at, 1) : this.#decisive(this.spans[wanted]!, at)
      if (at <= value) return -1
      at = this.#space(at)
      if (buffer[at] === closeBrace) return this.#lineEnd(at + 1)
      if (buffer[at] !== comma) return -1
      at = this.#space(at + 1)
    }
  }

  /** The member that bytes name; -1 for none, -2 where they may be one in disguise or there twice. */
  #wanted(from: number, to: number): number {
    const buffer = this.#buffer
    const length = to - from
    for (let at = from; at < to; at++) if (buffer[at] === backslash) return -2
    for (let n = 0; n < this.#names.length; n++) {
      const name = this.#names[n]!
      if (name.length !== length) continue
      let same = 0
      while (same < length && name[same] === buffer[from + same]) same++
      if (same === length) return this.spans[n]!.kind === 'none' ? n : -2
    }
    return -1
  }

  #decisive(span: Span, at: number): number {
    const first = this.#buffer[at]!
    if (first === quote) {
      const hadMore = this.hasMore
      this.hasMore = false
      const end = this.#string(at)
      const isPlain = end > 0 && !this.hasMore && this.#isUnescaped(at + 1, end - 1)
      this.hasMore ||= hadMore
      span.start = at + 1
      span.end = end - 1
      span.kind = 'string'
      return isPlain ? end : -1
    }
    if (first === 0x6e) {
      span.kind = 'null'
      return this.#value(at, 1)
    }
    const end = this.#number(at)
    if (end < 0) return -1
    for (let digit = first === minus ? at + 1 : at; digit < end; digit++) {
      const byte = this.#buffer[digit]!
      if (byte < zero || byte > 0x39) return -1
    }
    span.start = at
    span.end = end
    span.kind = 'integer'
    return end
  }

  #isUnescaped(from: number, to: number): boolean {
    for (let at = from; at < to; at++) if (this.#buffer[at] === backslash) return false
    return true
  }

  #space(start: number): number {
    const buffer = this.#buffer
    let at = start
    while (at < this.#end && (buffer[at] === 0x20 || buffer[at] === 0x09)) at++
    return at
  }

  #lineEnd(start: number): number {
    let at = this.#space(start)
    if (this.#buffer[at] === 0x0d) at++
    return at < this.#end && this.#buffer[at] === 0x0a ? at + 1 : -1
  }

  /** Where the string at `start` ends; -1 for none. */
  #string(start: number): number {
    const buffer = this.#buffer
    const end = this.#end
    if (buffer[start] !== quote) return -1
    let bits = 0
    for (let at = start + 1; at < end; at++) {
      const byte = buffer[at]!
      if (byte === quote) {
        if (bits > 0x7f) this.hasMore = true
        return at + 1
      }
      if (byte < 0x20) return -1
      bits |= byte
      if (byte === backslash) {
        at = this.#escape(at + 1)
        if (at < 0) return -1
      }
    }
    return -1
  }

  /** The last byte of an escape whose letter is at `at`; -1 where it is none. */
  #escape(at: number): number {
    const letter = this.#buffer[at]!
    if (letter === 0x75) {
      if (at + 4 >= this.#end) return -1
      for (let i = 1; i <= 4; i++) if (!isHex(this.#buffer[at + i]!)) return -1
      return at + 4
    }
    // " \ / b f n r t
    return at < this.#end && [0x22, 0x5c, 0x2f, 0x62, 0x66, 0x6e, 0x72, 0x74].includes(letter) ? at : -1
  }

  #value(at: number, depth: number): number {
    switch (this.#buffer[at]) {
      case quote:
        return this.#string(at)
      case openBrace:
        return this.#nested(at, depth, closeBrace)
      case openBracket:
        return this.#nested(at, depth, closeBracket)
      case 0x74:
        return this.#literal(at, 'true')
      case 0x66:
        return this.#literal(at, 'false')
      case 0x6e:
        return this.#literal(at, 'null')
      default:
        return this.#number(at)
    }
  }

  #nested(start: number, depth: number, close: number): number {
    const buffer = this.#buffer
    if (depth > depthMax) return -1
    let at = this.#space(start + 1)
    if (buffer[at] === close) return at + 1
    for (;;) {
      if (close === closeBrace) {
        at = this.#string(at)
        if (at < 0) return -1
        at = this.#space(at)
        if (buffer[at] !== colon) return -1
        at = this.#space(at + 1)
      }
      at = this.#value(at, depth + 1)
      if (at < 0) return -1
      at = this.#space(at)
      if (buffer[at] === close) return at + 1
      if (buffer[at] !== comma) return -1
      at = this.#space(at + 1)
    }
  }

  #literal(at: number, word: string): number {
    for (let i = 0; i < word.length; i++) if (this.#buffer[at + i] !== word.charCodeAt(i)) return -1
    return at + word.length <= this.#end ? at + word.length : -1
  }

  /** RFC 8259 §6. */
  #number(start: number): number {
    const buffer = this.#buffer
    let at = buffer[start] === minus ? start + 1 : start
    const first = at
    at = this.#digits(at)
    if (at === first || (buffer[first] === zero && at > first + 1)) return -1
    if (buffer[at] === 0x2e) {
      const fraction = at + 1
      at = this.#digits(fraction)
      if (at === fraction) return -1
    }
    if (buffer[at] === 0x65 || buffer[at] === 0x45) {
      const exponent = buffer[at + 1] === 0x2b || buffer[at + 1] === minus ? at + 2 : at + 1
      at = this.#digits(exponent)
      if (at === exponent) return -1
    }
    // What the chunk cuts off may go on.
    return at < this.#end ? at : -1
  }

  #digits(start: number): number {
    let at = start
    while (at < this.#end && this.#buffer[at]! >= zero && this.#buffer[at]! <= 0x39) at++
    return at
  }
}

function isHex(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66)
}
