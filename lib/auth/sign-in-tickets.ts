import { randomBytes } from 'node:crypto'
import type { Clock } from '../domain/clock.ts'
import { AssentError } from '../domain/errors.ts'
import { hashOf } from './hash-of.ts'
import type { Identity } from './member-store.ts'
import { PageTokens } from './page-tokens.ts'
import type { UsedTokens } from './second-factor-store.ts'

const validMs = 5 * 60_000
const binding = 'sign-in'

/** Whom an OpenID Connect provider vouches for; the address only where it says that it verified it. */
export type Vouched = Identity & { readonly email: string | null }

/** What is known of somebody who has shown the first factor, and is nobody's session yet. */
export type Ticket = {
  /** The provider's word, where it was not the password. */
  readonly vouched: Vouched | null
  /** As whom she may go on, by id; null: as all that the provider's word lets her. */
  readonly members: readonly string[] | null
}

export type SignInTickets = ReturnType<typeof createSignInTickets>

/** Tickets between the steps of signing in: sealed, valid for five minutes, each good for one session. */
export function createSignInTickets(options: {
  /** 32 bytes. */
  readonly key: Uint8Array
  readonly used: UsedTokens
  readonly clock: Clock
}) {
  const { used, clock } = options
  const sealed = new PageTokens(options.key)
  return {
    give(ticket: Ticket): string {
      const kept = { ...ticket, expiresAtMs: clock() + validMs, id: randomBytes(16).toString('base64url') }
      return sealed.seal(Buffer.from(JSON.stringify(kept)), binding)
    },
    /** Throws `sign_in_failed` where it is none, or has run out. */
    read(text: string): Ticket {
      const opened = sealed.open(text, binding)
      if (opened !== undefined) {
        const kept = JSON.parse(Buffer.from(opened).toString()) as Ticket & { expiresAtMs: number }
        if (clock() < kept.expiresAtMs) return kept
      }
      throw signInAgain()
    },
    /** Throws `sign_in_failed` where it was used. */
    async use(text: string): Promise<void> {
      // The one form of its bytes: base64url can be written in more than one way.
      const token = Buffer.from(text, 'base64url').toString('base64url')
      if (!(await used.use(hashOf(token), clock() + validMs, clock()))) throw signInAgain()
    },
  }
}

const signInAgain = () => new AssentError('sign_in_failed', 'This took too long. Please sign in again.')
