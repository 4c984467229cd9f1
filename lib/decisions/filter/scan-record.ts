import { JsonBytes } from './json-bytes.ts'

const quote = 0x22
const comma = 0x2c
const colon = 0x3a
const minus = 0x2d
const zero = 0x30
const openBrace = 0x7b
const closeBrace = 0x7d
const backslash = 0x5c

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
  readonly #names: readonly Uint8Array[]
  readonly #json = new JsonBytes('line')

  /** `names` of members at the top of a record, each once. */
  constructor(names: readonly string[]) {
    this.#names = names.map((name) => encoder.encode(name))
    this.spans = names.map(() => ({ start: 0, end: 0, kind: 'none' as const }))
  }

  /** Whether the line had bytes beyond ASCII: then it still may not be UTF-8. */
  get hasMore(): boolean {
    return this.#json.hasMore
  }

  /** Reads the line at `start`; answers where it ends, its line end included, or -1 where it is not plain or whole. */
  scan(buffer: Uint8Array, start: number, end: number): number {
    const json = this.#json
    json.open(buffer, end)
    for (const span of this.spans) span.kind = 'none'
    let at = json.space(start)
    if (buffer[at] !== openBrace) return -1
    at = json.space(at + 1)
    if (buffer[at] === closeBrace) return this.#lineEnd(at + 1)
    for (;;) {
      const name = at
      at = json.string(at)
      if (at < 0) return -1
      const wanted = this.#wanted(name + 1, at - 1)
      if (wanted === -2) return -1
      at = json.space(at)
      if (buffer[at] !== colon) return -1
      at = json.space(at + 1)
      const value = at
      at = wanted < 0 ? json.value(at, 1) : this.#decisive(this.spans[wanted]!, at)
      if (at <= value) return -1
      at = json.space(at)
      if (buffer[at] === closeBrace) return this.#lineEnd(at + 1)
      if (buffer[at] !== comma) return -1
      at = json.space(at + 1)
    }
  }

  /** The member that bytes name; -1 for none, -2 where they may be one in disguise or there twice. */
  #wanted(from: number, to: number): number {
    const { buffer } = this.#json
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
    const json = this.#json
    const first = json.buffer[at]!
    if (first === quote) {
      const end = json.plainString(at)
      span.start = at + 1
      span.end = end - 1
      span.kind = 'string'
      return end
    }
    if (first === 0x6e) {
      span.kind = 'null'
      return json.value(at, 1)
    }
    const end = json.number(at)
    if (end < 0) return -1
    for (let digit = first === minus ? at + 1 : at; digit < end; digit++) {
      const byte = json.buffer[digit]!
      if (byte < zero || byte > 0x39) return -1
    }
    span.start = at
    span.end = end
    span.kind = 'integer'
    return end
  }

  #lineEnd(start: number): number {
    let at = this.#json.space(start)
    if (this.#json.buffer[at] === 0x0d) at++
    return at < this.#json.end && this.#json.buffer[at] === 0x0a ? at + 1 : -1
  }
}
