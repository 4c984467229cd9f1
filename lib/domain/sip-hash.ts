/**
 * SipHash-2-4 with 128 bits of output (Aumasson and Bernstein), a keyed pseudo-random function: whoever does not
 * hold the key can neither find two inputs of one digest nor guess an identifier from its digest.
 *
 * Each 64-bit word is two 32-bit halves, because BigInt would cost more than all else a decision does.
 */
export class SipHash128 {
  readonly #key: Int32Array
  // v0 to v3, low half then high half.
  readonly #v = new Int32Array(8)

  /** `key` is 16 bytes. */
  constructor(key: Uint8Array) {
    if (key.length !== 16) throw new RangeError('a SipHash key has 16 bytes')
    const view = new DataView(key.buffer, key.byteOffset, 16)
    this.#key = Int32Array.from([0, 4, 8, 12], (offset) => view.getInt32(offset, true))
  }

  /** The digest of the first `length` bytes of `data`, into `out` as four little-endian words. */
  digest(data: Uint8Array, length: number, out: Int32Array): void {
    const v = this.#v
    const [k0, k1, k2, k3] = this.#key as unknown as [number, number, number, number]
    v[0] = k0 ^ 0x70736575
    v[1] = k1 ^ 0x736f6d65
    v[2] = k2 ^ 0x6e646f6d ^ 0xee
    v[3] = k3 ^ 0x646f7261
    v[4] = k0 ^ 0x6e657261
    v[5] = k1 ^ 0x6c796765
    v[6] = k2 ^ 0x79746573
    v[7] = k3 ^ 0x74656462

    const end = length & ~7
    let at = 0
    for (; at < end; at += 8) {
      const low = data[at]! | (data[at + 1]! << 8) | (data[at + 2]! << 16) | (data[at + 3]! << 24)
      const high = data[at + 4]! | (data[at + 5]! << 8) | (data[at + 6]! << 16) | (data[at + 7]! << 24)
      this.#absorb(low, high)
    }
    let low = 0
    let high = length << 24
    for (let i = 0; at + i < length; i++) {
      if (i < 4) low |= data[at + i]! << (8 * i)
      else high |= data[at + i]! << (8 * (i - 4))
    }
    this.#absorb(low, high)

    v[4] = v[4]! ^ 0xee
    for (let i = 0; i < 4; i++) this.#round()
    out[0] = v[0]! ^ v[2]! ^ v[4]! ^ v[6]!
    out[1] = v[1]! ^ v[3]! ^ v[5]! ^ v[7]!
    v[2] = v[2]! ^ 0xdd
    for (let i = 0; i < 4; i++) this.#round()
    out[2] = v[0]! ^ v[2]! ^ v[4]! ^ v[6]!
    out[3] = v[1]! ^ v[3]! ^ v[5]! ^ v[7]!
  }

  #absorb(low: number, high: number): void {
    const v = this.#v
    v[6] = v[6]! ^ low
    v[7] = v[7]! ^ high
    this.#round()
    this.#round()
    v[0] = v[0]! ^ low
    v[1] = v[1]! ^ high
  }

  #round(): void {
    const v = this.#v
    let a = v[0]!
    let A = v[1]!
    let b = v[2]!
    let B = v[3]!
    let c = v[4]!
    let C = v[5]!
    let d = v[6]!
    let D = v[7]!
    let sum: number
    let t: number
    // v0 += v1; v1 = rotl(v1, 13) ^ v0; v0 = rotl(v0, 32)
    sum = (a >>> 0) + (b >>> 0)
    A = (A + B + (sum > 0xffffffff ? 1 : 0)) | 0
    a = sum | 0
    t = (b << 13) | (B >>> 19)
    B = ((B << 13) | (b >>> 19)) ^ A
    b = t ^ a
    t = a
    a = A
    A = t
    // v2 += v3; v3 = rotl(v3, 16) ^ v2
    sum = (c >>> 0) + (d >>> 0)
    C = (C + D + (sum > 0xffffffff ? 1 : 0)) | 0
    c = sum | 0
    t = (d << 16) | (D >>> 16)
    D = ((D << 16) | (d >>> 16)) ^ C
    d = t ^ c
    // v0 += v3; v3 = rotl(v3, 21) ^ v0
    sum = (a >>> 0) + (d >>> 0)
    A = (A + D + (sum > 0xffffffff ? 1 : 0)) | 0
    a = sum | 0
    t = (d << 21) | (D >>> 11)
    D = ((D << 21) | (d >>> 11)) ^ A
    d = t ^ a
    // v2 += v1; v1 = rotl(v1, 17) ^ v2; v2 = rotl(v2, 32)
    sum = (c >>> 0) + (b >>> 0)
    C = (C + B + (sum > 0xffffffff ? 1 : 0)) | 0
    c = sum | 0
    t = (b << 17) | (B >>> 15)
    B = ((B << 17) | (b >>> 15)) ^ C
    b = t ^ c
    t = c
    c = C
    C = t
    v[0] = a
    v[1] = A
    v[2] = b
    v[3] = B
    v[4] = c
    v[5] = C
    v[6] = d
    v[7] = D
  }
}
