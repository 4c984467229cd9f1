import type { DuckDBAppender, DuckDBDataChunk } from '@duckdb/node-api'
import type { Duck } from './duck.ts'
import { name } from './sql.ts'

/** Rows of a DuckDB vector, and of a batch of records. */
const batch = 2_048
export const flagTooMany = 4
/** The code of what has to be asked record by record. */
export const codeAsk = 255

export const recordColumns =
  'codes UINTEGER, none UTINYINT, flags UTINYINT, b DOUBLE, c DOUBLE, d DOUBLE, use_until DOUBLE'

/**
 * Takes the answer of `POST /v1/resolve` as it arrives and puts it into a table, a row for a record: the codes of four
 * spans, one byte each from the lowest; the code without a time; flags; where the second, third and fourth span begin,
 * infinite where there is none; until when. Times in milliseconds, exact in a DOUBLE.
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
    await duck.run(`CREATE OR REPLACE TABLE ${name(table)} (${recordColumns})`)
    const { DOUBLE, DuckDBDataChunk, UINTEGER, UTINYINT } = duck.api
    const chunk = DuckDBDataChunk.create([UINTEGER, UTINYINT, UTINYINT, DOUBLE, DOUBLE, DOUBLE, DOUBLE])
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

  #flush(): void {
    const rows = this.#filled / this.#bytesEach
    if (rows === 0) return
    this.#chunk.rowCount = rows
    const columns = Array.from({ length: 7 }, (_, index) => this.#chunk.getColumnVector(index))
    const set = (column: number, row: number, value: number) => columns[column]!.setItem(row, value)
    const bytes = this.#scratch
    const words = this.#words
    for (let row = 0; row < rows; row++) {
      const at = row * this.#bytesEach
      const word = at >> 2
      const own = bytes[at + 5]!
      const spans = bytes[at + 6]!
      const isAsked = (own & flagTooMany) !== 0
      set(0, row, isAsked ? 0xffff_ffff : words[word]! >>> 0)
      set(1, row, bytes[at + 4]!)
      set(2, row, own)
      for (let span = 1; span < 4; span++) {
        set(2 + span, row, spans > span ? time(words, word + 2 * span) : Number.POSITIVE_INFINITY)
      }
      set(6, row, time(words, word + 8) || Number.POSITIVE_INFINITY)
      if (this.#bytesEach > 40) this.#onSubject(bytes, at + 40)
    }
    for (const column of columns) column.flush()
    this.#appender.appendDataChunk(this.#chunk)
    this.#count += rows
    this.#filled = 0
  }
}

/** An int64 of milliseconds, little-endian. */
const time = (words: Int32Array, at: number) => words[at + 1]! * 2 ** 32 + (words[at]! >>> 0)
