import { errors, importJWK, type JWTPayload, jwtVerify } from 'jose'
import type { Clock } from '../domain/clock.ts'
import type { IdentityDefinition, PublicKey } from '../domain/definitions.ts'
import { AssentError } from '../domain/errors.ts'
import { type Identifier, makeIdentifier } from '../domain/identifier.ts'
import type { OrganisationId, PropertyKey } from '../domain/ids.ts'
import { hashOf } from './hash-of.ts'
import type { UsedTokens } from './second-factor-store.ts'

const lifeSecondsMax = 300
/** How far ahead the host's clock may be. */
const aheadSecondsMax = 30
const idLengthMax = 255

/** Reads what the host of a property asserts of its user. */
export function createAssertions(options: { readonly used: UsedTokens; readonly clock: Clock }) {
  const { used, clock } = options

  return {
    /**
     * Whom an assertion names. It is signed with the algorithm and a key that the property's definition pins, made for
     * this property (`aud`), valid for at most five minutes from `iat`, and serves once (`jti`). Where it names an
     * `origin`, it serves on that site alone. Throws `token_invalid`, `token_expired`.
     */
    async read(
      assertion: string,
      of: {
        readonly organisationId: OrganisationId
        readonly property: PropertyKey
        readonly identity: IdentityDefinition
        readonly origin: string
      },
    ): Promise<Identifier> {
      const { organisationId, property, identity, origin } = of
      const nowSeconds = Math.floor(clock() / 1000)
      const claims = await verified(assertion, identity, property, clock())
      const { sub, iat = 0, exp = 0, jti = '' } = claims
      if (iat > nowSeconds + aheadSecondsMax) throw invalid('It was issued in the future.')
      if (exp - iat > lifeSecondsMax) throw invalid('It is valid for more than five minutes.')
      if (jti === '' || jti.length > idLengthMax) throw invalid('Its id (jti) is none.')
      if (claims.origin !== undefined && claims.origin !== origin) {
        throw invalid('It was made for another site.')
      }
      const subject = typeof sub === 'string' ? makeIdentifier(identity.namespace, sub) : undefined
      if (subject === undefined) throw invalid('Its subject (sub) is none.')
      const name = JSON.stringify(['assertion', organisationId, property, jti])
      const isFirst = await used.use(hashOf(name), (exp + aheadSecondsMax) * 1000, clock())
      if (!isFirst) throw invalid('It was used before: each serves once (jti).')
      return subject
    },
  }
}

async function verified(
  assertion: string,
  { algorithm, publicKeys }: IdentityDefinition,
  property: PropertyKey,
  nowMs: number,
): Promise<JWTPayload> {
  let cause: unknown
  for (const key of publicKeys) {
    try {
      const { payload } = await jwtVerify(assertion, await keyOf(key, algorithm), {
        ...{ algorithms: [algorithm], audience: property, currentDate: new Date(nowMs) },
        requiredClaims: ['exp', 'iat', 'sub', 'jti'],
      })
      return payload
    } catch (error) {
      if (error instanceof errors.JWTExpired) {
        throw new AssentError('token_expired', 'This assertion has run out.')
      }
      cause = error
      // Another key may fit the signature; anything else is wrong under each.
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) break
    }
  }
  throw invalid('It is not signed by this property’s host, or not for this property.', cause)
}

/** As a key for this algorithm, whatever it says of itself: the definition pins it, no assertion does. */
function keyOf({ kid: _kid, alg: _alg, use: _use, ...key }: PublicKey, algorithm: string) {
  return importJWK(key, algorithm)
}

function invalid(why: string, cause?: unknown): AssentError {
  return new AssentError('token_invalid', `The assertion cannot be relied on. ${why}`, { cause })
}
