import type { NextAuthOptions } from 'next-auth'
import Credentials from 'next-auth/providers/credentials'
import type { OAuthConfig } from 'next-auth/providers/oauth'
import { AssentApiError, createClient } from '../client/client.ts'
import type { SignInStep } from '../client/sign-in-step.ts'
import { type ProviderEnv, readWebEnv } from '../env.ts'
import { safeRedirect } from './safe-redirect.ts'

const sessionSeconds = 12 * 3_600

type Outcome = { readonly needs: null; readonly session: string; readonly email: string } | SignInStep

/** The API as the web process reaches it: with its own credential, for whoever's session is named. */
export function internalClient(session?: string) {
  const env = readWebEnv()
  return createClient({
    baseUrl: env.apiUrl,
    key: env.internalToken,
    headers: session === undefined ? {} : { 'Assent-Session': session },
  })
}

/** What the sign-in page offers. */
export function signInMethods(): { readonly hasPasswords: boolean; readonly provider: string | undefined } {
  const { hasPasswords, provider } = readWebEnv().signIn
  return { hasPasswords, provider: provider?.name }
}

/** What the API answers whoever's session it is, as a stream: for files that are passed on as they come. */
export function internalStream(session: string, path: string, signal: AbortSignal): Promise<Response> {
  const env = readWebEnv()
  return fetch(env.apiUrl + path, {
    headers: { Authorization: `Bearer ${env.internalToken}`, 'Assent-Session': session },
    signal,
    cache: 'no-store',
  })
}

/**
 * Signing in to the admin pages. The token in the cookie carries a random session id and nothing that decides:
 * role and organisation are read beside the data, each time. There is no cookie before the last step.
 */
export function authOptions(): NextAuthOptions {
  const env = readWebEnv()
  const { provider } = env.signIn
  return {
    secret: env.nextAuthSecret,
    session: { strategy: 'jwt', maxAge: sessionSeconds },
    pages: { signIn: '/admin/sign-in', error: '/admin/sign-in' },
    providers: [
      Credentials({
        credentials: {
          email: { type: 'email' },
          password: { type: 'password' },
          ticket: { type: 'text' },
          member: { type: 'text' },
          code: { type: 'text' },
        },
        authorize: (given) => (given === undefined ? null : authorize(given)),
      }),
      ...(provider === undefined ? [] : [openIdConnect(provider)]),
    ],
    callbacks: {
      // Who is vouched for and yet to show more goes on at the page; behind # no server's log sees the ticket.
      signIn: ({ user }) =>
        'step' in user
          ? `${env.publicUrl}/admin/sign-in#step=${encodeURIComponent(JSON.stringify(user.step))}`
          : true,
      jwt: ({ token, user }) => (user ? { ...token, sid: user.id } : token),
      session: ({ session, token }) => ({ ...session, sid: token.sid }),
      redirect: ({ url }) => safeRedirect(url, env.publicUrl),
    },
    events: {
      signOut: async ({ token }) => {
        if (typeof token.sid === 'string') {
          await internalClient(token.sid)
            .call('DELETE', '/v1/internal/session')
            .catch(() => undefined)
        }
      },
    },
  }
}

/** A step by hand: with address and password, or with a ticket. What is needed next is told as the error's text. */
async function authorize({ email, password, ticket, member, code }: Partial<Record<string, string>>) {
  const api = internalClient()
  let outcome: Outcome
  try {
    outcome = await (ticket === undefined
      ? api.call<Outcome>('POST', '/v1/internal/sign-in', { email, password })
      : api.call<Outcome>('POST', '/v1/internal/sign-in/continue', { ticket, member, code }))
  } catch (error) {
    if (error instanceof AssentApiError && error.code === 'code_wrong') throw new Error('code_wrong')
    return null
  }
  if (outcome.needs !== null) throw new Error(JSON.stringify(outcome))
  return { id: outcome.session, email: outcome.email }
}

/** Authorization code flow with PKCE, state and nonce. What the provider signed goes to the API, which alone decides. */
function openIdConnect({ issuer, clientId, clientSecret, name }: ProviderEnv): OAuthConfig<object> {
  return {
    ...{ id: 'oidc', name, type: 'oauth', clientId, clientSecret, idToken: true },
    wellKnown: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
    authorization: { params: { scope: 'openid email' } },
    checks: ['pkce', 'state', 'nonce'],
    httpOptions: { timeout: 5_000 },
    token: {
      async request({ client, provider, params, checks }) {
        const { id_token } = await client.callback(provider.callbackUrl, params, checks)
        const outcome = await internalClient().call<Outcome>('POST', '/v1/internal/sign-in/oidc', {
          // The types do not know of it; without one the API refuses.
          ...{ id_token, nonce: (checks as { nonce?: string }).nonce },
        })
        return { tokens: { ...(id_token === undefined ? {} : { id_token }), outcome } }
      },
    },
    profile(_claims, tokens) {
      const outcome = tokens.outcome as Outcome
      if (outcome.needs === null) return { id: outcome.session, email: outcome.email }
      return { id: 'nobody yet', step: outcome }
    },
  }
}
