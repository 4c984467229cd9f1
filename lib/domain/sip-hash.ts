import { blocksAt, digestAt, instantiateSipHash } from './sip-hash-code.ts'

const pageBytes = 65_536
const slotsAt = 4_096
const slotBytes = 32
/** Blocks end where the states begin. */
const blockBytesMax = slotsAt - blocksAt

/**
 * SipHash-2-4 with 128 bits of output (Aumasson and Bernstein), a keyed pseudo-random function: whoever does not
 * hold the key can neither find two inputs of one digest nor guess an identifier from its digest.
 *
 * Inputs are written to `blocks`, digests read from `out`. Slots hold states that have taken in some whole blocks, so
 * that a beginning which many inputs share is hashed once; slot 0 has taken in nothing.
 */
export class SipHash128 {
  /** Two words a block, low then high. */
  readonly blocks: Int32Array
  /** The last digest: four little-endian words, overwritten by the next. */
  readonly out: Int32Array
  /** Slots besides 0. */
  static readonly slots = (pageBytes - slotsAt) / slotBytes - 1
  readonly #run: (state: number, bytes: number, next: number) => void

  /** `key` is 16 bytes. */
  constructor(key: Uint8Array) {
    if (key.length !== 16) throw new RangeError('a SipHash key has 16 bytes')
    const { memory, run } = instantiateSipHash()
    this.#run = run
    this.blocks = new Int32Array(memory, blocksAt, blockBytesMax / 4)
    this.out = new Int32Array(memory, digestAt, 4)
    const view = new DataView(key.buffer, key.byteOffset, 16)
    const [k0, k1, k2, k3] = [0, 4, 8, 12].map((offset) => view.getInt32(offset, true)) as [
      number,
      number,
      number,
      number,
    ]
    new Int32Array(memory, slotsAt, 8).set([
      ...[k0 ^ 0x70736575, k1 ^ 0x736f6d65],
      ...[k2 ^ 0x6e646f6d ^ 0xee, k3 ^ 0x646f7261],
      ...[k0 ^ 0x6e657261, k1 ^ 0x6c796765],
      ...[k2 ^ 0x79746573, k3 ^ 0x74656462],
    ])
  }

  /** Takes in `bytes` bytes of `blocks`, a multiple of 8 above 0, and keeps the state in `slot`. */
  absorb(bytes: number, slot: number): void {
    this.#run(slotsAt, bytes, slotsAt + slot * slotBytes)
  }

  /**
   * The digest of what the slot took in and `bytes` bytes of `blocks`, a multiple of 8 above 0. The last block holds
   * the rest of the input, and the whole input's length modulo 256 in its last byte.
   */
  finish(slot: number, bytes: number): void {
    this.#run(slotsAt + slot * slotBytes, bytes, 0)
  }
}
