import type { Clock } from '../domain/clock.ts'
import type { Keys } from './derive-keys.ts'
import { createIdTokens } from './id-tokens.ts'
import type { Members, Sessions } from './member-store.ts'
import { createSecondFactor } from './second-factor.ts'
import type { SecondFactorStore, UsedTokens } from './second-factor-store.ts'
import { createSignIn, type SignInMethods } from './sign-in.ts'
import { createSignInTickets } from './sign-in-tickets.ts'

/** How members may sign in, with what the provider knows this installation as. */
export type SignInConfiguration = {
  readonly hasPasswords: boolean
  readonly provider: { readonly name: string; readonly issuer: string; readonly clientId: string } | undefined
}

/** The parts of signing in, put together over their stores. */
export function createSigningIn(options: {
  readonly members: Members
  readonly sessions: Sessions
  readonly secondFactors: SecondFactorStore
  readonly used: UsedTokens
  readonly keys: Pick<Keys, 'secondFactor' | 'signInTicket'>
  readonly configuration: SignInConfiguration
  readonly clock: Clock
  readonly log: { readonly error: (what: object, message: string) => void }
}) {
  const { members, sessions, used, keys, configuration, clock, log } = options
  const { hasPasswords, provider } = configuration
  const tickets = createSignInTickets({ key: keys.signInTicket, used, clock })
  const secondFactor = createSecondFactor({
    ...{ store: options.secondFactors, members, key: keys.secondFactor, clock },
  })
  const signInMethods: SignInMethods = { hasPasswords, provider }
  return {
    tickets,
    secondFactor,
    signInMethods,
    signIn: createSignIn({ members, sessions, secondFactor, tickets, methods: signInMethods, clock, log }),
    idTokens: provider && createIdTokens({ ...provider, used, clock }),
  }
}
