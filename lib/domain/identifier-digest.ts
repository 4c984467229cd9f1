import type { Identifier } from './identifier.ts'
import type { OrganisationId } from './ids.ts'
import { type NormalForm, toNormalForm, toNormalFormBytes } from './normal-form.ts'
import { SipHash128 } from './sip-hash.ts'

const encoder = new TextEncoder()

/** What organisation and namespace leave behind. */
type Prefix = {
  /** Holds the state after their whole blocks. */
  readonly slot: number
  /** The bytes after those, fewer than 8, as two little-endian words. */
  readonly low: number
  readonly high: number
  readonly tailBytes: number
  readonly bytes: number
  /** What ids of the namespace are brought into first. */
  readonly form: NormalForm
}

/**
 * Digests identifiers under the lookup key, so that neither the index nor the database holds them in clear. The
 * input is organisation ‖ 0 ‖ namespace ‖ 0 ‖ id in its normal form, in UTF-8; no part can hold a zero, so no two
 * inputs are alike.
 *
 * Organisation and namespace are the same for many identifiers, so their blocks are hashed once.
 */
export class IdentifierDigest {
  readonly #hash: SipHash128
  readonly #prefixes = new Map<OrganisationId, Map<string, Prefix>>()
  /** The last that was asked for: most callers ask about one namespace many times. */
  #last:
    | { readonly organisationId: OrganisationId; readonly namespace: string; readonly prefix: Prefix }
    | undefined
  #slotsUsed = 0
  readonly #encoded = new Uint8Array(3 * 512)
  readonly #formOf: (organisationId: OrganisationId, namespace: string) => NormalForm

  /** `key` is 16 bytes. `formOf` is asked once for a namespace; without it ids are in their normal form already. */
  constructor(
    key: Uint8Array,
    formOf: (organisationId: OrganisationId, namespace: string) => NormalForm = () => 'exact',
  ) {
    this.#hash = new SipHash128(key)
    this.#formOf = formOf
  }

  /** Must be called where `formOf` would answer differently than before. */
  forgetForms(): void {
    this.#last = undefined
    this.#prefixes.clear()
    this.#slotsUsed = 0
  }

  /** The digest as four little-endian words; the array is overwritten by the next call. */
  words(organisationId: OrganisationId, namespace: string, given: string): Int32Array {
    const prefix = this.#prefixOf(organisationId, namespace)
    const id = prefix.form === 'exact' ? given : toNormalForm(prefix.form, given)
    const { blocks, out } = this.#hash
    let { low: word, tailBytes: at } = prefix
    if (at >= 4) {
      blocks[0] = word
      word = prefix.high
    }
    let i = 0
    const shift = 8 * (at & 3)
    for (; i + 4 <= id.length; i += 4, at += 4) {
      const a = id.charCodeAt(i)
      const b = id.charCodeAt(i + 1)
      const c = id.charCodeAt(i + 2)
      const d = id.charCodeAt(i + 3)
      if ((a | b | c | d) > 0x7f) return this.#wordsOfUtf8(prefix, id)
      const four = a | (b << 8) | (c << 16) | (d << 24)
      blocks[at >>> 2] = word | (four << shift)
      word = shift === 0 ? 0 : four >>> (32 - shift)
    }
    for (; i < id.length; i++) {
      const unit = id.charCodeAt(i)
      if (unit > 0x7f) return this.#wordsOfUtf8(prefix, id)
      word |= unit << (8 * (at & 3))
      if ((++at & 3) === 0) {
        blocks[(at >>> 2) - 1] = word
        word = 0
      }
    }
    this.#finish(prefix, word, at)
    return out
  }

  /** The digest as it is stored: 16 bytes. */
  bytes(organisationId: OrganisationId, { namespace, id }: Identifier): Uint8Array {
    return new Uint8Array(this.words(organisationId, namespace, id).slice().buffer)
  }

  /** The same for an id given as its bytes in UTF-8. */
  wordsOfBytes(
    organisationId: OrganisationId,
    namespace: string,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): Int32Array {
    const prefix = this.#prefixOf(organisationId, namespace)
    if (prefix.form === 'exact') return this.#bytes(prefix, bytes, start, end)
    const length = toNormalFormBytes(prefix.form, bytes, start, end, this.#encoded)
    return this.#bytes(prefix, this.#encoded, 0, length)
  }

  #wordsOfUtf8(prefix: Prefix, id: string): Int32Array {
    const { read, written } = encoder.encodeInto(id, this.#encoded)
    if (read < id.length) throw new RangeError('an identifier is longer than its bound')
    return this.#bytes(prefix, this.#encoded, 0, written)
  }

  #bytes(prefix: Prefix, bytes: Uint8Array, start: number, end: number): Int32Array {
    const { blocks, out } = this.#hash
    let { low: word, tailBytes: at } = prefix
    if (at >= 4) {
      blocks[0] = word
      word = prefix.high
    }
    let i = start
    const shift = 8 * (at & 3)
    for (; i + 4 <= end; i += 4, at += 4) {
      const four = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24)
      blocks[at >>> 2] = word | (four << shift)
      word = shift === 0 ? 0 : four >>> (32 - shift)
    }
    for (; i < end; i++) {
      word |= bytes[i]! << (8 * (at & 3))
      if ((++at & 3) === 0) {
        blocks[(at >>> 2) - 1] = word
        word = 0
      }
    }
    this.#finish(prefix, word, at)
    return out
  }

  /** `at` bytes of tail and id are written but for `word`, which is under way. */
  #finish({ slot, tailBytes, bytes }: Prefix, word: number, at: number): void {
    const { blocks } = this.#hash
    const length = (bytes - tailBytes + at) << 24
    const last = at >>> 2
    if ((last & 1) === 0) {
      blocks[last] = word
      blocks[last + 1] = length
      this.#hash.finish(slot, 4 * last + 8)
    } else {
      blocks[last] = word | length
      this.#hash.finish(slot, 4 * last + 4)
    }
  }

  #prefixOf(organisationId: OrganisationId, namespace: string): Prefix {
    const last = this.#last
    if (last !== undefined && last.namespace === namespace && last.organisationId === organisationId) {
      return last.prefix
    }
    const prefix =
      this.#prefixes.get(organisationId)?.get(namespace) ?? this.#learn(organisationId, namespace)
    this.#last = { organisationId, namespace, prefix }
    return prefix
  }

  #learn(organisationId: OrganisationId, namespace: string): Prefix {
    // A question names what namespace it likes: when the slots run out, all are learnt anew.
    if (this.#slotsUsed >= SipHash128.slots) this.forgetForms()
    const slot = ++this.#slotsUsed
    const input = encoder.encode(`${organisationId}\0${namespace}\0`)
    const whole = input.length & ~7
    const wordAt = (at: number) =>
      (input[at] ?? 0) |
      ((input[at + 1] ?? 0) << 8) |
      ((input[at + 2] ?? 0) << 16) |
      ((input[at + 3] ?? 0) << 24)
    for (let at = 0; at < whole; at += 4) this.#hash.blocks[at >>> 2] = wordAt(at)
    const prefix = {
      slot: whole === 0 ? 0 : slot,
      low: wordAt(whole),
      high: wordAt(whole + 4),
      tailBytes: input.length - whole,
      bytes: input.length,
      form: this.#formOf(organisationId, namespace),
    }
    if (whole > 0) this.#hash.absorb(whole, slot)
    const own = this.#prefixes.get(organisationId) ?? new Map<string, Prefix>()
    this.#prefixes.set(organisationId, own.set(namespace, prefix))
    return prefix
  }
}
