import type { Complaint } from './complaint.ts'
import { assertionAlgorithms, type IdentityDefinition, type PublicKey } from './definitions.ts'
import { isNamespace } from './identifier.ts'

const keysMax = 4
const rsaBitsMin = 2_048
const members = new Set(['kty', 'kid', 'crv', 'x', 'y', 'n', 'e', 'use', 'alg'])
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** P-256 (NIST SP 800-186 §3.2.1.3): y² = x³ − 3x + b over the field of p. */
const p = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n
const b = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn

/**
 * What is wrong with the way a host asserts who its users are. Its keys are public ones of exactly the algorithm that
 * is pinned, so that no assertion can choose another, and none holds a secret (RFC 8725 §3.1, §3.2).
 */
export function* checkIdentity(identity: IdentityDefinition): Generator<Complaint> {
  const { namespace, algorithm, publicKeys } = identity
  if (!isNamespace(namespace)) {
    yield { message: `${namespace} cannot be a namespace`, pointer: '/identity/namespace' }
  }
  if (namespace === 'device') {
    yield { message: 'a device speaks for itself, no host for it', pointer: '/identity/namespace' }
  }
  if (!assertionAlgorithms.some((known) => known === algorithm)) {
    const message = `assertions are signed with ${assertionAlgorithms.join(', ')}, not ${algorithm}`
    yield { message, pointer: '/identity/algorithm' }
    return
  }
  if (publicKeys.length < 1 || publicKeys.length > keysMax) {
    yield { message: `there are 1 to ${keysMax} public keys`, pointer: '/identity/publicKeys' }
  }
  for (const [index, key] of publicKeys.entries()) {
    const pointer = `/identity/publicKeys/${index}`
    const fault = faultOf(key, algorithm)
    if (fault !== undefined) yield { message: fault, pointer }
    const isTwice = publicKeys.some((each, at) => at < index && key.kid !== undefined && each.kid === key.kid)
    if (isTwice) yield { message: `the key id ${key.kid} is there twice`, pointer }
  }
}

function faultOf(key: PublicKey, algorithm: IdentityDefinition['algorithm']): string | undefined {
  if (Object.keys(key).some((member) => !members.has(member))) {
    return 'it has members that no public key has: a private key is kept where assertions are signed'
  }
  if (key.use !== undefined && key.use !== 'sig') return 'it is not a key for signatures (use)'
  if (key.alg !== undefined && key.alg !== algorithm) return `it is a key for ${key.alg}, not ${algorithm}`
  switch (algorithm) {
    case 'EdDSA':
      return key.kty === 'OKP' && key.crv === 'Ed25519' && bytesOf(key.x) === 32
        ? undefined
        : 'EdDSA needs an Ed25519 key: kty OKP, crv Ed25519, and x of 32 bytes'
    case 'ES256':
      return key.kty === 'EC' && key.crv === 'P-256' && isOnCurve(key)
        ? undefined
        : 'ES256 needs a P-256 key: kty EC, crv P-256, and x and y of a point on the curve'
    case 'RS256':
      return key.kty === 'RSA' && isStrongRsa(key)
        ? undefined
        : `RS256 needs an RSA key of ${rsaBitsMin} bits or more: kty RSA, n and e`
  }
}

function isOnCurve(key: PublicKey): boolean {
  if (bytesOf(key.x) !== 32 || bytesOf(key.y) !== 32) return false
  const [x, y] = [numberOf(key.x), numberOf(key.y)]
  return x < p && y < p && (y * y - (x * x * x - 3n * x + b)) % p === 0n
}

function isStrongRsa(key: PublicKey): boolean {
  if (bytesOf(key.n) === undefined || bytesOf(key.e) === undefined) return false
  const [n, e] = [numberOf(key.n), numberOf(key.e)]
  return n >= 2n ** BigInt(rsaBitsMin - 1) && n % 2n === 1n && e >= 3n && e % 2n === 1n
}

/** How many bytes base64url stands for; undefined where it is none. */
function bytesOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^[A-Za-z0-9_-]+$/.test(text) || text.length % 4 === 1) return undefined
  return Math.floor((text.length * 3) / 4)
}

function numberOf(text = ''): bigint {
  let value = 0n
  for (const letter of text) value = value * 64n + BigInt(alphabet.indexOf(letter))
  return value >> BigInt((text.length * 6) % 8)
}
