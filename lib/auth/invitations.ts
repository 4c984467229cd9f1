import { randomBytes } from 'node:crypto'
import type { Clock } from '../domain/clock.ts'
import { AssentError } from '../domain/errors.ts'
import type { OrganisationId } from '../domain/ids.ts'
import type { InvitationListed, InvitationStore } from './admin-store.ts'
import { hashOf } from './hash-of.ts'
import type { Role } from './member-store.ts'
import { hashPassword } from './passwords.ts'
import type { Vouched } from './sign-in-tickets.ts'

const openForMs = 7 * 86_400_000

type Joined = { readonly email: string; readonly role: Role }

export type Invitations = ReturnType<typeof createInvitations>

/** Asking someone in by a link: a random token of 32 bytes in base64url, for one person, once, for seven days. */
export function createInvitations(store: InvitationStore, clock: Clock) {
  return {
    list: (organisationId: OrganisationId): Promise<readonly InvitationListed[]> =>
      store.listOpen(organisationId, clock()),
    /** `token` is given out here alone. Throws `conflict` where she is a member. */
    async invite(
      organisationId: OrganisationId,
      { email, role }: { readonly email: string; readonly role: Role },
      actor: string,
    ): Promise<InvitationListed & { readonly token: string }> {
      const token = randomBytes(32).toString('base64url')
      const nowMs = clock()
      const made = await store.create(
        organisationId,
        { email: email.toLowerCase(), role, tokenSha256: hashOf(token), expiresAtMs: nowMs + openForMs },
        { actor, atMs: nowMs },
      )
      if (made === 'is_member') throw new AssentError('conflict', 'Whoever has this address is a member.')
      return { ...made, token }
    },
    withdraw: (organisationId: OrganisationId, id: string, actor: string): Promise<boolean> =>
      store.withdraw(organisationId, id, { actor, atMs: clock() }),
    /** Makes a member who signs in with `password`. Throws `invitation_invalid`, whatever the cause. */
    async accept(token: string, password: string): Promise<Joined> {
      const tokenSha256 = hashOf(token)
      // Hashing a password is made costly on purpose: not for whoever has no invitation.
      if (!(await store.isOpen(tokenSha256, clock()))) throw notOpen()
      return joined(await store.accept(tokenSha256, { passwordHash: await hashPassword(password) }, clock()))
    },
    /**
     * Makes a member of whom the provider vouches for, where the address it verified is the invited one; she is known by
     * its word from then on. Throws `invitation_invalid`, whatever the cause.
     */
    async acceptVouched(token: string, { email, ...identity }: Vouched): Promise<Joined> {
      if (email === null) throw notOpen()
      return joined(await store.accept(hashOf(token), { vouched: { ...identity, email } }, clock()))
    },
  }
}

function joined(member: Joined | undefined): Joined {
  if (member === undefined) throw notOpen()
  return member
}

const notOpen = () =>
  new AssentError('invitation_invalid', 'This invitation was used or withdrawn, or has run out.')
