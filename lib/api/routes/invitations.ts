import { z } from '@hono/zod-openapi'
import type { InvitationListed } from '../../auth/admin-store.ts'
import { AssentError } from '../../domain/errors.ts'
import type { ApiDeps } from '../deps.ts'
import { peerAddress } from '../peer-address.ts'
import { addressPrefix, RateLimit } from '../public/rate-limit.ts'
import { route } from '../route.ts'
import { text } from '../schemas/fields.ts'
import { mayGive, role } from './members.ts'

const shown = z.object({
  id: z.string(),
  email: z.string(),
  role,
  invited_by: z.string().openapi({ description: '`member:` and an id, or an API key’s id.' }),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
})

/** From one network. A guess finds nothing in 32 random bytes; the limit is for the work it makes. */
const attemptsAMinute = 120

/** GET, POST, DELETE /v1/invitations and POST …/accept: asking someone in by a link. */
export const invitationRoutes = ({ invitations, tickets, signInMethods, publicUrl, clock }: ApiDeps) => {
  const attempts = new RateLimit(attemptsAMinute)
  const shared = { tag: 'Members', access: { scope: 'members:write' } } as const
  return [
    route({
      ...shared,
      method: 'get',
      path: '/v1/invitations',
      access: { scope: 'members:read' },
      summary: 'Invitations that can still be accepted',
      response: z.object({ invitations: z.array(shown) }),
      handle: async ({ principal: { organisationId } }) => ({
        body: { invitations: (await invitations.list(organisationId)).map(bodyOf) },
      }),
    }),
    route({
      ...shared,
      method: 'post',
      path: '/v1/invitations',
      summary: 'Ask someone in; the link is shown once',
      description:
        'The link lets in one person, once, for seven days, and takes the place of an earlier one to the same address. Its token stands behind #, where no server’s log sees it. The caller needs every scope of the role.',
      body: z
        .object({ email: z.email().max(320).openapi({ example: 'alice@example.com' }), role })
        .openapi('InvitationRequest'),
      response: shown.extend({ link: z.url() }),
      status: 201,
      handle: async ({ principal, body }) => {
        mayGive(principal, body.role)
        const { token, ...made } = await invitations.invite(principal.organisationId, body, principal.name)
        return { status: 201, body: { ...bodyOf(made), link: `${publicUrl}/admin/invitation#${token}` } }
      },
    }),
    route({
      ...shared,
      method: 'delete',
      path: '/v1/invitations/{id}',
      summary: 'Withdraw an invitation, at once',
      params: z.object({ id: z.string().max(64) }),
      response: z.object({}),
      handle: async ({ principal: { organisationId, name }, params: { id } }) => {
        if (await invitations.withdraw(organisationId, id, name)) return { body: {} }
        throw new AssentError('not_found', 'There is no such invitation.')
      },
    }),
    route({
      ...shared,
      method: 'post',
      path: '/v1/invitations/accept',
      access: 'public',
      summary: 'Become a member, with the token of a link',
      description:
        'A token that was used, withdrawn or never given, or has run out, is `invitation_invalid`. At most 120 a minute from one network.',
      body: z
        .object({
          token: text(64),
          password: text(1_000).min(10).optional(),
          ticket: text(8_192).optional().openapi({
            description:
              'Instead of a password: what signing in with the provider gave to somebody who is no member. The address it verified must be the invited one.',
          }),
        })
        .refine(
          ({ password, ticket }) => (password === undefined) !== (ticket === undefined),
          'needs a password or a ticket, and not both',
        )
        .openapi('InvitationAccepted'),
      response: z.object({ email: z.string(), role }),
      handle: async ({ body: { token, password, ticket }, request }) => {
        attempts.count(addressPrefix(peerAddress(request)), clock())
        if (password !== undefined) {
          if (!signInMethods.hasPasswords) throw passwordsOff()
          return { body: await invitations.accept(token, password) }
        }
        const { vouched } = tickets.read(ticket ?? '')
        if (vouched === null) throw new AssentError('sign_in_failed', 'This ticket is no provider’s word.')
        return { body: await invitations.acceptVouched(token, vouched) }
      },
    }),
  ]
}

const passwordsOff = () =>
  new AssentError('sign_in_method_off', 'Passwords are not a way to sign in to this installation.')

function bodyOf({ id, email, role: given, invitedBy, createdAtMs, expiresAtMs }: InvitationListed) {
  return {
    ...{ id, email, role: given, invited_by: invitedBy },
    created_at: new Date(createdAtMs).toISOString(),
    expires_at: new Date(expiresAtMs).toISOString(),
  }
}
