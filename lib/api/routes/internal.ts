import { z } from '@hono/zod-openapi'
import { scopesOfRole } from '../../auth/scopes.ts'
import type { SignInStep } from '../../auth/sign-in.ts'
import { AssentError } from '../../domain/errors.ts'
import type { ApiDeps } from '../deps.ts'
import { route } from '../route.ts'

const hidden = { access: 'internal', tag: 'Internal', isHidden: true, response: z.unknown() } as const

/** Signing in, for the web process alone: it hands over what was typed, or what the provider signed. */
export const internalRoutes = ({ signIn, idTokens }: ApiDeps) => [
  route({
    ...hidden,
    method: 'post',
    path: '/v1/internal/sign-in',
    summary: 'Sign in with a password: the first step',
    body: z.object({ email: z.string().max(320), password: z.string().max(1_000) }),
    handle: async ({ body }) => ({ body: bodyOf(await signIn.signIn(body.email, body.password)) }),
  }),
  route({
    ...hidden,
    method: 'post',
    path: '/v1/internal/sign-in/oidc',
    summary: 'Sign in with an ID token of the provider: the first step',
    body: z.object({ id_token: z.string().max(16_384), nonce: z.string().min(1).max(255) }),
    handle: async ({ body }) => {
      if (idTokens === undefined) throw noProvider()
      return { body: bodyOf(await signIn.signInVouched(await idTokens.read(body.id_token, body.nonce))) }
    },
  }),
  route({
    ...hidden,
    method: 'post',
    path: '/v1/internal/sign-in/continue',
    summary: 'Sign in: a further step, with the ticket of the one before',
    body: z.object({
      ticket: z.string().max(8_192),
      member: z.string().max(64).optional(),
      code: z.string().max(64).optional(),
    }),
    handle: async ({ body: { ticket, member, code } }) => ({
      body: bodyOf(await signIn.goOn(ticket, { member, code })),
    }),
  }),
  route({
    ...hidden,
    method: 'get',
    path: '/v1/internal/session',
    summary: 'Who is signed in',
    handle: async ({ request }) => {
      const member = await signIn.find(sessionOf(request.headers['assent-session']))
      if (member === undefined) throw new AssentError('token_expired', 'Please sign in again.')
      const { memberId: id, email, role, mustEnrol } = member
      return { body: { id, email, role, scopes: scopesOfRole[role], must_enrol: mustEnrol } }
    },
  }),
  route({
    ...hidden,
    method: 'delete',
    path: '/v1/internal/session',
    summary: 'Sign out',
    handle: async ({ request }) => {
      await signIn.signOut(sessionOf(request.headers['assent-session']))
      return { body: {} }
    },
  }),
]

function bodyOf(step: SignInStep) {
  if (step.needs !== null) return step
  const { expiresAtMs, ...same } = step
  return { ...same, expires_at: new Date(expiresAtMs).toISOString() }
}

function sessionOf(header: string | string[] | undefined): string {
  return typeof header === 'string' ? header : ''
}

const noProvider = () => new AssentError('sign_in_method_off', 'No provider is configured to sign in with.')
