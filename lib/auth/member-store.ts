import type { OrganisationId } from '../domain/ids.ts'

export type Role = 'owner' | 'officer' | 'auditor' | 'developer'

export type Member = {
  readonly id: string
  readonly organisationId: OrganisationId
  readonly email: string
  readonly role: Role
  /** Null where she signs in elsewhere only. */
  readonly passwordHash: string | null
  readonly failedSignIns: number
  readonly lockedUntilMs: number | null
}

export type Members = {
  /** The one place that looks across organisations: who signs in has not said which is hers. */
  findByEmail(email: string): Promise<Member | undefined>
  recordFailure(id: string, lockedUntilMs: number | null): Promise<void>
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
  readonly organisationId: OrganisationId
  readonly memberId: string
  readonly email: string
  readonly role: Role
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
}
