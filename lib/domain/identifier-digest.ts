import type { Identifier } from './identifier.ts'
import type { OrganisationId } from './ids.ts'
import { SipHash128 } from './sip-hash.ts'

const encoder = new TextEncoder()

/**
 * Digests identifiers under the lookup key, so that neither the index nor the database holds them in clear. The
 * input is organisation ‖ 0 ‖ namespace ‖ 0 ‖ id in UTF-8; no part can hold a zero, so no two inputs are alike.
 */
export class IdentifierDigest {
  readonly #hash: SipHash128
  readonly #buffer = new Uint8Array(3 * (64 + 32 + 512) + 2)
  readonly #out = new Int32Array(4)

  /** `key` is 16 bytes. */
  constructor(key: Uint8Array) {
    this.#hash = new SipHash128(key)
  }

  /** The digest as a key for maps: eight UTF-16 units. */
  key(organisationId: OrganisationId, identifier: Identifier): string {
    this.#digest(organisationId, identifier)
    const [a, b, c, d] = this.#out as unknown as [number, number, number, number]
    return String.fromCharCode(
      a & 0xffff,
      a >>> 16,
      b & 0xffff,
      b >>> 16,
      c & 0xffff,
      c >>> 16,
      d & 0xffff,
      d >>> 16,
    )
  }

  /** The digest as it is stored: 16 bytes. */
  bytes(organisationId: OrganisationId, identifier: Identifier): Uint8Array {
    this.#digest(organisationId, identifier)
    return new Uint8Array(this.#out.buffer.slice(0))
  }

  #digest(organisationId: OrganisationId, { namespace, id }: Identifier): void {
    const text = `${organisationId}\0${namespace}\0${id}`
    const { read, written } = encoder.encodeInto(text, this.#buffer)
    if (read < text.length) throw new RangeError('an identifier is longer than its bound')
    this.#hash.digest(this.#buffer, written, this.#out)
  }
}

/** The map key of a stored digest. */
export function digestKey(bytes: Uint8Array): string {
  let key = ''
  for (let i = 0; i < 16; i += 2) key += String.fromCharCode(bytes[i]! | (bytes[i + 1]! << 8))
  return key
}
