import { createCipheriv, createDecipheriv, hash, randomFillSync } from 'node:crypto'
import { canonicalJson } from '../domain/canonical-json.ts'
import type { AssentEvent } from '../domain/events.ts'

const nonceBytes = 12
const tagBytes = 16

const pool = Buffer.alloc(16_384)
let used = pool.length

/** Fresh random bytes; asking the system once for many of them costs a tenth of asking each time. */
export function freshBytes(count: number): Uint8Array {
  if (used + count > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const bytes = Uint8Array.prototype.slice.call(pool, used, used + count)
  // Nothing is given out twice, nor left lying about.
  pool.fill(0, used, used + count)
  used += count
  return bytes
}

/** AES-256-GCM under a 32-byte key: a random nonce, the ciphertext, the tag. */
export function seal(key: Uint8Array, plain: Uint8Array): Uint8Array {
  const nonce = freshBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** Undoes `seal`. Throws where the key is another's or a bit has changed. */
export function unseal(key: Uint8Array, sealed: Uint8Array): Uint8Array {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes))
  decipher.setAuthTag(sealed.subarray(-tagBytes))
  return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final()])
}

/**
 * The leaf of an event in the Merkle log: SHA-256(0x00 ‖ SHA-256(salt ‖ canonical JSON)). Without the 32 random
 * bytes of `salt`, which erasure destroys, nobody can tell which event a leaf stands for. `bodyJson` is the body's
 * canonical JSON, where it is at hand.
 */
export function leafOf(
  event: AssentEvent,
  { log, epoch }: { readonly log: number; readonly epoch: number },
  salt: Uint8Array,
  bodyJson: string = canonicalJson(event.body),
): Uint8Array {
  const { id, organisationId, subjectId, seq, recordedAtMs, occurredAtMs } = event
  // The canonical JSON of these members, in its order; ids and numbers need no quoting.
  const content =
    `{"body":${bodyJson},"epoch":${epoch},"id":"${id}","log":${log},"occurred_at":${occurredAtMs},` +
    `"organisation":"${organisationId}","recorded_at":${recordedAtMs},"seq":${seq},` +
    `"subject":${subjectId === null ? 'null' : `"${subjectId}"`}}`
  const commitment = sha256(withContent(salt, content))
  leafInput.write(commitment, 1, 'hex')
  return Buffer.from(sha256(leafInput), 'hex')
}

/** The hash that binds an event to all before it: SHA-256(0x02 ‖ hash before ‖ leaf). */
export function chainHash(previousHash: Uint8Array, leaf: Uint8Array): Uint8Array {
  chainInput.set(previousHash, 1)
  chainInput.set(leaf, 33)
  return Buffer.from(sha256(chainInput), 'hex')
}

const scratch = Buffer.alloc(16_384)
const leafInput = Buffer.alloc(33)
const chainInput = Buffer.alloc(65)
chainInput[0] = 2

/** In hex: a hash object, or a buffer made for the answer, costs several times as much. */
const sha256 = (bytes: Uint8Array) => hash('sha256', bytes, 'hex')

/** `salt` ‖ `content`; overwritten by the next. */
function withContent(salt: Uint8Array, content: string): Uint8Array {
  if (salt.length + 3 * content.length > scratch.length) return Buffer.concat([salt, Buffer.from(content)])
  scratch.set(salt)
  return scratch.subarray(0, salt.length + scratch.write(content, salt.length))
}
