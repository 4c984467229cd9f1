import { createHash } from 'node:crypto'

/** SHA-256 of a random token: what is stored of it, so that a copy of the table lets nobody in. */
export function hashOf(token: string): Uint8Array {
  return createHash('sha256').update(token).digest()
}
