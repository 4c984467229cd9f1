import type { NextAuthOptions } from 'next-auth'
import Credentials from 'next-auth/providers/credentials'
import { createClient } from '../client/client.ts'
import { readWebEnv } from '../env.ts'

const sessionSeconds = 12 * 3_600

type SignedIn = { readonly session: string; readonly email: string; readonly role: string }

/** The API as the web process reaches it: with its own credential, for whoever's session is named. */
export function internalClient(session?: string) {
  const env = readWebEnv()
  return createClient({
    baseUrl: env.apiUrl,
    key: env.internalToken,
    headers: session === undefined ? {} : { 'Assent-Session': session },
  })
}

/**
 * Signing in to the admin pages. The token in the cookie carries a random session id and nothing that decides:
 * role and organisation are read beside the data, each time.
 */
export function authOptions(): NextAuthOptions {
  const env = readWebEnv()
  return {
    secret: env.nextAuthSecret,
    session: { strategy: 'jwt', maxAge: sessionSeconds },
    pages: { signIn: '/admin/sign-in', error: '/admin/sign-in' },
    providers: [
      Credentials({
        credentials: { email: { type: 'email' }, password: { type: 'password' } },
        async authorize(given) {
          if (!given) return null
          try {
            const { email, password } = given
            const signedIn = await internalClient().call<SignedIn>('POST', '/v1/internal/sign-in', {
              email,
              password,
            })
            return { id: signedIn.session, email: signedIn.email }
          } catch {
            return null
          }
        },
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => (user ? { ...token, sid: user.id } : token),
      session: ({ session, token }) => ({ ...session, sid: token.sid }),
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
