import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const nonceBytes = 12
const tagBytes = 16

/**
 * Bytes sealed as text: AES-256-GCM under a key of its own for each use, so that whoever holds one reads nothing in it
 * and can make none. It opens for the same `binding` alone, which is authenticated with it: an organisation and a
 * question, a member, a kind of ticket.
 */
export class PageTokens {
  readonly #key: Uint8Array

  /** `key` is 32 bytes. */
  constructor(key: Uint8Array) {
    this.#key = key
  }

  seal(position: Uint8Array, binding: string): string {
    const nonce = randomBytes(nonceBytes)
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(Buffer.from(binding))
    return Buffer.concat([nonce, cipher.update(position), cipher.final(), cipher.getAuthTag()]).toString(
      'base64url',
    )
  }

  /** Undefined where it is no token, or another question's. */
  open(token: string, binding: string): Uint8Array | undefined {
    const bytes = Buffer.from(token, 'base64url')
    if (bytes.length < nonceBytes + tagBytes) return undefined
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, nonceBytes))
    decipher.setAAD(Buffer.from(binding)).setAuthTag(bytes.subarray(-tagBytes))
    try {
      return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()])
    } catch {
      return undefined
    }
  }
}
