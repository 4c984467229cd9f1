import { randomBytes } from 'node:crypto'
import type { Clock } from '../domain/clock.ts'
import { AssentError } from '../domain/errors.ts'
import { hashOf } from './hash-of.ts'
import type { Members, Sessions, SignedInMember } from './member-store.ts'
import { isPassword } from './passwords.ts'

const sessionMs = 12 * 3_600_000
/** From the fifth failure on, sign-in waits: 30 s, then twice as long each time, at most 15 minutes. */
const lockTerms = { triesBeforeLock: 5, firstLockMs: 30_000, lockMsMax: 900_000 }

export type SignedIn = {
  /** Random, 32 bytes in base64url: whoever has it is signed in. Only its hash is stored. */
  readonly session: string
  readonly email: string
  readonly role: string
  readonly expiresAtMs: number
}

export type SignIn = ReturnType<typeof createSignIn>

/** Signing in with address and password. Wrong address, wrong password and a locked account answer alike. */
export function createSignIn(options: {
  readonly members: Members
  readonly sessions: Sessions
  readonly clock: Clock
}) {
  const { members, sessions, clock } = options
  return {
    /** Throws `sign_in_failed`. */
    async signIn(email: string, password: string): Promise<SignedIn> {
      const member = await members.findByEmail(email)
      const nowMs = clock()
      // At the same time, so that counting a try takes no time that an unknown address does not.
      const [isRight, mayTry] = await Promise.all([
        isPassword(password, member?.passwordHash ?? null),
        member === undefined ? false : members.beginTry(member.id, nowMs, lockTerms),
      ])
      if (member === undefined || !isRight || !mayTry) {
        throw new AssentError(
          'sign_in_failed',
          'The address and the password do not match, or are locked for a while.',
        )
      }
      await members.recordSuccess(member.id)
      const session = randomBytes(32).toString('base64url')
      const expiresAtMs = nowMs + sessionMs
      await sessions.create({
        idSha256: hashOf(session),
        organisationId: member.organisationId,
        memberId: member.id,
        expiresAtMs,
      })
      return { session, email: member.email, role: member.role, expiresAtMs }
    },
    find: (session: string): Promise<SignedInMember | undefined> => sessions.find(hashOf(session)),
    signOut: (session: string): Promise<void> => sessions.revoke(hashOf(session)),
  }
}
