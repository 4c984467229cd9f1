import type { PublicKey } from '../../lib/domain/definitions.ts'

/** What is typed as the host's public keys, or what is wrong with it. Text that holds a secret gives no keys. */
export type KeysRead =
  | { readonly keys: readonly PublicKey[]; readonly fault?: never }
  | { readonly fault: string; readonly keys?: never }

const secret = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']
/** What a key set may say of a key besides, which nobody needs here (RFC 7517 §4.3, §4.6–4.9). */
const dropped = ['key_ops', 'x5u', 'x5c', 'x5t', 'x5t#S256', 'ext']

/** Reads one key (JWK), a list of keys, or a key set (JWKS, RFC 7517 §5). */
export function readPublicKeys(text: string): KeysRead {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return { fault: aSecret }
  if (/-----BEGIN /.test(text)) return { fault: 'This is PEM. Paste the key as a JWK, which is JSON.' }
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch {
    return { fault: 'This is not JSON. Paste a public key (JWK) or a key set (JWKS).' }
  }
  const set = isObject(read) && Array.isArray(read.keys) ? read.keys : read
  const all: readonly unknown[] = Array.isArray(set) ? set : [set]
  if (all.length === 0) return { fault: 'There is no key in it.' }
  const keys: PublicKey[] = []
  for (const each of all) {
    if (!isObject(each) || typeof each.kty !== 'string')
      return { fault: 'This is no key: a key has a “kty”.' }
    if (secret.some((member) => member in each)) return { fault: aSecret }
    const members = Object.entries(each).filter(([name]) => !dropped.includes(name))
    keys.push(Object.fromEntries(members) as PublicKey)
  }
  return { keys }
}

const aSecret =
  'This is a private key or a shared secret. It stays where your server signs: paste its public half, and change the key if this text was seen by others.'

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
