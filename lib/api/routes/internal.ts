import { z } from '@hono/zod-openapi'
import { scopesOfRole } from '../../auth/scopes.ts'
import { AssentError } from '../../domain/errors.ts'
import type { ApiDeps } from '../deps.ts'
import { route } from '../route.ts'

const hidden = { access: 'internal', tag: 'Internal', isHidden: true } as const

/** Signing in, for the web process alone. */
export const internalRoutes = ({ signIn }: ApiDeps) => [
  route({
    ...hidden,
    method: 'post',
    path: '/v1/internal/sign-in',
    summary: 'Sign in',
    body: z.object({ email: z.string().max(320), password: z.string().max(1_000) }),
    response: z.unknown(),
    handle: async ({ body }) => {
      const { session, email, role, expiresAtMs } = await signIn.signIn(body.email, body.password)
      return { body: { session, email, role, expires_at: new Date(expiresAtMs).toISOString() } }
    },
  }),
  route({
    ...hidden,
    method: 'get',
    path: '/v1/internal/session',
    summary: 'Who is signed in',
    response: z.unknown(),
    handle: async ({ request }) => {
      const member = await signIn.find(sessionOf(request.headers['assent-session']))
      if (member === undefined) throw new AssentError('token_expired', 'Please sign in again.')
      const { memberId: id, email, role } = member
      return { body: { id, email, role, scopes: scopesOfRole[role] } }
    },
  }),
  route({
    ...hidden,
    method: 'delete',
    path: '/v1/internal/session',
    summary: 'Sign out',
    response: z.unknown(),
    handle: async ({ request }) => {
      await signIn.signOut(sessionOf(request.headers['assent-session']))
      return { body: {} }
    },
  }),
]

function sessionOf(header: string | string[] | undefined): string {
  return typeof header === 'string' ? header : ''
}
