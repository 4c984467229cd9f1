import { isUtf8 } from 'node:buffer'
import { JsonBytes } from '../../decisions/filter/json-bytes.ts'
import { ItemForm } from './item-form.ts'

const quote = 0x22
const colon = 0x3a
const comma = 0x2c
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d

const encoder = new TextEncoder()
const names = (...all: string[]) => all.map((name) => encoder.encode(name))
const topNames = ['subject', 'action', 'resource', 'context', 'options', 'evaluations'] as const
const topBytes = names(...topNames)
const evaluationsAt = topNames.indexOf('evaluations')
const itemBytes = names('subject', 'action', 'resource')
const subjectBytes = names('type', 'id')
const actionBytes = names('name')
const resourceBytes = names('type', 'id', 'properties')
const propertyBytes = names('collected_at')
/** As `evaluationRequest` bounds them. */
const [typeMax, idMax, purposeMax, instantMax] = [64, 512, 255, 64]

/** Where the parts of one item lie, from its column's beginning; -1 where there is none. */
export const column = {
  start: 0,
  end: 1,
  /** -1 where the item is not plain: it must be read as what it is, JSON. */
  type: 2,
  id: 4,
  purpose: 6,
  collectedAt: 8,
} as const
export const columns = 10
/** An item is not shorter than this in most batches. */
const itemBytesMin = 64
/** Where items are not alike, forms are not made for ever. */
const formsMax = 16

/**
 * Reads a plain batch of evaluations straight from its bytes. Plain is an item of a subject, a resource with no other
 * property than `collected_at`, and perhaps an action: ASCII without escapes, each member once, nothing else. Other
 * items are only passed over, as strictly as `JSON.parse` would. Where the whole is not such a batch, `not_plain`.
 */
export class BatchScanner {
  /** Ten numbers an item; see `column`. */
  spans: Int32Array
  items = 0
  /** The text of the members beside `evaluations`. */
  readonly members: Partial<Record<(typeof topNames)[number], string>> = {}
  readonly #json = new JsonBytes('document')
  readonly #bytes: Buffer
  readonly #view: DataView
  readonly #itemsMax: number
  readonly #form = new ItemForm()
  #formsLeft = formsMax
  #at: number
  #isWithin = false
  #isDone = false
  #hasItems = false
  /** Where the value of the member just named begins. */
  #value = 0

  constructor(bytes: Buffer, itemsMax: number) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    this.#itemsMax = itemsMax
    this.spans = new Int32Array(columns * Math.min(itemsMax, 1 + Math.floor(bytes.length / itemBytesMin)))
    this.#json.open(bytes, bytes.length)
    const start = isUtf8(bytes) ? this.#json.space(0) : -1
    this.#at = start >= 0 && bytes[start] === openBrace ? this.#json.space(start + 1) : -1
  }

  /** Reads up to `count` items more. */
  step(count: number): 'more' | 'done' | 'not_plain' {
    for (let n = 0; n < count && this.#at >= 0 && !this.#isDone; n++) {
      this.#at = this.#isWithin ? this.#item(this.#at) : this.#member(this.#at)
    }
    if (this.#at < 0) return 'not_plain'
    if (!this.#isDone) return 'more'
    return this.#hasItems && this.items > 0 ? 'done' : 'not_plain'
  }

  /** One member at the top, or the beginning of the list; answers where to go on. */
  #member(at: number): number {
    const json = this.#json
    const name = this.#name(at, topBytes)
    if (name < 0) return -1
    if (name === evaluationsAt) {
      if (this.#hasItems || this.#bytes[this.#value] !== openBracket) return -1
      this.#hasItems = true
      this.#isWithin = true
      // An empty list is another question.
      return json.space(this.#value + 1)
    }
    if (this.members[topNames[name]!] !== undefined) return -1
    const end = json.value(this.#value, 1)
    if (end < 0) return -1
    this.members[topNames[name]!] = this.#bytes.toString('utf8', this.#value, end)
    return this.#next(end)
  }

  /** After a member's value at the top. */
  #next(end: number): number {
    const json = this.#json
    const at = json.space(end)
    if (this.#bytes[at] === comma) return json.space(at + 1)
    this.#isDone = this.#bytes[at] === closeBrace && json.space(at + 1) === this.#bytes.length
    return this.#isDone ? at : -1
  }

  #item(at: number): number {
    const json = this.#json
    if (this.items >= this.#itemsMax) return -1
    const base = this.items * columns
    if (base === this.spans.length) this.#grow()
    const { spans } = this
    for (let n = base; n < base + columns; n++) spans[n] = -1
    let end = this.#form.read(this.#bytes, this.#view, at, spans, base)
    if (end < 0) {
      end = this.#otherItem(at, base)
      if (end < 0) return -1
    }
    spans[base + column.start] = at
    spans[base + column.end] = end
    this.items += 1
    const after = json.space(end)
    if (this.#bytes[after] === comma) return json.space(after + 1)
    if (this.#bytes[after] !== closeBracket) return -1
    this.#isWithin = false
    return this.#next(after + 1)
  }

  /** One that is not like the last. */
  #otherItem(at: number, base: number): number {
    const { spans } = this
    spans.fill(-1, base, base + columns)
    this.#form.begin()
    const end = this.#plainItem(at, base)
    if (end >= 0) {
      if (this.#formsLeft-- > 0) this.#form.make(this.#bytes, at, end)
      return end
    }
    spans.fill(-1, base, base + columns)
    return this.#json.value(at, 2)
  }

  /** -1 where it is not plain; then what was noted of it means nothing. */
  #plainItem(start: number, base: number): number {
    const { spans } = this
    let resource = -1
    const end = this.#object(start, itemBytes, (name, at) => {
      if (name === 0) return this.#subject(at, base)
      if (name === 1) return this.#action(at, base)
      resource = this.#resource(at, base)
      return resource
    })
    return resource >= 0 && spans[base + column.type] !== -1 ? end : -1
  }

  #subject(start: number, base: number): number {
    const { spans } = this
    const end = this.#object(start, subjectBytes, (name, at) =>
      name === 0 ? this.#text(at, base, column.type, typeMax) : this.#text(at, base, column.id, idMax),
    )
    return spans[base + column.type] !== -1 && spans[base + column.id] !== -1 ? end : -1
  }

  #action(start: number, base: number): number {
    const end = this.#object(start, actionBytes, (_, at) => this.#text(at, base, column.purpose, purposeMax))
    return this.spans[base + column.purpose] !== -1 ? end : -1
  }

  #resource(start: number, base: number): number {
    let [type, id] = [-1, -1]
    const end = this.#object(start, resourceBytes, (name, at) => {
      if (name === 0) {
        type = this.#text(at, base, -1, typeMax)
        return type
      }
      if (name === 1) {
        id = this.#text(at, base, -1, idMax)
        return id
      }
      return this.#object(at, propertyBytes, (_, from) =>
        this.#text(from, base, column.collectedAt, instantMax),
      )
    })
    return type >= 0 && id >= 0 ? end : -1
  }

  /** Plain text of 1 to `max` bytes; noted at `into` behind `base`, unless that is -1. */
  #text(start: number, base: number, into: number, max: number): number {
    const end = this.#json.plainString(start)
    const length = end - start - 2
    if (end < 0 || length < 1 || length > max) return -1
    if (into >= 0) {
      this.spans[base + into] = start + 1
      this.spans[base + into + 1] = end - 1
    }
    this.#form.note(start + 1, end - 1, into, max)
    return end
  }

  /** An object of members that `known` names, each at most once; `read` answers where a member's value ends, or -1. */
  #object(start: number, known: readonly Uint8Array[], read: (name: number, at: number) => number): number {
    const json = this.#json
    const bytes = this.#bytes
    if (bytes[start] !== openBrace) return -1
    let at = json.space(start + 1)
    if (bytes[at] === closeBrace) return at + 1
    let seen = 0
    for (;;) {
      const name = this.#name(at, known)
      if (name < 0 || (seen & (1 << name)) !== 0) return -1
      seen |= 1 << name
      at = read(name, this.#value)
      if (at < 0) return -1
      at = json.space(at)
      if (bytes[at] === closeBrace) return at + 1
      if (bytes[at] !== comma) return -1
      at = json.space(at + 1)
    }
  }

  /** Which of `known` the name at `at` is, -1 for none; `#value` is then where its value begins. */
  #name(start: number, known: readonly Uint8Array[]): number {
    const bytes = this.#bytes
    if (bytes[start] !== quote) return -1
    for (let n = 0; n < known.length; n++) {
      const name = known[n]!
      let same = 0
      while (same < name.length && name[same] === bytes[start + 1 + same]) same++
      const end = start + 1 + same
      if (same < name.length || bytes[end] !== quote) continue
      const at = this.#json.space(end + 1)
      if (bytes[at] !== colon) return -1
      this.#value = this.#json.space(at + 1)
      return n
    }
    return -1
  }

  #grow(): void {
    const grown = new Int32Array(2 * this.spans.length)
    grown.set(this.spans)
    this.spans = grown
  }
}
