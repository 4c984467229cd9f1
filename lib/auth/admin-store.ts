import type { OrganisationId } from '../domain/ids.ts'
import type { Identity, Role } from './member-store.ts'

/** Who does it, and when: written down as an administrative act in the transaction that does it. */
export type Doer = {
  /** `member:` and her id, or an API key's id. */
  readonly actor: string
  readonly atMs: number
}

export type MemberListed = {
  readonly id: string
  readonly email: string
  readonly role: Role
  readonly createdAtMs: number
  /** Null for who has never signed in. */
  readonly lastSeenAtMs: number | null
}

/** What came of a change; a member of another organisation is `unknown`, as one that does not exist. */
export type Changed = 'changed' | 'unknown' | 'last_owner'

/**
 * Members of one organisation. Changes wait for each other within an organisation, so that two at once cannot leave it
 * without an owner.
 */
export type MemberAdmin = {
  /** Those who were not removed, by address. */
  list(organisationId: OrganisationId): Promise<readonly MemberListed[]>
  changeRole(organisationId: OrganisationId, id: string, role: Role, by: Doer): Promise<Changed>
  /** Her sessions end with it. What she did keeps her name. */
  remove(organisationId: OrganisationId, id: string, by: Doer): Promise<Changed>
  /** Ends all of her sessions. */
  endSessions(organisationId: OrganisationId, id: string, by: Doer): Promise<Exclude<Changed, 'last_owner'>>
}

export type InvitationListed = {
  readonly id: string
  readonly email: string
  readonly role: Role
  readonly invitedBy: string
  readonly createdAtMs: number
  readonly expiresAtMs: number
}

/** Invitations by the SHA-256 (32 bytes) of their token: a copy of the table lets nobody in. */
export type InvitationStore = {
  /** Those that can still be accepted, the newest first. */
  listOpen(organisationId: OrganisationId, atMs: number): Promise<readonly InvitationListed[]>
  /** Takes the place of an earlier one to the same address. `is_member` where she is one already. */
  create(
    organisationId: OrganisationId,
    invitation: { email: string; role: Role; tokenSha256: Uint8Array; expiresAtMs: number },
    by: Doer,
  ): Promise<InvitationListed | 'is_member'>
  /** Whether there was an open one of this id. */
  withdraw(organisationId: OrganisationId, id: string, by: Doer): Promise<boolean>
  isOpen(tokenSha256: Uint8Array, atMs: number): Promise<boolean>
  /**
   * Makes the member, once. Undefined where the invitation is not open, or is not to the address that the provider
   * vouches for. Whoever has the token has not said whose it is.
   */
  accept(
    tokenSha256: Uint8Array,
    by: { readonly passwordHash: string } | { readonly vouched: Identity & { readonly email: string } },
    atMs: number,
  ): Promise<{ readonly email: string; readonly role: Role } | undefined>
}
