import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose'
import type { Clock } from '../domain/clock.ts'
import { AssentError } from '../domain/errors.ts'
import { fetchJson, isSecureOrLocal } from './fetch-json.ts'
import { hashOf } from './hash-of.ts'
import type { UsedTokens } from './second-factor-store.ts'
import type { Vouched } from './sign-in-tickets.ts'

/** Signatures with a public key alone: never `none`, never a shared secret. */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
]
/** How old a token may be that has just been issued, and how far clocks may differ. */
const ageMaxSeconds = 600
const toleranceSeconds = 10
/** Keys are read anew where none fits, but not more often than this. */
const keysEveryMs = 30_000
const keysLastMs = 600_000

export type IdTokens = ReturnType<typeof createIdTokens>

/**
 * Reads ID tokens of one provider (OpenID Connect Core §3.1.3.7), against keys that this process fetches itself: the
 * pages can pass a token on, and make none.
 */
export function createIdTokens(options: {
  readonly issuer: string
  readonly clientId: string
  readonly used: UsedTokens
  readonly clock: Clock
}) {
  const { issuer, clientId, used, clock } = options
  let kept: { readonly keys: JSONWebKeySet; readonly atMs: number } | undefined
  let reading: Promise<JSONWebKeySet> | undefined

  async function read(): Promise<JSONWebKeySet> {
    const about = await fetchJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
    // OpenID Connect Discovery §4.3: what it says of itself is exactly what the operator configured.
    if (about.issuer !== issuer)
      throw new Error(`the provider calls itself ${String(about.issuer).slice(0, 200)}`)
    const { jwks_uri: address } = about
    if (typeof address !== 'string' || !isSecureOrLocal(address))
      throw new Error('the address of its keys is not https')
    const keys = (await fetchJson(address)) as unknown as JSONWebKeySet
    kept = { keys, atMs: clock() }
    return keys
  }

  async function keysNow(olderThanMs: number): Promise<JSONWebKeySet> {
    if (kept !== undefined && clock() - kept.atMs < olderThanMs) return kept.keys
    reading ??= read().finally(() => {
      reading = undefined
    })
    return reading
  }

  async function claimsOf(token: string, olderThanMs: number): Promise<JWTPayload> {
    const { payload } = await jwtVerify(token, createLocalJWKSet(await keysNow(olderThanMs)), {
      ...{ issuer, audience: clientId, algorithms, currentDate: new Date(clock()) },
      ...{ requiredClaims: ['exp', 'iat', 'sub', 'nonce'], maxTokenAge: ageMaxSeconds },
      clockTolerance: toleranceSeconds,
    })
    return payload
  }

  return {
    /**
     * Whom the provider vouches for. Each token serves once. Throws `sign_in_failed`, whatever is wrong with it; the
     * cause says what.
     */
    async read(token: string, nonce: string): Promise<Vouched> {
      const refuse = (cause: unknown): never => {
        throw new AssentError('sign_in_failed', 'The provider’s answer cannot be relied on.', { cause })
      }
      const claims = await claimsOf(token, keysLastMs)
        // The provider may have new keys.
        .catch((error: unknown) =>
          error instanceof errors.JWKSNoMatchingKey ? claimsOf(token, keysEveryMs) : Promise.reject(error),
        )
        .catch(refuse)
      const { sub, exp, aud, azp, email } = claims
      if (claims.nonce !== nonce) return refuse(new Error('the token answers another request'))
      if (azp !== undefined ? azp !== clientId : Array.isArray(aud) && aud.length > 1) {
        return refuse(new Error('the token was given to another client'))
      }
      if (sub === undefined || sub === '' || sub.length > 255) return refuse(new Error('its subject is none'))
      // What is signed: unlike the signature it can be written in one way only.
      const signed = token.slice(0, token.lastIndexOf('.'))
      const expiresAtMs = ((exp ?? 0) + toleranceSeconds) * 1000
      if (!(await used.use(hashOf(signed), expiresAtMs, clock())))
        return refuse(new Error('the token was used'))
      const isVerified = claims.email_verified === true && typeof email === 'string' && email.length <= 320
      return { issuer, subject: sub, email: isVerified ? email.toLowerCase() : null }
    },
  }
}
