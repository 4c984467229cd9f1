import { z } from '@hono/zod-openapi'
import { parseRevision } from '../../domain/revision.ts'
import type { ApiDeps } from '../deps.ts'
import { mayFollow } from '../replica-state-route.ts'
import { route } from '../route.ts'
import { revision } from '../schemas/fields.ts'

const waitMaxMs = 5_000

const head = z.object({
  epoch: z.int(),
  log: z.int(),
  seq: z.int(),
  hash: z.string(),
  recorded_at_ms: z.int(),
})

/** GET /v1/replica/events: what a node gives to those that follow it; see `Page`. */
export const replicaEvents = ({
  replica,
  publicOrganisation,
}: Pick<ApiDeps, 'replica' | 'publicOrganisation'>) =>
  route({
    method: 'get',
    path: '/v1/replica/events',
    access: { scope: 'replica:read' },
    tag: 'Nodes',
    summary: 'For nodes that follow this one: what came after a revision, and how old that is',
    description:
      'Of all organisations. Where nothing came, held back at most `wait` milliseconds. `age_ms` says how long ago the database was known to have nothing beyond `head`, `held_ms` how long the page was held back; what it took beyond that counts as age. Each batch names the hash it follows.',
    query: z.object({
      after: revision,
      wait: z.coerce.number().int().min(0).max(waitMaxMs).default(0),
      limit: z.coerce.number().int().min(1).optional(),
    }),
    response: z
      .object({
        head,
        age_ms: z.number(),
        held_ms: z.number(),
        database_now_ms: z.number(),
        database_now_error_ms: z.number(),
        batches: z.array(
          z.object({
            previous_hash: z.string(),
            head,
            events: z.array(z.looseObject({ seq: z.int() })),
            identifiers: z.array(z.array(z.string())),
          }),
        ),
      })
      .openapi('ReplicaPage'),
    handle: async ({ principal, query }) => {
      mayFollow(principal, publicOrganisation)
      return { json: await replica.page(parseRevision(query.after)!, query.wait) }
    },
  })
