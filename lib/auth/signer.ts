import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { CompactSign, calculateJwkThumbprint } from 'jose'
import type { SigningKeys } from './signing-key.ts'

/** A public key as it is published (RFC 8037); `kid` is its thumbprint (RFC 7638). */
export type PublicKey = {
  readonly kty: 'OKP'
  readonly crv: 'Ed25519'
  readonly x: string
  readonly kid: string
  readonly alg: 'EdDSA'
  readonly use: 'sig'
}

/** Signs what leaves this installation as proof. The private key stays behind it. */
export type Signer = {
  /**
   * A compact JWS (RFC 7515) over the payload's JSON, `alg` EdDSA. `type` is its `typ`: whoever verifies must demand
   * the type, so that one kind of proof never passes for another.
   */
  sign(type: string, payload: object): Promise<string>
  /** The public keys, the one that signs first, then earlier ones (RFC 7517). */
  readonly publicKeys: readonly PublicKey[]
}

/** Signs with keys in this process's memory. */
export async function createSigner(keys: SigningKeys): Promise<Signer> {
  const current = privateKeyOf(keys.current)
  const publicKeys = await Promise.all([current, ...keys.previous.map(privateKeyOf)].map(publicKeyOf))
  const { kid } = publicKeys[0]!
  return {
    publicKeys,
    sign(type, payload) {
      return new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
        .setProtectedHeader({ alg: 'EdDSA', kid, typ: type })
        .sign(current)
    },
  }
}

/** What goes before the 32 bytes in PKCS #8 (RFC 8410). */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')

function privateKeyOf(secret: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([pkcs8Prefix, secret]), format: 'der', type: 'pkcs8' })
}

async function publicKeyOf(key: KeyObject): Promise<PublicKey> {
  const { x } = createPublicKey(key).export({ format: 'jwk' })
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: x! } as const
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: 'EdDSA', use: 'sig' }
}
