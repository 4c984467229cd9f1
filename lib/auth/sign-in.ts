import { randomBytes } from 'node:crypto'
import type { Clock } from '../domain/clock.ts'
import { AssentError } from '../domain/errors.ts'
import { hashOf } from './hash-of.ts'
import {
  type Member,
  type Members,
  type Sessions,
  type SignedInMember,
  sessionTerms,
} from './member-store.ts'
import { isPassword } from './passwords.ts'
import { codeWrong, type SecondFactor } from './second-factor.ts'
import type { SignInTickets, Ticket, Vouched } from './sign-in-tickets.ts'
import { lockTerms } from './tries.ts'

export type SignedIn = {
  /** Random, 32 bytes in base64url: whoever has it is signed in. Only its hash is stored. */
  readonly session: string
  readonly email: string
  readonly role: string
  readonly expiresAtMs: number
}

/** What came of a step: a session, or what is needed before there is one. */
export type SignInStep =
  | ({ readonly needs: null } & SignedIn)
  | { readonly needs: 'code'; readonly ticket: string }
  | {
      readonly needs: 'organisation'
      readonly ticket: string
      readonly choices: readonly { readonly member: string; readonly organisation: string }[]
    }
  /** The provider vouches for her, and she is no member: the ticket lets her accept an invitation. */
  | { readonly needs: 'invitation'; readonly ticket: string }

/** How members may sign in here. */
export type SignInMethods = {
  readonly hasPasswords: boolean
  readonly provider: { readonly name: string; readonly issuer: string } | undefined
}

export type SignIn = ReturnType<typeof createSignIn>

/**
 * Signing in, in steps; there is no session before the last. Wrong address, wrong password and a locked account answer
 * alike and take as long: an organisation or a code is asked for only once the password was right.
 */
export function createSignIn(options: {
  readonly members: Members
  readonly sessions: Sessions
  readonly secondFactor: Pick<SecondFactor, 'take'>
  readonly tickets: SignInTickets
  readonly methods: SignInMethods
  readonly clock: Clock
  readonly log: { readonly error: (what: object, message: string) => void }
}) {
  const { members, sessions, secondFactor, tickets, methods, clock, log } = options

  /** Not waited for: an answer that took longer would tell that there is such a member. */
  function noteFailure({ organisationId, id }: Member, why: 'password' | 'code'): void {
    members
      .recordFailure(organisationId, id, why, clock())
      .catch((error) => log.error({ err: error }, 'a failed sign-in was not written down'))
  }

  /** As whom the password is right; every try is counted, and taken back where it did not fail. */
  async function passwordOf(email: string, password: string): Promise<readonly Member[]> {
    const [found, shared] = await Promise.all([members.findByEmail(email), members.sharedMost()])
    const nowMs = clock()
    // As many passwords for every address, so that the time tells of no membership.
    const padding = Array.from({ length: Math.max(1, shared) - found.length }, () => null)
    const [checked] = await Promise.all([
      Promise.all(
        found.map(async (member) => {
          const [isRight, counted] = await Promise.all([
            isPassword(password, member.passwordHash),
            members.beginTry(member.organisationId, member.id, nowMs, lockTerms),
          ])
          return { member, isRight, counted }
        }),
      ),
      ...padding.map((hash) => isPassword(password, hash)),
    ])
    const right = checked.filter(({ isRight, counted }) => isRight && counted !== undefined)
    for (const { member, counted } of checked) {
      if (counted === undefined) continue
      if (right.length === 0) noteFailure(member, 'password')
      // Where it was right for one of her memberships, it was no guess at the others.
      else await members.takeBack(member.organisationId, member.id, counted)
    }
    return right.map(({ member }) => member)
  }

  /** Those whom the provider knew as this before; and, by an address that it verified, those it knows as nobody yet. */
  async function membersOf(vouched: Vouched): Promise<readonly Member[]> {
    const known = await members.findByIdentity(vouched)
    const byAddress = vouched.email === null ? [] : await members.findByEmail(vouched.email)
    const isElsewhere = ({ organisationId }: Member) =>
      known.every((member) => member.organisationId !== organisationId)
    return [...known, ...byAddress.filter((member) => member.identity === null && isElsewhere(member))]
  }

  async function openSession(member: Member, ticket: Ticket, factor: 'none' | 'code' | 'recovery_code') {
    const { organisationId, id: memberId, email, role } = member
    const session = randomBytes(32).toString('base64url')
    const atMs = clock()
    const expiresAtMs = atMs + sessionTerms.lastsMs
    const { vouched } = ticket
    const identity = vouched === null ? undefined : { issuer: vouched.issuer, subject: vouched.subject }
    const shown = { by: vouched === null ? 'password' : 'provider', secondFactor: factor, identity } as const
    const idSha256 = hashOf(session)
    if (!(await sessions.create({ idSha256, organisationId, memberId, atMs, expiresAtMs, shown })))
      throw failed()
    return { needs: null, session, email, role, expiresAtMs } as const
  }

  /** What comes after the first factor was shown; `used` is the ticket that this step goes on from. */
  async function proceed(
    all: readonly Member[],
    vouched: Vouched | null,
    given: { member?: string | undefined; code?: string | undefined; used?: string } = {},
  ): Promise<SignInStep> {
    const chosen = given.member === undefined ? all : all.filter(({ id }) => id === given.member)
    const [member] = chosen
    if (member === undefined) throw failed()
    const ticket = { vouched, members: chosen.map(({ id }) => id) }
    if (chosen.length > 1) {
      const choices = chosen.map(({ id, organisationName }) => ({
        member: id,
        organisation: organisationName,
      }))
      return { needs: 'organisation', ticket: tickets.give(ticket), choices }
    }
    if (!member.hasSecondFactor) {
      if (given.used !== undefined) await tickets.use(given.used)
      return openSession(member, ticket, 'none')
    }
    if (given.code === undefined) return { needs: 'code', ticket: tickets.give(ticket) }
    const counted = await members.beginTry(member.organisationId, member.id, clock(), lockTerms)
    if (counted === undefined) throw codeWrong()
    const factor = await secondFactor.take(member, given.code)
    if (factor === undefined) {
      noteFailure(member, 'code')
      throw codeWrong()
    }
    if (given.used !== undefined) await tickets.use(given.used)
    return openSession(member, ticket, factor)
  }

  return {
    /** The first step with a password. Throws `sign_in_failed`, `sign_in_method_off`. */
    async signIn(email: string, password: string): Promise<SignInStep> {
      if (!methods.hasPasswords) throw methodOff('Passwords are')
      const right = await passwordOf(email, password)
      if (right.length === 0) throw failed()
      return proceed(right, null)
    },
    /** The first step with a provider's word, which was verified. Throws `sign_in_failed`, `sign_in_method_off`. */
    async signInVouched(vouched: Vouched): Promise<SignInStep> {
      if (methods.provider === undefined) throw methodOff('A provider is')
      const known = await membersOf(vouched)
      if (known.length > 0) return proceed(known, vouched)
      return { needs: 'invitation', ticket: tickets.give({ vouched, members: null }) }
    },
    /** A further step. Throws `sign_in_failed`, `code_wrong`. */
    async goOn(
      text: string,
      given: { member?: string | undefined; code?: string | undefined },
    ): Promise<SignInStep> {
      const { vouched, members: ids } = tickets.read(text)
      const known = vouched === null ? await members.findByIds(ids ?? []) : await membersOf(vouched)
      const still = ids === null ? known : known.filter(({ id }) => ids.includes(id))
      return proceed(still, vouched, { ...given, used: text })
    },
    find: (session: string): Promise<SignedInMember | undefined> => sessions.find(hashOf(session)),
    signOut: (session: string): Promise<void> => sessions.revoke(hashOf(session)),
  }
}

const failed = () =>
  new AssentError('sign_in_failed', 'The address and the password do not match, or are locked for a while.')
const methodOff = (what: string) =>
  new AssentError('sign_in_method_off', `${what} not a way to sign in to this installation.`)
