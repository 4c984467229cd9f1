import type { OrganisationId } from '../domain/ids.ts'

export const roles = ['owner', 'officer', 'auditor', 'developer'] as const
export type Role = (typeof roles)[number]

/** Whom an OpenID Connect provider knows somebody as: the subject is the issuer's own, and never given to another. */
export type Identity = { readonly issuer: string; readonly subject: string }

export type Member = {
  readonly id: string
  readonly organisationId: OrganisationId
  readonly organisationName: string
  readonly email: string
  readonly role: Role
  /** Null where she signs in elsewhere only. */
  readonly passwordHash: string | null
  /** Null until she has signed in with the provider. */
  readonly identity: Identity | null
  /** A confirmed one. */
  readonly hasSecondFactor: boolean
}

/** From so many failures on, sign-in waits: at first so long, then twice as long each time. */
export type LockTerms = {
  readonly triesBeforeLock: number
  readonly firstLockMs: number
  readonly lockMsMax: number
}

/** A try that was counted, with the lock that it set. */
export type Try = { readonly lockedUntil: Date | null }

export type Members = {
  /** In all organisations, the oldest first: who signs in has not said which is hers. */
  findByEmail(email: string): Promise<readonly Member[]>
  /** In all organisations, the oldest first. */
  findByIdentity(identity: Identity): Promise<readonly Member[]>
  find(organisationId: OrganisationId, id: string): Promise<Member | undefined>
  /** Those of a ticket, whose organisations it does not say. */
  findByIds(ids: readonly string[]): Promise<readonly Member[]>
  /** In how many organisations somebody is a member under one address, at most: so many passwords each try checks. */
  sharedMost(): Promise<number>
  /**
   * Counts a try as failed before it is made, so that many at once cannot outrun the lock. Undefined, and not counted,
   * where she is locked.
   */
  beginTry(
    organisationId: OrganisationId,
    id: string,
    atMs: number,
    terms: LockTerms,
  ): Promise<Try | undefined>
  /** Uncounts a try that neither failed nor succeeded; a lock that another has set since stays. */
  takeBack(organisationId: OrganisationId, id: string, counted: Try): Promise<void>
  /** Forgets her failures. */
  recordSuccess(organisationId: OrganisationId, id: string): Promise<void>
  /** Writes down that somebody failed to sign in as her. */
  recordFailure(
    organisationId: OrganisationId,
    id: string,
    why: 'password' | 'code',
    atMs: number,
  ): Promise<void>
  create(member: {
    organisationId: OrganisationId
    email: string
    role: Role
    passwordHash: string | null
  }): Promise<{ readonly id: string }>
  count(organisationId: OrganisationId): Promise<number>
}

export type SignedInMember = {
  /** What the session is called where it is listed. */
  readonly sessionId: string
  readonly organisationId: OrganisationId
  readonly memberId: string
  readonly email: string
  readonly role: Role
  /** Her organisation demands a second factor and she has none: until then she may do nothing else. */
  readonly mustEnrol: boolean
}

export type SessionListed = {
  readonly id: string
  readonly createdAtMs: number
  /** Within a minute. */
  readonly lastSeenAtMs: number
  readonly expiresAtMs: number
}

/** What was shown before a session is begun; written down with it. */
export type Shown = {
  readonly by: 'password' | 'provider'
  readonly secondFactor: 'none' | 'code' | 'recovery_code'
  /** Becomes hers, where she has none yet. */
  readonly identity?: Identity | undefined
}

/** Sessions by the SHA-256 (32 bytes) of their random id: a copy of the table signs nobody in. */
export type Sessions = {
  /**
   * Begins a session and forgets her failures. False, and no session, where she was removed, is somebody else to the
   * provider, or has a second factor that was not shown: each may have come about since it was looked up.
   */
  create(session: {
    idSha256: Uint8Array
    organisationId: OrganisationId
    memberId: string
    atMs: number
    expiresAtMs: number
    shown: Shown
  }): Promise<boolean>
  /** Live ones only: expired, idle, revoked and unknown alike are undefined. */
  find(idSha256: Uint8Array): Promise<SignedInMember | undefined>
  /** Signs out, and writes it down. */
  revoke(idSha256: Uint8Array): Promise<void>
  /** Her live sessions, the one last seen first. */
  list(organisationId: OrganisationId, memberId: string): Promise<readonly SessionListed[]>
  /** Ends her session of this id; whether there was one. */
  end(organisationId: OrganisationId, memberId: string, id: string): Promise<boolean>
  /** Ends all of her sessions but the one of this id. */
  endOthers(organisationId: OrganisationId, memberId: string, keptId: string): Promise<number>
}

/** How long a session may lie unused, and how long it lasts at most. */
export const sessionTerms = { idleMs: 2 * 3_600_000, lastsMs: 12 * 3_600_000 }
