import { timingSafeEqual } from 'node:crypto'
import { sha256Of } from '../auth/api-keys.ts'
import { type Scope, scopesOfRole } from '../auth/scopes.ts'
import type { SignIn } from '../auth/sign-in.ts'
import type { Decisions } from '../decisions/decisions.ts'
import { AssentError } from '../domain/errors.ts'
import type { OrganisationId } from '../domain/ids.ts'
import type { KeyUses } from './usage/key-uses.ts'

/** Who calls: an API key, or a member through the pages. */
export type Principal = {
  readonly organisationId: OrganisationId
  /** The key's id, or `member:<id>`. */
  readonly name: string
  readonly scopes: readonly string[]
  /** Where it is a member: who, and in which of her sessions. */
  readonly member?: { readonly id: string; readonly sessionId: string }
}

const rememberedMax = 10_000

/**
 * Recognises API keys without the database: by SHA-256 in the index, which a revocation in the log reaches at once.
 * Keys seen before are remembered by their hash's text, so that a busy one is hashed once.
 */
export class Authenticator {
  readonly #decisions: Pick<Decisions, 'keyBySha256'>
  readonly #uses: Pick<KeyUses, 'note'>
  readonly #hashes = new Map<string, string>()

  constructor(decisions: Pick<Decisions, 'keyBySha256'>, uses: Pick<KeyUses, 'note'>) {
    this.#decisions = decisions
    this.#uses = uses
  }

  /** Without a scope, any live key; `or` is one that does as well. Throws `key_missing`, `key_unknown`, `scope_missing`. */
  key(authorization: string | undefined, scope?: Scope, or?: Scope): Principal {
    if (authorization === undefined || !authorization.startsWith('Bearer ')) {
      throw new AssentError('key_missing', 'Send the API key as Authorization: Bearer ask_…')
    }
    let sha256 = this.#hashes.get(authorization)
    if (sha256 === undefined) {
      sha256 = sha256Of(authorization.slice(7).trim())
      if (this.#decisions.keyBySha256(sha256) === undefined) throw unknownKey()
      if (this.#hashes.size >= rememberedMax) this.#hashes.clear()
      this.#hashes.set(authorization, sha256)
    }
    const key = this.#decisions.keyBySha256(sha256)
    if (key === undefined) throw unknownKey()
    this.#uses.note(key.organisationId, key.id)
    if (!holds(key.scopes, scope, or)) throw missingScope(scope!)
    return { organisationId: key.organisationId, name: key.id, scopes: key.scopes }
  }
}

const holds = (granted: readonly string[], scope: Scope | undefined, or: Scope | undefined) =>
  scope === undefined || granted.includes(scope) || (or !== undefined && granted.includes(or))
const unknownKey = () =>
  new AssentError('key_unknown', 'This API key is not known, was revoked or has ended.')
const missingScope = (scope: string) =>
  new AssentError('scope_missing', `This call needs the scope ${scope}, which the caller does not have.`)

/** The credential of the web process: it speaks for whoever is signed in, never for itself. */
export class InternalCredential {
  readonly #expected: Buffer
  readonly #signIn: Pick<SignIn, 'find'>

  constructor(token: string, signIn: Pick<SignIn, 'find'>) {
    this.#expected = Buffer.from(`Bearer ${token}`)
    this.#signIn = signIn
  }

  is(authorization: string | undefined): boolean {
    const given = Buffer.from(authorization ?? '')
    return given.length === this.#expected.length && timingSafeEqual(given, this.#expected)
  }

  /**
   * The member whose session this is; without a scope, whatever her role, and `or` does as well. One who lacks the second
   * factor that is demanded of her gets as far as adding it. Throws `token_expired`, `second_factor_needed`,
   * `scope_missing`.
   */
  async member(
    session: string | undefined,
    needs: {
      readonly scope?: Scope | undefined
      readonly or?: Scope | undefined
      readonly isForEnrolment?: boolean
    } = {},
  ): Promise<Principal> {
    const { scope, or, isForEnrolment = false } = needs
    const member = session === undefined ? undefined : await this.#signIn.find(session)
    if (member === undefined) throw new AssentError('token_expired', 'Please sign in again.')
    if (member.mustEnrol && !isForEnrolment) {
      throw new AssentError(
        'second_factor_needed',
        'Your organisation demands a second factor: add one first.',
      )
    }
    const granted = scopesOfRole[member.role]
    if (!holds(granted, scope, or)) throw missingScope(scope!)
    const { organisationId, memberId: id, sessionId } = member
    return { organisationId, name: `member:${id}`, scopes: granted, member: { id, sessionId } }
  }
}
