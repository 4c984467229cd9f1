import type { OrganisationId } from '../domain/ids.ts'

export const roles = ['owner', 'officer', 'auditor', 'developer'] as const
export type Role = (typeof roles)[number]

export type Member = {
  readonly id: string
  readonly organisationId: OrganisationId
  readonly email: string
  readonly role: Role
  /** Null where she signs in elsewhere only. */
  readonly passwordHash: string | null
}

/** From so many failures on, sign-in waits: at first so long, then twice as long each time. */
export type LockTerms = {
  readonly triesBeforeLock: number
  readonly firstLockMs: number
  readonly lockMsMax: number
}

export type Members = {
  /** The one place that looks across organisations: who signs in has not said which is hers. */
  findByEmail(email: string): Promise<Member | undefined>
  /**
   * Counts a try as failed before it is made, so that many at once cannot outrun the lock. False, and not counted, where
   * she is locked.
   */
  beginTry(id: string, atMs: number, terms: LockTerms): Promise<boolean>
  recordSuccess(id: string): Promise<void>
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
}

export type SessionListed = {
  readonly id: string
  readonly createdAtMs: number
  /** Within a minute. */
  readonly lastSeenAtMs: number
  readonly expiresAtMs: number
}

/** Sessions by the SHA-256 (32 bytes) of their random id: a copy of the table signs nobody in. */
export type Sessions = {
  create(session: {
    idSha256: Uint8Array
    organisationId: OrganisationId
    memberId: string
    expiresAtMs: number
  }): Promise<void>
  /** Live ones only: expired, revoked and unknown alike are undefined. */
  find(idSha256: Uint8Array): Promise<SignedInMember | undefined>
  revoke(idSha256: Uint8Array): Promise<void>
  /** Her live sessions, the one last seen first. */
  list(organisationId: OrganisationId, memberId: string): Promise<readonly SessionListed[]>
  /** Ends her session of this id; whether there was one. */
  end(organisationId: OrganisationId, memberId: string, id: string): Promise<boolean>
  /** Ends all of her sessions but the one of this id. */
  endOthers(organisationId: OrganisationId, memberId: string, keptId: string): Promise<number>
}
