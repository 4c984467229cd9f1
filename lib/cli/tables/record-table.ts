import type { DuckDBAppender, DuckDBDataChunk } from '@duckdb/node-api'
import { type Duck, valuesOf } from './duck.ts'
import { name } from './sql.ts'

/** Rows of a DuckDB vector, and of a batch of records. */
const batch = 2_048
const flagKnown = 1
const flagInvalid = 2
export const flagTooMany = 4

/** A code with `unknownBit` takes so many bits. */
export const codeBits = 16
/** Added to a code where the one it is about was never recorded. */
export const unknownBit = 256
/** The code of what has to be asked record by record. */
export const codeAsk = 255
/** Codes of records that cannot be read, beyond all reasons. */
export const codeMissing = 250
export const codeInvalid = 251

export const recordColumns = ['codes', 'none', 'flags', 'b', 'c', 'd', 'use_until'] as const
const types = 'codes UBIGINT, none USMALLINT, flags UTINYINT, b BIGINT, c BIGINT, d BIGINT, use_until DOUBLE'

/** `code` for each of the four spans. */
export const allSpans = (code: number) =>
  [0, 1, 2, 3].reduce((all, span) => all + BigInt(code) * (1n << BigInt(codeBits * span)), 0n)

/** What is in the records of a table, so that a join does not carry what none of them has. */
export type RecordsShape = {
  /** The most spans of one record, 1 to 4. */
  readonly spans: number
  /** Whether a permission ends at a known time. */
  readonly hasUntil: boolean
}

/**
 * Takes the answer of `POST /v1/resolve` as it arrives and puts it into a table, a row for a record: the codes of four
 * spans, 16 bits each from the lowest, with `unknownBit`; the code without a time; flags; where the second, third and
 * fourth span begin, the greatest BIGINT where there is none; until when, infinite where no end is known. Times in
 * milliseconds.
 */
export class RecordTable {
  readonly #bytesEach: number
  readonly #onSubject: (bytes: Uint8Array, at: number) => void
  readonly #scratch: Uint8Array
  readonly #words: Int32Array
  readonly #chunk: DuckDBDataChunk
  readonly #appender: DuckDBAppender
  #filled = 0
  #count = 0
  #spans = 1
  #hasUntil = false

  private constructor(
    chunk: DuckDBDataChunk,
    appender: DuckDBAppender,
    bytesEach: number,
    onSubject: (bytes: Uint8Array, at: number) => void,
  ) {
    this.#chunk = chunk
    this.#appender = appender
    this.#bytesEach = bytesEach
    this.#onSubject = onSubject
    this.#scratch = new Uint8Array(batch * bytesEach)
    this.#words = new Int32Array(this.#scratch.buffer)
  }

  /** `bytesEach` is 40, or 56 where each record ends with its subject, which `onSubject` is given. */
  static async create(
    duck: Duck,
    table: string,
    bytesEach: number,
    onSubject: (bytes: Uint8Array, at: number) => void,
  ): Promise<RecordTable> {
    await duck.run(`CREATE OR REPLACE TABLE ${name(table)} (${types})`)
    const { BIGINT, DOUBLE, DuckDBDataChunk, UBIGINT, USMALLINT, UTINYINT } = duck.api
    const chunk = DuckDBDataChunk.create([UBIGINT, USMALLINT, UTINYINT, BIGINT, BIGINT, BIGINT, DOUBLE])
    return new RecordTable(chunk, await duck.connection.createAppender(table), bytesEach, onSubject)
  }

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const taken = Math.min(bytes.length - at, this.#scratch.length - this.#filled)
      this.#scratch.set(bytes.subarray(at, at + taken), this.#filled)
      this.#filled += taken
      at += taken
      if (this.#filled === this.#scratch.length) this.#flush()
    }
  }

  /** Answers how many records there were; NaN where the last was cut off. */
  end(): number {
    const isWhole = this.#filled % this.#bytesEach === 0
    if (isWhole) this.#flush()
    this.#appender.closeSync()
    return isWhole ? this.#count : Number.NaN
  }

  get shape(): RecordsShape {
    return { spans: this.#spans, hasUntil: this.#hasUntil }
  }

  #flush(): void {
    const rows = this.#filled / this.#bytesEach
    if (rows === 0) return
    this.#chunk.rowCount = rows
    const columns = Array.from({ length: 7 }, (_, index) => this.#chunk.getColumnVector(index))
    const codes = halves(valuesOf<BigUint64Array>(columns[0]!))
    const none = valuesOf<Uint16Array>(columns[1]!)
    const flags = valuesOf<Uint8Array>(columns[2]!)
    const begins = [3, 4, 5].map((column) => halves(valuesOf<BigInt64Array>(columns[column]!)))
    const untils = valuesOf<Float64Array>(columns[6]!)
    const bytes = this.#scratch
    const words = this.#words
    for (let row = 0; row < rows; row++) {
      const at = row * this.#bytesEach
      const word = at >> 2
      const own = bytes[at + 5]!
      const spans = bytes[at + 6]!
      const unknown = (own & flagKnown) === 0 ? unknownBit : 0
      const one = (own & flagTooMany) !== 0 ? codeAsk : (own & flagInvalid) !== 0 ? codeInvalid : -1
      const codeOf = (span: number) => (one < 0 ? bytes[at + span]! : one) + unknown
      codes[2 * row] = (codeOf(1) << codeBits) | codeOf(0)
      codes[2 * row + 1] = (codeOf(3) << codeBits) | codeOf(2)
      none[row] = (one === codeInvalid ? one : bytes[at + 4]!) + unknown
      flags[row] = own
      if (spans > this.#spans) this.#spans = spans
      for (let span = 1; span < 4; span++) {
        const begin = begins[span - 1]!
        begin[2 * row] = spans > span ? words[word + 2 * span]! : -1
        begin[2 * row + 1] = spans > span ? words[word + 2 * span + 1]! : 0x7fff_ffff
      }
      const until = time(words, word + 8)
      if (until !== 0) this.#hasUntil = true
      untils[row] = until === 0 ? Number.POSITIVE_INFINITY : until
      if (this.#bytesEach > 40) this.#onSubject(bytes, at + 40)
    }
    for (const column of columns) column.flush()
    this.#appender.appendDataChunk(this.#chunk)
    this.#count += rows
    this.#filled = 0
  }
}

/** Numbers of 64 bits as their halves, the lower one first: as they are on the wire, and on every machine DuckDB runs on. */
const halves = ({ buffer, byteOffset, length }: BigInt64Array | BigUint64Array) =>
  new Int32Array(buffer, byteOffset, 2 * length)

/** An int64 of milliseconds, little-endian. */
const time = (words: Int32Array, at: number) => words[at + 1]! * 2 ** 32 + (words[at]! >>> 0)
