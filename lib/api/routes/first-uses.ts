import { z } from '@hono/zod-openapi'
import { AssentError } from '../../domain/errors.ts'
import type { ApiDeps } from '../deps.ts'
import { route } from '../route.ts'
import { text } from '../schemas/fields.ts'

const use = z.object({ key: z.string(), purpose: z.string() })

/** GET /v1/first-uses and POST …/seen: a service that asks about a purpose it never asked about is looked at once. */
export const firstUseRoutes = ({ services, clock }: ApiDeps) => [
  route({
    method: 'get',
    path: '/v1/first-uses',
    access: { scope: 'audit:read', or: 'keys:write' },
    tag: 'Services',
    summary: 'Purposes that a key asked about for the first time, and nobody has seen yet',
    description:
      'Noted within a second or two of the end of the minute. A key that takes another’s place asks nothing new by asking the same. Purposes that nobody published are one, `other`.',
    response: z.object({ first_uses: z.array(use.extend({ first_at: z.iso.datetime() })) }),
    handle: async ({ principal: { organisationId } }) => {
      const unseen = await services.unseen(organisationId)
      return {
        body: {
          first_uses: unseen.map(({ firstAtMs, ...same }) => ({
            ...same,
            first_at: new Date(firstAtMs).toISOString(),
          })),
        },
      }
    },
  }),
  route({
    method: 'post',
    path: '/v1/first-uses/seen',
    access: { scope: 'config:write' },
    tag: 'Services',
    summary: 'Say that a first use was seen; who did is written down',
    body: z.object({ key: text(64), purpose: text(255) }).openapi('FirstUseSeen'),
    response: z.object({}),
    handle: async ({ principal: { organisationId, name }, body }) => {
      const isThere = await services.see(organisationId, body, { actor: name, atMs: clock() })
      if (!isThere) throw new AssentError('not_found', 'This key never asked about this purpose.')
      return { body: {} }
    },
  }),
]
