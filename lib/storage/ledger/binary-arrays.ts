/**
 * Arrays as PostgreSQL receives them in binary (`array_recv`): what is bytes already is copied, not spelt out in hex and
 * read back. pg sends every Buffer as a binary parameter. Each takes one value `of` each row.
 */

const oids = { bytea: 17, int8: 20, int4: 23, text: 25, uuid: 2950 } as const
const headBytes = 20
const null_ = -1

/** `bytea[]`. */
export function byteaArray<Row>(rows: readonly Row[], of: (row: Row) => Uint8Array): Buffer {
  let bytes = headBytes
  for (const row of rows) bytes += 4 + of(row).length
  const out = begin(oids.bytea, rows.length, bytes)
  let at = headBytes
  for (const row of rows) {
    const value = of(row)
    at = out.writeInt32BE(value.length, at)
    out.set(value, at)
    at += value.length
  }
  return end(out, at)
}

/** `text[]`, in UTF-8. */
export function textArray<Row>(rows: readonly Row[], of: (row: Row) => string): Buffer {
  const values = rows.map(of)
  let bytes = headBytes
  for (const value of values) bytes += 4 + 3 * value.length
  const out = begin(oids.text, values.length, bytes)
  let at = headBytes
  for (const value of values) {
    const length = out.write(value, at + 4)
    out.writeInt32BE(length, at)
    at += 4 + length
  }
  return end(out, at)
}

/** `uuid[]` of ids, each 32 hex digits after whatever precedes them; null for null. */
export function uuidArray<Row>(rows: readonly Row[], of: (row: Row) => string | null): Buffer {
  const out = begin(oids.uuid, rows.length, headBytes + 20 * rows.length)
  let at = headBytes
  for (const row of rows) {
    const id = of(row)
    if (id === null) {
      out.writeInt32BE(1, 4)
      at = out.writeInt32BE(null_, at)
      continue
    }
    at = out.writeInt32BE(16, at)
    at += out.write(id.length === 32 ? id : id.slice(-32), at, 'hex')
  }
  return end(out, at)
}

/** `bigint[]` of integers from 0 to 2^53 - 1. */
export function int8Array<Row>(rows: readonly Row[], of: (row: Row) => number): Buffer {
  const out = begin(oids.int8, rows.length, headBytes + 12 * rows.length)
  let at = headBytes
  for (const row of rows) {
    const value = of(row)
    at = out.writeInt32BE(8, at)
    at = out.writeUInt32BE(Math.floor(value / 0x1_0000_0000), at)
    at = out.writeUInt32BE(value % 0x1_0000_0000, at)
  }
  return end(out, at)
}

/** `integer[]`. */
export function int4Array<Row>(rows: readonly Row[], of: (row: Row) => number): Buffer {
  const out = begin(oids.int4, rows.length, headBytes + 8 * rows.length)
  let at = headBytes
  for (const row of rows) {
    at = out.writeInt32BE(4, at)
    at = out.writeInt32BE(of(row), at)
  }
  return end(out, at)
}

/** One dimension from 1; no nulls yet. */
function begin(oid: number, count: number, bytes: number): Buffer {
  const out = Buffer.allocUnsafe(bytes)
  out.writeInt32BE(1, 0)
  out.writeInt32BE(0, 4)
  out.writeInt32BE(oid, 8)
  out.writeInt32BE(count, 12)
  out.writeInt32BE(1, 16)
  return out
}

/** An array without elements has no dimension either. */
function end(out: Buffer, at: number): Buffer {
  if (at > headBytes) return out.subarray(0, at)
  out.writeInt32BE(0, 0)
  return out.subarray(0, 12)
}
