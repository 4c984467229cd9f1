import { randomBytes } from 'node:crypto'
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import type { Clock } from '../domain/clock.ts'
import { AssentError } from '../domain/errors.ts'
import { type Identifier, makeIdentifier } from '../domain/identifier.ts'

const snapshotMs = 3_600_000
/** What is served is signed anew this often, and until then the same for everyone, so that it can be cached. */
const servingStepMs = 600_000
const tokenMs = 365 * 86_400_000
/** Before its end, a device's token may be changed for one that begins anew. */
const endingMs = 90 * 86_400_000
const subjectMs = 900_000
/** For who came by a link: as long as a page is read and thought over. */
const readingMs = 3_600_000

/** What a property serves to everyone in one language, signed: proof of the words that could be read. */
export type Serving = {
  readonly property: string
  readonly notice: { readonly key: string; readonly version: number; readonly locale: string }
  /** The experience that showed it, where it has a version. */
  readonly experience: { readonly key: string; readonly version: number } | null
}

/** What was shown to whom, signed: a choice is recorded against it, once. */
export type Snapshot = Serving & {
  readonly jti: string
  readonly origin: string
  readonly issuedAtMs: number
  readonly expiresAtMs: number
}

/** What somebody answered who is asked about it, signed: it says nothing of who she is, and serves one answer. */
export type AskedBack = {
  readonly property: string
  /** Names the comparison of layouts that it is asked for. */
  readonly comparison: string
  readonly experience: { readonly key: string; readonly version: number }
  readonly purpose: string
  /** Whether the purpose may be used now. */
  readonly isAllowed: boolean
}

/** What serves once: known by `jti` for as long as it is valid. */
export type Once = Pick<Snapshot, 'jti' | 'issuedAtMs' | 'expiresAtMs'>

/** How it is known whom a token speaks for. */
export type KnownBy = 'device' | 'assertion' | 'hand_over' | 'mail'

/** Whom a request speaks for, on one property, from one origin: a device, or a user that was named otherwise. */
export type SubjectToken = {
  readonly subject: Identifier
  /** The device she was named on, where it has a token; the subject itself where that is a device. */
  readonly device: string | null
  readonly knownBy: KnownBy
  readonly property: string
  readonly origin: string
}

/** As it was read; `isEnding` where it is a device's own and runs out soon. */
export type ReadToken = SubjectToken & { readonly isEnding: boolean }

const notThis = (cause?: unknown) =>
  new AssentError('token_invalid', 'This is not a token for this property.', { cause })

/** Tokens of devices and snapshots of what they were shown: JWTs, HS256 under keys of their own (RFC 7519). */
export function createSubjectTokens(options: {
  /** 32 bytes each. */
  readonly tokenKey: Uint8Array
  readonly snapshotKey: Uint8Array
  readonly clock: Clock
}) {
  const { tokenKey, snapshotKey, clock } = options

  async function sign(
    key: Uint8Array,
    claims: Record<string, unknown>,
    property: string,
    lifeMs: number,
    atMs = clock(),
  ) {
    const issuedAt = Math.floor(atMs / 1000)
    const expiresAt = issuedAt + Math.floor(lifeMs / 1000)
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience(property)
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiresAt)
      .sign(key)
    return { token, expiresAtMs: expiresAt * 1000 }
  }

  async function verify(key: Uint8Array, token: string, property: string, mayHaveRunOut = false) {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['HS256'],
        audience: property,
        currentDate: new Date(clock()),
      })
      return payload
    } catch (cause) {
      // Signature and audience were found right before the time was looked at.
      if (cause instanceof errors.JWTExpired && mayHaveRunOut) return cause.payload
      if (cause instanceof errors.JWTExpired)
        throw new AssentError('token_expired', 'This token has run out.')
      throw notThis(cause)
    }
  }

  const shownIn = (payload: JWTPayload) => ({
    notice: payload.notice as Serving['notice'],
    experience: (payload.experience ?? null) as Serving['experience'],
  })

  const newJti = () => randomBytes(12).toString('base64url')
  function onceOf({ jti, iat, exp }: JWTPayload): Once {
    if (jti === undefined) throw notThis()
    return { jti, issuedAtMs: Number(iat) * 1000, expiresAtMs: Number(exp) * 1000 }
  }

  return {
    /** The same for equal input within ten minutes; good for at most an hour. */
    signServing({ property, notice, experience }: Serving) {
      const atMs = Math.floor(clock() / servingStepMs) * servingStepMs
      return sign(snapshotKey, { kind: 'serving', notice, experience }, property, snapshotMs, atMs)
    },
    /** Throws `token_invalid`, `token_expired`. */
    async readServing(text: string, property: string): Promise<Serving> {
      const payload = await verify(snapshotKey, text, property)
      if (payload.kind !== 'serving') throw notThis()
      return { property, ...shownIn(payload) }
    },
    signSnapshot: (shown: Pick<Snapshot, 'property' | 'origin' | 'notice' | 'experience'>) =>
      sign(
        snapshotKey,
        {
          jti: newJti(),
          ...{ origin: shown.origin, notice: shown.notice, experience: shown.experience },
        },
        shown.property,
        snapshotMs,
      ),
    /** Throws `token_invalid`, `token_expired`. */
    async readSnapshot(text: string, property: string): Promise<Snapshot> {
      const payload = await verify(snapshotKey, text, property)
      if (payload.kind !== undefined) throw notThis()
      return { property, origin: String(payload.origin), ...shownIn(payload), ...onceOf(payload) }
    },
    async signAskedBack({ property, ...asked }: AskedBack): Promise<string> {
      const claims = { kind: 'asked_back', jti: newJti(), ...asked }
      return (await sign(snapshotKey, claims, property, snapshotMs)).token
    },
    /** Throws `token_invalid`, `token_expired`. */
    async readAskedBack(text: string, property: string): Promise<AskedBack & Once> {
      const payload = await verify(snapshotKey, text, property)
      const { kind, comparison, experience, purpose, isAllowed } = payload
      if (kind !== 'asked_back') throw notThis()
      return {
        ...{ property, experience: experience as AskedBack['experience'], isAllowed: isAllowed === true },
        ...{ comparison: String(comparison), purpose: String(purpose), ...onceOf(payload) },
      }
    },
    /** A token for a device nobody has seen before. */
    async mint(property: string, origin: string) {
      const device = randomBytes(16).toString('base64url')
      return { device, ...(await sign(tokenKey, { sub: device, origin }, property, tokenMs)) }
    },
    /** Another for the same device, on the same property and site. */
    renew: ({ subject, property, origin }: SubjectToken) =>
      sign(tokenKey, { sub: subject.id, origin }, property, tokenMs),
    /** A token for who is named otherwise than by her device: fifteen minutes by her host, an hour by a link. */
    signSubject: ({ subject, device, knownBy, property, origin }: SubjectToken) =>
      sign(
        tokenKey,
        { kind: knownBy, namespace: subject.namespace, sub: subject.id, device, origin },
        property,
        knownBy === 'assertion' ? subjectMs : readingMs,
      ),
    /**
     * Throws `token_invalid`, `token_expired`. `mayHaveRunOut` is for refusals alone: a device's token takes back what was
     * given with it however late it comes (GDPR Art. 7(3)).
     */
    async readToken(text: string, property: string, mayHaveRunOut = false): Promise<ReadToken> {
      const payload = await verify(tokenKey, text, property, mayHaveRunOut)
      const { kind = 'device', sub, namespace, device, origin, exp = 0 } = payload
      // A token of before there were kinds is a device's, as one is that names none.
      const isDevice = kind === 'device'
      if (!isDevice && exp * 1000 <= clock())
        throw new AssentError('token_expired', 'This token has run out.')
      const subject = makeIdentifier(isDevice ? 'device' : String(namespace), String(sub))
      if (subject === undefined) throw notThis()
      return {
        ...{ subject, property, origin: String(origin), knownBy: kind as KnownBy },
        device: isDevice ? subject.id : ((device ?? null) as string | null),
        isEnding: isDevice && exp * 1000 - endingMs <= clock(),
      }
    },
  }
}
