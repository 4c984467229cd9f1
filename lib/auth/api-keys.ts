import { createHash, randomBytes, randomInt } from 'node:crypto'
import type { ApiKeyDefinition } from '../domain/definitions.ts'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Who holds a key, who made it, and whose place it takes. */
type Origin = Pick<ApiKeyDefinition, 'legalEntity' | 'createdBy' | 'replaces'>

/** A new key: 256 random bits, shown once; what is kept of it is its SHA-256. */
export function makeApiKey(
  name: string,
  scopes: readonly string[],
  origin: Origin = {},
): { readonly secret: string; readonly definition: ApiKeyDefinition } {
  const secret = `ask_${randomBytes(32).toString('base64url')}`
  return { secret, definition: { ...defineApiKey(secret, name, scopes), ...origin } }
}

/** The definition of a key that was made elsewhere. */
export function defineApiKey(secret: string, name: string, scopes: readonly string[]): ApiKeyDefinition {
  const id = `key_${Array.from({ length: 16 }, () => alphabet[randomInt(alphabet.length)]).join('')}`
  return { id, name, prefix: secret.slice(0, 12), sha256: sha256Of(secret), scopes }
}

/** SHA-256 of the whole key, hex: what keys are looked up by, so that comparing takes no time from the secret. */
export function sha256Of(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
