import { z } from '@hono/zod-openapi'
import { AssentError } from '../../domain/errors.ts'
import { parseInstant } from '../../domain/parse-instant.ts'
import { formatRevision } from '../../domain/revision.ts'
import type { ApiDeps } from '../deps.ts'
import { route } from '../route.ts'
import { instant, revision, text } from '../schemas/fields.ts'
import { usageSteps } from '../usage/usage-store.ts'

const rowsMax = 10_000
const dayMs = 86_400_000

/**
 * GET /v1/usage: decisions counted by key, purpose, reason and minute. GET /v1/decisions: single answers that were kept.
 * Nobody's identifier is in either.
 */
export const usageRoutes = ({ usageStore, clock }: ApiDeps) => [
  route({
    method: 'get',
    path: '/v1/usage',
    access: { scope: 'audit:read' },
    tag: 'Evidence',
    summary: 'How often what was asked, and why the answers were what they were',
    description:
      'Counts are kept for good, and are there within a second or two of the end of their minute. Purposes that nobody published are counted as `other`.',
    query: z.object({
      key: text(64).optional().openapi({ description: 'The id of an API key.' }),
      purpose: text(255).optional(),
      reason: text(64).optional(),
      from: instant.optional().openapi({ description: 'A day before `to` without it.' }),
      to: instant.optional().openapi({ description: 'Now without it; the instant itself is left out.' }),
      step: z.enum(usageSteps).default('minute').openapi({ description: 'What counts are added up over.' }),
      limit: z.coerce.number().int().min(1).max(rowsMax).default(1_000),
    }),
    response: z.object({
      usage: z.array(
        z.object({
          at: z.iso.datetime().openapi({ description: 'When the step begins, in UTC.' }),
          key: z.string(),
          purpose: z.string(),
          reason: z.string(),
          count: z.int(),
        }),
      ),
      truncated: z.boolean().openapi({ description: 'There are more: go on with `from` the last `at`.' }),
    }),
    handle: async ({ principal: { organisationId }, query }) => {
      const toMs = query.to === undefined ? clock() + 60_000 : instantOf(query.to, 'to')
      const fromMs = query.from === undefined ? toMs - dayMs : instantOf(query.from, 'from')
      const rows = await usageStore.read(organisationId, {
        ...{ key: query.key ?? null, purpose: query.purpose ?? null, reason: query.reason ?? null },
        ...{ fromMs, toMs, step: query.step, limit: query.limit + 1 },
      })
      const usage = rows.slice(0, query.limit).map(({ minuteMs, ...rest }) => ({
        at: new Date(minuteMs).toISOString(),
        ...rest,
      }))
      return { body: { usage, truncated: rows.length > query.limit } }
    },
  }),
  route({
    method: 'get',
    path: '/v1/decisions',
    access: { scope: 'audit:read' },
    tag: 'Evidence',
    summary:
      'Single answers that were kept: a sample of all, some of each kind, and every one given in a run',
    query: z.object({
      run: text(128).optional().openapi({ description: 'What the question named as its run.' }),
      limit: z.coerce.number().int().min(1).max(1_000).default(100),
    }),
    response: z.object({
      decisions: z.array(
        z.object({
          id: z.string(),
          decided_at: z.iso.datetime(),
          key: z.string(),
          route: z.string(),
          purpose: z.string(),
          subject: z
            .string()
            .nullable()
            .openapi({ description: 'The random id; null where nobody is known.' }),
          allowed: z.boolean(),
          reason: z.string(),
          run: z.string().nullable(),
          revision,
        }),
      ),
    }),
    handle: async ({ principal: { organisationId }, query }) => {
      const kept = await usageStore.samples(organisationId, { run: query.run ?? null, limit: query.limit })
      return {
        body: {
          decisions: kept.map(({ decidedAtMs, subjectId, revision: at, ...same }) => ({
            ...same,
            decided_at: new Date(decidedAtMs).toISOString(),
            subject: subjectId,
            revision: formatRevision(at),
          })),
        },
      }
    },
  }),
]

function instantOf(given: string, name: string): number {
  const instantMs = parseInstant(given)
  if (instantMs !== undefined) return instantMs
  throw new AssentError('parameter_invalid', `The parameter ${name} is no instant with a zone.`)
}
