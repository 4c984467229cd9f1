const quote = 0x22
const backslash = 0x5c
const colon = 0x3a
const comma = 0x2c
const minus = 0x2d
const zero = 0x30
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d
const depthMax = 60

/** Of a byte within a string: 0 for ASCII that stands for itself, then what must be looked at. */
const kinds = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === quote ? 1 : byte === backslash ? 2 : byte < 0x20 ? 3 : byte > 0x7f ? 4 : 0,
)
const lineSpaces = [0x20, 0x09]
const allSpaces = [...lineSpaces, 0x0a, 0x0d]

/**
 * Where ASCII that stands for itself within a string ends, from `start` on. `view` is over the same bytes: four at a
 * time are looked at together, and one by one where one of them may be another.
 */
export function plainEnd(bytes: Uint8Array, view: DataView, start: number): number {
  const { length } = bytes
  let at = start
  while (at + 4 <= length && areFourPlain(view.getInt32(at, true))) at += 4
  while (at < length && kinds[bytes[at]!] === 0) at++
  return at
}

/**
 * Subtracting 1 from each byte borrows from the byte above only where it was 0, and 0x20 only where it was less: the
 * lowest byte that is a quote, a backslash, a control or beyond ASCII always shows in its highest bit.
 */
function areFourPlain(word: number): boolean {
  const quotes = word ^ 0x22222222
  const backslashes = word ^ 0x5c5c5c5c
  const found =
    ((quotes - 0x01010101) & ~quotes) |
    ((backslashes - 0x01010101) & ~backslashes) |
    (word - 0x20202020) |
    word
  return (found & 0x80808080) === 0
}

/**
 * Walks over JSON (RFC 8259) in bytes as strictly as `JSON.parse` does, but for bytes beyond ASCII, of which it tells,
 * and for nesting beyond 60, which it does not take. Every method answers where the thing at `at` ends, -1 where it is
 * none or goes on past the end.
 */
export class JsonBytes {
  buffer: Uint8Array = new Uint8Array(0)
  end = 0
  /** Whether a string had bytes beyond ASCII: then it still may not be UTF-8. */
  hasMore = false
  readonly #isSpace: Uint8Array

  /** In `line`s the end of one is no white space. */
  constructor(form: 'line' | 'document') {
    this.#isSpace = new Uint8Array(256)
    for (const byte of form === 'line' ? lineSpaces : allSpaces) this.#isSpace[byte] = 1
  }

  open(buffer: Uint8Array, end: number): void {
    this.buffer = buffer
    this.end = end
    this.hasMore = false
  }

  space(start: number): number {
    let at = start
    while (at < this.end && this.#isSpace[this.buffer[at]!] === 1) at++
    return at
  }

  string(start: number): number {
    const { buffer, end } = this
    if (start >= end || buffer[start] !== quote) return -1
    for (let at = start + 1; at < end; at++) {
      const kind = kinds[buffer[at]!]
      if (kind === 0) continue
      if (kind === 1) return at + 1
      if (kind === 3) return -1
      if (kind === 4) this.hasMore = true
      else {
        at = this.#escape(at + 1)
        if (at < 0) return -1
      }
    }
    return -1
  }

  /** A string of ASCII without escapes. */
  plainString(start: number): number {
    const { buffer, end } = this
    if (start >= end || buffer[start] !== quote) return -1
    let at = start + 1
    while (at < end && kinds[buffer[at]!] === 0) at++
    return at < end && buffer[at] === quote ? at + 1 : -1
  }

  /** Any value, `depth` levels down. */
  value(at: number, depth: number): number {
    if (at >= this.end) return -1
    switch (this.buffer[at]) {
      case quote:
        return this.string(at)
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
        return this.number(at)
    }
  }

  /** A number, which something must follow: what is cut off here may go on. */
  number(start: number): number {
    const { buffer } = this
    let at = buffer[start] === minus ? start + 1 : start
    const first = at
    at = this.#digits(at)
    if (at === first || (buffer[first] === zero && at > first + 1)) return -1
    if (at < this.end && buffer[at] === 0x2e) {
      const fraction = at + 1
      at = this.#digits(fraction)
      if (at === fraction) return -1
    }
    if (at < this.end && (buffer[at] === 0x65 || buffer[at] === 0x45)) {
      const exponent = buffer[at + 1] === 0x2b || buffer[at + 1] === minus ? at + 2 : at + 1
      at = this.#digits(exponent)
      if (at === exponent) return -1
    }
    return at < this.end ? at : -1
  }

  #digits(start: number): number {
    let at = start
    while (at < this.end && this.buffer[at]! >= zero && this.buffer[at]! <= 0x39) at++
    return at
  }

  /** The last byte of an escape whose letter is at `at`. */
  #escape(at: number): number {
    const letter = this.buffer[at]!
    if (letter === 0x75) {
      if (at + 4 >= this.end) return -1
      for (let i = 1; i <= 4; i++) if (!isHex(this.buffer[at + i]!)) return -1
      return at + 4
    }
    // " \ / b f n r t
    return at < this.end && [0x22, 0x5c, 0x2f, 0x62, 0x66, 0x6e, 0x72, 0x74].includes(letter) ? at : -1
  }

  #nested(start: number, depth: number, close: number): number {
    const { buffer } = this
    if (depth > depthMax) return -1
    let at = this.space(start + 1)
    if (at < this.end && buffer[at] === close) return at + 1
    for (;;) {
      if (close === closeBrace) {
        at = this.string(at)
        if (at < 0) return -1
        at = this.space(at)
        if (at >= this.end || buffer[at] !== colon) return -1
        at = this.space(at + 1)
      }
      at = this.value(at, depth + 1)
      if (at < 0) return -1
      at = this.space(at)
      if (at >= this.end) return -1
      if (buffer[at] === close) return at + 1
      if (buffer[at] !== comma) return -1
      at = this.space(at + 1)
    }
  }

  #literal(at: number, word: string): number {
    if (at + word.length > this.end) return -1
    for (let i = 0; i < word.length; i++) if (this.buffer[at + i] !== word.charCodeAt(i)) return -1
    return at + word.length
  }
}

function isHex(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66)
}
