import { z } from '@hono/zod-openapi'
import { AssentError } from '../../domain/errors.ts'
import type { ApiDeps } from '../deps.ts'
import { route } from '../route.ts'
import { eventBody } from './subjects.ts'

/** GET /v1/events: the log, newest first. GET /v1/filters/{id}: what a filter did. */
export const readingRoutes = ({ events, filters }: Pick<ApiDeps, 'events' | 'filters'>) => [
  foundFilter({ filters }),
  route({
    method: 'get',
    path: '/v1/events',
    access: { scope: 'audit:read' },
    tag: 'Evidence',
    summary: 'Events, newest first',
    query: z.object({
      before: z.coerce.number().int().min(1).optional().openapi({ description: 'A sequence number.' }),
      limit: z.coerce.number().int().min(1).max(500).default(50),
    }),
    response: z.object({ events: z.array(z.looseObject({ id: z.string(), seq: z.int() })) }),
    handle: async ({ principal: { organisationId }, query }) => {
      const newest = await events.newest(organisationId, {
        beforeSeq: query.before ?? null,
        limit: query.limit,
      })
      return { body: { events: newest.map((event) => ({ ...eventBody(event), subject: event.subjectId })) } }
    },
  }),
]

/** GET /v1/filters/{id}. */
export const foundFilter = ({ filters }: Pick<ApiDeps, 'filters'>) =>
  route({
    method: 'get',
    path: '/v1/filters/{id}',
    access: { scope: 'decisions:read' },
    tag: 'Decisions',
    summary: 'What a filter did',
    params: z.object({ id: z.string().max(64) }),
    response: z.looseObject({
      id: z.string(),
      complete: z.boolean(),
      records: z.int(),
      permitted: z.int(),
      unknown: z.int(),
      denied: z.record(z.string(), z.int()),
      broken: z.array(z.object({ line: z.int(), code: z.string() })),
      broken_total: z.int(),
      use_until: z.string().nullable().optional(),
      revision: z.object({ from: z.string(), to: z.string() }),
      sha256_out: z.string().optional(),
    }),
    handle: async ({ principal: { organisationId }, params }) => {
      const summary = await filters.find(organisationId, params.id)
      if (summary === undefined) throw new AssentError('not_found', 'There is no such filter.')
      return { body: summary }
    },
  })
