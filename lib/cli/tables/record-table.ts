import type { DuckDBAppender, DuckDBDataChunk, DuckDBVector } from '@duckdb/node-api'
import type { Duck } from './duck.ts'
import { name } from './sql.ts'

/** Rows of a DuckDB vector, and of a batch of records. */
const batch = 2_048
const flagTooMany = 4
/** Beside the server's flags: some span is a yes, or has to be asked for. */
export const flagMay = 128
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
  readonly #permits: ReadonlySet<number>
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
    permits: ReadonlySet<number>,
    onSubject: (bytes: Uint8Array, at: number) => void,
  ) {
    this.#chunk = chunk
    this.#appender = appender
    this.#bytesEach = bytesEach
    this.#permits = permits
    this.#onSubject = onSubject
    this.#scratch = new Uint8Array(batch * bytesEach)
    this.#words = new Int32Array(this.#scratch.buffer)
  }

  /** `bytesEach` is 40, or 56 where each record ends with its subject, which `onSubject` is given. */
  static async create(
    duck: Duck,
    table: string,
    bytesEach: number,
    permits: ReadonlySet<number>,
    onSubject: (bytes: Uint8Array, at: number) => void,
  ): Promise<RecordTable> {
    await duck.run(`CREATE OR REPLACE TABLE ${name(table)} (${recordColumns})`)
    const { DOUBLE, DuckDBDataChunk, UINTEGER, UTINYINT } = duck.api
    const chunk = DuckDBDataChunk.create([UINTEGER, UTINYINT, UTINYINT, DOUBLE, DOUBLE, DOUBLE, DOUBLE])
    return new RecordTable(chunk, await duck.connection.createAppender(table), bytesEach, permits, onSubject)
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
    const [codes, none, flags, b, c, d, until] = columns.map(itemsOf) as [
      Uint32Array,
      Uint8Array,
      Uint8Array,
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ]
    const bytes = this.#scratch
    const words = this.#words
    for (let row = 0; row < rows; row++) {
      const at = row * this.#bytesEach
      const word = at >> 2
      const own = bytes[at + 5]!
      const spans = bytes[at + 6]!
      const isAsked = (own & flagTooMany) !== 0
      codes[row] = isAsked ? 0xffff_ffff : words[word]! >>> 0
      none[row] = bytes[at + 4]!
      flags[row] = own | (isAsked || this.#mayPass(bytes, at, spans) ? flagMay : 0)
      b[row] = spans > 1 ? time(words, word + 2) : Number.POSITIVE_INFINITY
      c[row] = spans > 2 ? time(words, word + 4) : Number.POSITIVE_INFINITY
      d[row] = spans > 3 ? time(words, word + 6) : Number.POSITIVE_INFINITY
      until[row] = time(words, word + 8) || Number.POSITIVE_INFINITY
      if (this.#bytesEach > 40) this.#onSubject(bytes, at + 40)
    }
    for (const column of columns) column.flush()
    this.#appender.appendDataChunk(this.#chunk)
    this.#count += rows
    this.#filled = 0
  }

  #mayPass(bytes: Uint8Array, at: number, spans: number): boolean {
    for (let span = 0; span < spans; span++) if (this.#permits.has(bytes[at + span]!)) return true
    return false
  }
}

/** An int64 of milliseconds, little-endian. */
const time = (words: Int32Array, at: number) => words[at + 1]! * 2 ** 32 + (words[at]! >>> 0)

/**
 * The numbers behind a vector. Setting them one by one through `setItem` costs seven times as much, which over millions
 * of people is seconds.
 */
function itemsOf(vector: DuckDBVector): Uint32Array | Uint8Array | Float64Array {
  const { items } = vector as unknown as { items?: unknown }
  if (items instanceof Uint32Array || items instanceof Uint8Array || items instanceof Float64Array)
    return items
  throw new Error('DuckDB’s vectors have no numbers of their own any more')
}
