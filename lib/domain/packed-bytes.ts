/** Bytes of each number of a packed state: none is 2^48 or more. */
export const numberBytes = 6

/** Packed numbers as the database and followers have them: each in six bytes, most significant first. */
export function toPackedBytes(packed: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(packed.length * numberBytes)
  let at = 0
  for (const value of packed) {
    const high = Math.floor(value / 0x1_0000_0000)
    bytes[at] = high >>> 8
    bytes[at + 1] = high
    bytes[at + 2] = value >>> 24
    bytes[at + 3] = value >>> 16
    bytes[at + 4] = value >>> 8
    bytes[at + 5] = value
    at += numberBytes
  }
  return bytes
}
