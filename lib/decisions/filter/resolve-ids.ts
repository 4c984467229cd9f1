import { AssentError } from '../../domain/errors.ts'
import { makeIdentifier } from '../../domain/identifier.ts'
import type { SubjectId } from '../../domain/ids.ts'
import { denyReasons, permitReasons, type Reason } from '../../domain/reasons.ts'
import { type Spans, spansMax } from '../../domain/spans.ts'
import { findManyMax, type PreparedSpans, type SpanMoment } from '../decisions.ts'
import { type Line, LineSplitter } from './split-lines.ts'

/** Every reason, at the place of its code in a record; permits come last. */
export const reasonCodes: readonly Reason[] = [...denyReasons, ...permitReasons]

const recordBytes = 40
const idBytes = 16
const known = 1
const invalid = 2
const tooManySpans = 4
const newline = 0x0a
/** Of ASCII; longer ids are for the reader that knows their bound. */
const idLengthMax = 512
const outBytes = 65_536

const codes = new Map<Reason, number>(reasonCodes.map((reason, code) => [reason, code]))

/** What the lines are: ids of a namespace, or the subjects' own. */
export type ResolvedIds = { readonly namespace: string } | { readonly by: 'subject' }

/**
 * Ids by line in, records of 40 bytes out, in order. A record is little-endian: four reason codes, one for each span of
 * collection times; the code for data without one; flags (1 known here, 2 no identifier, 4 more than four spans: ask
 * record by record); the number of spans; a zero; three int64, where the second, third and fourth span begin; an int64
 * until when data of a permitted span may be used. Times in milliseconds, 0 where there is none. `withSubject` adds the
 * 16 bytes of the subject's random id, zeros where nobody is known.
 */
export class IdResolver {
  readonly #prepared: PreparedSpans
  readonly #namespace: string | null
  readonly #withSubject: boolean
  readonly #recordBytes: number
  readonly #splitter = new LineSplitter()
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  readonly #ids = { starts: new Int32Array(findManyMax), ends: new Int32Array(findManyMax), count: 0 }
  readonly #found = new Int32Array(findManyMax)
  #out = Buffer.alloc(0)
  #view = new DataView(this.#out.buffer)
  #at = 0
  #seen = 0

  constructor(prepared: PreparedSpans, ids: ResolvedIds, withSubject: boolean) {
    this.#prepared = prepared
    this.#namespace = 'namespace' in ids ? ids.namespace : null
    this.#withSubject = withSubject
    this.#recordBytes = withSubject ? recordBytes + idBytes : recordBytes
  }

  /** Throws `not_ready` where this node cannot answer: then no record may pass for an answer. */
  push(chunk: Buffer, emit: (bytes: Buffer) => void): void {
    const moment = this.#prepared.begin()
    let at = 0
    if (this.#splitter.isHolding) {
      at = chunk.indexOf(newline) + 1 || chunk.length
      for (const line of this.#splitter.push(chunk.subarray(0, at))) this.#line(line, moment, emit)
    }
    while (at < chunk.length) {
      if (this.#namespace !== null) at = this.#plainLines(chunk, at, moment, this.#namespace, emit)
      const end = chunk.indexOf(newline, at)
      if (end < 0) break
      this.#line(chunk.subarray(at, end + 1), moment, emit)
      at = end + 1
    }
    if (at < chunk.length) {
      for (const line of this.#splitter.push(chunk.subarray(at))) this.#line(line, moment, emit)
    }
    this.#flush(emit)
  }

  get seen(): number {
    return this.#seen
  }

  end(emit: (bytes: Buffer) => void): void {
    const moment = this.#prepared.begin()
    for (const line of this.#splitter.end()) this.#line(line, moment, emit)
    this.#flush(emit)
  }

  /** Answers plain lines from `start` on, many at once; answers where the first lies that is not. */
  #plainLines(
    chunk: Buffer,
    start: number,
    moment: SpanMoment,
    namespace: string,
    emit: (bytes: Buffer) => void,
  ): number {
    const ids = this.#ids
    let at = start
    for (;;) {
      ids.count = 0
      while (ids.count < findManyMax) {
        const end = plainEnd(chunk, at)
        if (end <= at || end - at > idLengthMax) break
        ids.starts[ids.count] = at
        ids.ends[ids.count] = end
        ids.count += 1
        at = end + 1
      }
      if (ids.count === 0) return at
      moment.findMany(namespace, chunk, ids, this.#found)
      for (let n = 0; n < ids.count; n++) {
        moment.ofFound(this.#found[n]!)
        this.#record(moment, emit)
      }
    }
  }

  #line(line: Line, moment: SpanMoment, emit: (bytes: Buffer) => void): void {
    if (this.#ask(this.#textOf(line), moment)) {
      this.#record(moment, emit)
      return
    }
    const at = this.#next(emit)
    this.#view.setUint8(at + 5, invalid)
  }

  /** False where the text is no id. */
  #ask(text: string | undefined, moment: SpanMoment): boolean {
    if (text === undefined) return false
    if (this.#namespace === null) {
      if (!/^sub_[0-9a-f]{32}$/.test(text)) return false
      moment.ofSubject(text as SubjectId)
      return true
    }
    const identifier = makeIdentifier(this.#namespace, text)
    if (identifier === undefined) return false
    moment.ofIdentifier(identifier)
    return true
  }

  #textOf(line: Line): string | undefined {
    if (line === null) return undefined
    try {
      const text = this.#decoder.decode(line)
      return text.endsWith('\n') ? text.slice(0, -1) : text
    } catch {
      return undefined
    }
  }

  /** Where the next record goes; it holds zeros. */
  #next(emit: (bytes: Buffer) => void): number {
    if (this.#at + this.#recordBytes > this.#out.length) {
      this.#flush(emit)
      this.#out = Buffer.alloc(outBytes - (outBytes % this.#recordBytes))
      this.#view = new DataView(this.#out.buffer, this.#out.byteOffset, this.#out.length)
    }
    const at = this.#at
    this.#at += this.#recordBytes
    this.#seen += 1
    return at
  }

  #record(moment: SpanMoment, emit: (bytes: Buffer) => void): void {
    const { spans } = moment
    if (spans.withoutTime === 'stale' || spans.withoutTime === 'recovering') {
      throw new AssentError('not_ready', 'This node cannot answer now; resolving was broken off.')
    }
    const at = this.#next(emit)
    writeSpans(spans, moment.wasKnown(), this.#view, at)
    if (this.#withSubject) moment.writeId(this.#view, at + recordBytes)
  }

  #flush(emit: (bytes: Buffer) => void): void {
    if (this.#at > 0) emit(this.#out.subarray(0, this.#at))
    this.#out = this.#out.subarray(this.#at)
    this.#view = new DataView(this.#out.buffer, this.#out.byteOffset, this.#out.length)
    this.#at = 0
  }
}

function writeSpans(spans: Spans, isKnown: boolean, view: DataView, at: number): void {
  const { count, reasons, fromMs } = spans
  const isTooMany = count > spansMax
  view.setUint8(at + 4, codes.get(spans.withoutTime)!)
  view.setUint8(at + 5, (isKnown ? known : 0) | (isTooMany ? tooManySpans : 0))
  if (isTooMany) return
  view.setUint8(at + 6, count)
  for (let n = 0; n < count; n++) {
    view.setUint8(at + n, codes.get(reasons[n]!)!)
    if (n > 0) writeInt64(view, at + 8 * n, fromMs[n]!)
  }
  writeInt64(view, at + 32, spans.useUntilMs)
}

/** An integer below 2^53 either way. */
function writeInt64(view: DataView, at: number, value: number): void {
  const high = Math.floor(value / 0x1_0000_0000)
  view.setUint32(at, value - high * 0x1_0000_0000, true)
  view.setInt32(at + 4, high, true)
}

/** Where the line at `start` ends, if it is whole and its bytes are ASCII without zeros; -1 where it is not. */
function plainEnd(bytes: Uint8Array, start: number): number {
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at]!
    if (byte === newline) return at
    if (byte === 0 || byte > 0x7f) return -1
  }
  return -1
}
