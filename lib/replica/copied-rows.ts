const headBytes = 19

/** One row of a COPY in binary: its fields lie in `buffer`, and are overwritten by the next row's. */
export class CopiedRow {
  buffer: Buffer = Buffer.alloc(0)
  /** Where each field begins, and its bytes; -1 for null. */
  readonly offsets: number[] = []
  readonly lengths: number[] = []

  int8(field: number): number {
    const at = this.offsets[field]!
    return this.buffer.readInt32BE(at) * 0x1_0000_0000 + this.buffer.readUInt32BE(at + 4)
  }

  /** 16 bytes as four words, most significant first, to `into` from `to` on. */
  uuid(field: number, into: Int32Array, to = 0): void {
    const at = this.offsets[field]!
    for (let i = 0; i < 4; i++) into[to + i] = this.buffer.readInt32BE(at + 4 * i)
  }

  /** 16 bytes as four little-endian words, to `into` from `to` on. */
  digest(field: number, into: Int32Array, to = 0): void {
    const at = this.offsets[field]!
    for (let i = 0; i < 4; i++) into[to + i] = this.buffer.readInt32LE(at + 4 * i)
  }

  /** Where a bytea begins and ends. */
  span(field: number, into: { bytes: Uint8Array; from: number; to: number }): void {
    into.bytes = this.buffer
    into.from = this.offsets[field]!
    into.to = into.from + this.lengths[field]!
  }
}

/**
 * Reads the rows of one COPY in binary from its bytes, however they are cut: one object for all of them, as fast as they
 * are visited.
 */
export class CopiedRows {
  readonly #visit: (row: CopiedRow) => void
  readonly #row = new CopiedRow()
  #rest: Buffer = Buffer.alloc(0)
  #hasHead = false

  constructor(visit: (row: CopiedRow) => void) {
    this.#visit = visit
  }

  push(chunk: Buffer): void {
    const buffer = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    let at = 0
    if (!this.#hasHead) {
      if (buffer.length < headBytes) {
        this.#rest = buffer
        return
      }
      at = headBytes + buffer.readInt32BE(15)
      this.#hasHead = true
    }
    const row = this.#row
    row.buffer = buffer
    for (let end = readRow(row, at); end > at; end = readRow(row, at)) {
      this.#visit(row)
      at = end
    }
    this.#rest = buffer.subarray(at)
  }

  /** Whether the end's mark has come, and nothing after it. */
  isComplete(): boolean {
    return this.#hasHead && this.#rest.length === 2 && this.#rest.readInt16BE(0) === -1
  }
}

/** Where the row at `at` ends; `at` itself where it is not there whole, or is the end's mark. */
function readRow(row: CopiedRow, at: number): number {
  const { buffer } = row
  if (at + 2 > buffer.length) return at
  const fields = buffer.readInt16BE(at)
  if (fields < 0) return at
  let next = at + 2
  for (let field = 0; field < fields; field++) {
    if (next + 4 > buffer.length) return at
    const length = buffer.readInt32BE(next)
    row.offsets[field] = next + 4
    row.lengths[field] = length
    next += 4 + Math.max(length, 0)
    if (next > buffer.length) return at
  }
  return next
}
