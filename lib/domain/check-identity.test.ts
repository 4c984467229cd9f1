import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { checkIdentity } from './check-identity.ts'
import type { IdentityDefinition, PublicKey } from './definitions.ts'

const jwk = (key: { export(options: { format: 'jwk' }): object }) =>
  key.export({ format: 'jwk' }) as PublicKey
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const p256 = jwk(ec.publicKey)
const ed25519 = jwk(generateKeyPairSync('ed25519').publicKey)
const rsa = jwk(generateKeyPairSync('rsa', { modulusLength: 2_048 }).publicKey)
const wrong = (changes: object): object[] => [
  ...checkIdentity({
    namespace: 'user',
    algorithm: 'ES256',
    publicKeys: [p256],
    ...changes,
  } as IdentityDefinition),
]

test.each([
  ['ES256', p256],
  ['EdDSA', ed25519],
  ['RS256', rsa],
  ['ES256', { ...p256, kid: '2026', use: 'sig', alg: 'ES256' }],
])('%s with a public key of its own', (algorithm, key) => {
  expect(wrong({ algorithm, publicKeys: [key] })).toEqual([])
})

/** Nothing that an assertion could choose, that two parties share, or that is secret. */
test.each<[string, object]>([
  ['no signature', { algorithm: 'none' }],
  ['a shared secret', { algorithm: 'HS256', publicKeys: [{ kty: 'oct', k: 'c2VjcmV0' }] }],
  ['another algorithm’s key', { algorithm: 'RS256' }],
  ['a key that says it is another algorithm’s', { publicKeys: [{ ...p256, alg: 'ES384' }] }],
  ['a key to encrypt with', { publicKeys: [{ ...p256, use: 'enc' }] }],
  ['a private key', { publicKeys: [jwk(ec.privateKey)] }],
  ['another curve', { publicKeys: [jwk(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey)] }],
  ['a point beside the curve', { publicKeys: [{ ...p256, x: p256.y, y: p256.x }] }],
  ['half a key', { publicKeys: [{ ...p256, y: undefined }] }],
  ['an Ed25519 key cut short', { algorithm: 'EdDSA', publicKeys: [{ ...ed25519, x: ed25519.x?.slice(4) }] }],
  [
    'a weak RSA key',
    { algorithm: 'RS256', publicKeys: [jwk(generateKeyPairSync('rsa', { modulusLength: 1_024 }).publicKey)] },
  ],
  ['no key', { publicKeys: [] }],
  ['five keys', { publicKeys: [p256, p256, p256, p256, p256] }],
  [
    'a key id twice',
    {
      publicKeys: [
        { ...p256, kid: 'a' },
        { ...p256, kid: 'a' },
      ],
    },
  ],
  ['no namespace', { namespace: 'User!' }],
  ['devices', { namespace: 'device' }],
])('is not published with %s', (_, changes) => {
  expect(wrong(changes)).not.toEqual([])
})
