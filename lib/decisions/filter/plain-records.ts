import { isUtf8 } from 'node:buffer'
import { parseInstantBytes } from '../../domain/parse-instant-bytes.ts'
import { findManyMax } from '../decisions.ts'
import { RecordScanner, type Span } from './scan-record.ts'

/** Of ASCII; longer ids are for the reader that knows their bound. */
const idLengthMax = 512

/** Plain records that lie one behind another, read many at once so that their subjects are found together. */
export class PlainRecords {
  /** Of the ids. */
  readonly starts = new Int32Array(findManyMax)
  readonly ends = new Int32Array(findManyMax)
  readonly lineEnds = new Int32Array(findManyMax)
  readonly #collectedAtMs: (number | null)[] = []
  count = 0
  readonly #scanner: RecordScanner

  /** The members that name the subject and say when. */
  constructor(names: readonly [string, string]) {
    this.#scanner = new RecordScanner(names)
  }

  /** Of each; null where it has none. What cannot be read lies in the future, which the decision denies. */
  get collectedAtMs(): readonly (number | null)[] {
    return this.#collectedAtMs
  }

  /** Reads records from `start` on, up to the first that is not plain or not whole. */
  read(chunk: Buffer, start: number): void {
    this.count = 0
    let at = start
    while (this.count < findManyMax && at < chunk.length) {
      const end = this.#scanner.scan(chunk, at, chunk.length)
      if (end < 0 || !this.#note(chunk, at, end)) return
      at = end
    }
  }

  #note(chunk: Buffer, at: number, end: number): boolean {
    const [subject, collected] = this.#scanner.spans as [Span, Span]
    const isSubject = subject.kind === 'string' || subject.kind === 'integer'
    const length = subject.end - subject.start
    if (!isSubject || length === 0 || length > idLengthMax || collected.kind === 'integer') return false
    if (this.#scanner.hasMore && !isUtf8(chunk.subarray(at, end))) return false
    this.starts[this.count] = subject.start
    this.ends[this.count] = subject.end
    this.lineEnds[this.count] = end
    this.#collectedAtMs[this.count] =
      collected.kind === 'string'
        ? (parseInstantBytes(chunk, collected.start, collected.end) ?? Number.MAX_SAFE_INTEGER)
        : null
    this.count += 1
    return true
  }
}
