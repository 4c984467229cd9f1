import { z } from '@hono/zod-openapi'
import type { Changed } from '../../auth/admin-store.ts'
import { type Role, roles } from '../../auth/member-store.ts'
import { scopesOfRole } from '../../auth/scopes.ts'
import { AssentError } from '../../domain/errors.ts'
import type { Principal } from '../authenticate.ts'
import type { ApiDeps } from '../deps.ts'
import { route } from '../route.ts'

export const role = z.enum(roles).openapi('Role')
const params = z.object({ id: z.string().max(64) })
const done = z.object({})

/** Nobody hands out what she does not hold. Throws `scope_missing`. */
export function mayGive({ scopes }: Pick<Principal, 'scopes'>, given: Role): void {
  const beyond = scopesOfRole[given].find((scope) => !scopes.includes(scope))
  if (beyond === undefined) return
  throw new AssentError('scope_missing', `The caller does not have the scope ${beyond} itself.`)
}

/** GET /v1/members, PUT …/{id}/role, DELETE …/{id} and …/{id}/sessions: who works for the organisation. */
export const memberRoutes = ({ members, clock }: ApiDeps) => {
  const shared = { tag: 'Members', access: { scope: 'members:write' } } as const
  const by = ({ name }: Principal) => ({ actor: name, atMs: clock() })
  return [
    route({
      ...shared,
      method: 'get',
      path: '/v1/members',
      access: { scope: 'members:read' },
      summary: 'Who works for the organisation, in which role',
      response: z.object({
        members: z.array(
          z.object({
            id: z.string(),
            email: z.string(),
            role,
            created_at: z.iso.datetime(),
            last_seen_at: z.iso
              .datetime()
              .nullable()
              .openapi({ description: 'Within a minute; null for who has never signed in.' }),
          }),
        ),
      }),
      handle: async ({ principal: { organisationId } }) => {
        const listed = await members.list(organisationId)
        return {
          body: {
            members: listed.map(({ createdAtMs, lastSeenAtMs, ...same }) => ({
              ...same,
              created_at: new Date(createdAtMs).toISOString(),
              last_seen_at: lastSeenAtMs === null ? null : new Date(lastSeenAtMs).toISOString(),
            })),
          },
        }
      },
    }),
    route({
      ...shared,
      method: 'put',
      path: '/v1/members/{id}/role',
      summary: 'Give a member another role, at once',
      description: 'The caller needs every scope of the new role. The last owner stays one (`last_owner`).',
      params,
      body: z.object({ role }),
      response: done,
      handle: async ({ principal, params: { id }, body }) => {
        mayGive(principal, body.role)
        return answer(await members.changeRole(principal.organisationId, id, body.role, by(principal)))
      },
    }),
    route({
      ...shared,
      method: 'delete',
      path: '/v1/members/{id}',
      summary: 'Remove a member; her sessions end at once',
      description:
        'What she did keeps her name. API keys that she made belong to the organisation, and stay until they are revoked. The last owner cannot be removed (`last_owner`).',
      params,
      response: done,
      handle: async ({ principal, params: { id } }) =>
        answer(await members.remove(principal.organisationId, id, by(principal))),
    }),
    route({
      ...shared,
      method: 'delete',
      path: '/v1/members/{id}/sessions',
      summary: 'End all sessions of a member',
      params,
      response: done,
      handle: async ({ principal, params: { id } }) =>
        answer(await members.endSessions(principal.organisationId, id, by(principal))),
    }),
  ]
}

function answer(outcome: Changed): { body: object } {
  if (outcome === 'unknown') throw new AssentError('not_found', 'There is no such member.')
  if (outcome === 'last_owner') {
    throw new AssentError('last_owner', 'She is the last owner. Make someone else an owner first.')
  }
  return { body: {} }
}
