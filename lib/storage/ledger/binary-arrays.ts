/**
 * Arrays as PostgreSQL receives them in binary (`array_recv`): what is bytes already is copied, not spelt out in hex and
 * read back. pg sends every Buffer as a binary parameter.
 */

const oids = { bytea: 17, int8: 20, int4: 23, text: 25, uuid: 2950 } as const
const headBytes = 20
const null_ = -1

/** `bytea[]`. */
export function byteaArray(values: readonly Uint8Array[]): Buffer {
  let bytes = headBytes
  for (const value of values) bytes += 4 + value.length
  const out = begin(oids.bytea, values.length, bytes)
  let at = headBytes
  for (const value of values) {
    at = out.writeInt32BE(value.length, at)
    out.set(value, at)
    at += value.length
  }
  return end(out, at)
}

/** `text[]`, in UTF-8. */
export function textArray(values: readonly string[]): Buffer {
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
export function uuidArray(ids: readonly (string | null)[]): Buffer {
  const out = begin(oids.uuid, ids.length, headBytes + 20 * ids.length)
  let at = headBytes
  for (const id of ids) {
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
export function int8Array(values: readonly number[]): Buffer {
  const out = begin(oids.int8, values.length, headBytes + 12 * values.length)
  let at = headBytes
  for (const value of values) {
    at = out.writeInt32BE(8, at)
    at = out.writeUInt32BE(Math.floor(value / 0x1_0000_0000), at)
    at = out.writeUInt32BE(value % 0x1_0000_0000, at)
  }
  return end(out, at)
}

/** `integer[]`. */
export function int4Array(values: readonly number[]): Buffer {
  const out = begin(oids.int4, values.length, headBytes + 8 * values.length)
  let at = headBytes
  for (const value of values) {
    at = out.writeInt32BE(4, at)
    at = out.writeInt32BE(value, at)
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
