import { z } from '@hono/zod-openapi'
import { AssentError } from '../../domain/errors.ts'
import type { ApiDeps } from '../deps.ts'
import { memberOf, route } from '../route.ts'

/** GET and DELETE /v1/sessions: where a member is signed in herself. */
export const sessionRoutes = ({ sessions }: Pick<ApiDeps, 'sessions'>) => {
  const shared = { tag: 'Members', access: 'member' } as const
  return [
    route({
      ...shared,
      method: 'get',
      path: '/v1/sessions',
      summary: 'Your own live sessions',
      response: z.object({
        sessions: z.array(
          z.object({
            id: z.string(),
            is_current: z.boolean(),
            created_at: z.iso.datetime(),
            last_seen_at: z.iso.datetime().openapi({ description: 'Within a minute.' }),
            expires_at: z.iso.datetime().openapi({
              description: 'Two hours after it was last used, and twelve after it began at the latest.',
            }),
          }),
        ),
      }),
      handle: async ({ principal }) => {
        const { id: memberId, sessionId } = memberOf(principal)
        const listed = await sessions.list(principal.organisationId, memberId)
        return {
          body: {
            sessions: listed.map(({ id, createdAtMs, lastSeenAtMs, expiresAtMs }) => ({
              id,
              is_current: id === sessionId,
              created_at: new Date(createdAtMs).toISOString(),
              last_seen_at: new Date(lastSeenAtMs).toISOString(),
              expires_at: new Date(expiresAtMs).toISOString(),
            })),
          },
        }
      },
    }),
    route({
      ...shared,
      method: 'delete',
      path: '/v1/sessions',
      summary: 'End all your sessions but this one',
      response: z.object({ ended: z.int() }),
      handle: async ({ principal }) => {
        const { id, sessionId } = memberOf(principal)
        return { body: { ended: await sessions.endOthers(principal.organisationId, id, sessionId) } }
      },
    }),
    route({
      ...shared,
      method: 'delete',
      path: '/v1/sessions/{id}',
      summary: 'End one of your sessions',
      params: z.object({ id: z.string().max(64) }),
      response: z.object({}),
      handle: async ({ principal, params }) => {
        const { id: memberId } = memberOf(principal)
        if (await sessions.end(principal.organisationId, memberId, params.id)) return { body: {} }
        throw new AssentError('not_found', 'There is no such session.')
      },
    }),
  ]
}
