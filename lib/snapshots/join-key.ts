import { createHmac } from 'node:crypto'

/**
 * What stands for an identifier outside: HMAC-SHA-256(export key, namespace ‖ 0x00 ‖ id in its normal form), in lower-
 * case hex. Whoever holds the key can compute it for an identifier she has, and test a guess; nobody can undo it.
 */
export function joinKey(exportKey: Uint8Array, namespace: string, id: string): string {
  return createHmac('sha256', exportKey).update(`${namespace}\0${id}`).digest('hex')
}
