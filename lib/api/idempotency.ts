import { hash } from 'node:crypto'
import { AssentError } from '../domain/errors.ts'
import type { Idempotency } from '../ledger/ledger.ts'
import type { Principal } from './authenticate.ts'

/** A quoted structured-field string (RFC 8941 §3.3.3), or the same without quotes. */
const quoted = /^"((?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/
const bare = /^[\x21\x23-\x5b\x5d-\x7e]+$/

/**
 * What `Idempotency-Key` asks for of a POST to `target`; null without one. Throws `idempotency_key_invalid`.
 */
export function idempotencyOf(
  header: string | readonly string[] | undefined,
  target: string,
  principal: Principal,
  bytes: Uint8Array,
): Idempotency | null {
  if (header === undefined) return null
  const text = typeof header === 'string' ? header.trim() : ''
  const match = quoted.exec(text)
  const key = match !== null ? match[1]!.replace(/\\(.)/g, '$1') : bare.test(text) ? text : ''
  if (key === '' || key.length > 255) {
    throw new AssentError('idempotency_key_invalid', 'It must be 1 to 255 printable ASCII characters.')
  }
  const request = hash('sha256', Buffer.concat([Buffer.from(`POST ${target}\0`), bytes]), 'hex')
  return { principal: principal.name, key, request: Buffer.from(request, 'hex') }
}
