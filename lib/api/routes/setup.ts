import { z } from '@hono/zod-openapi'
import type { ApiDeps } from '../deps.ts'
import { route } from '../route.ts'

/** GET /v1/setup: what an installation has and lacks until it can ask people and answer services. */
export const setup = ({ decisions, sightings, clock }: ApiDeps) =>
  route({
    method: 'get',
    path: '/v1/setup',
    access: { scope: 'config:read' },
    tag: 'Configuration',
    summary: 'How far setting up has come',
    response: z.object({
      properties: z.int(),
      snippets: z
        .array(
          z.object({
            property: z.string(),
            origin: z.string(),
            seen_at: z.iso.datetime(),
            seconds_ago: z.int(),
          }),
        )
        .openapi({ description: 'Pages that asked for a banner, the newest first.' }),
      notices: z.int().openapi({ description: 'In force now.' }),
      has_questions: z.boolean().openapi({ description: 'Some service has asked something.' }),
    }),
    handle: async ({ principal: { organisationId } }) => {
      const policy = decisions.policy(organisationId)
      const [seen, hasQuestions] = await Promise.all([
        sightings.list(organisationId),
        sightings.hasQuestions(organisationId),
      ])
      const inForce = [...(policy?.notices.values() ?? [])]
        .flat()
        .filter(({ untilMs, isInvalidated }) => untilMs === null && !isInvalidated)
      const nowMs = clock()
      return {
        body: {
          properties: policy?.properties.size ?? 0,
          snippets: seen.map(({ property, origin, seenAtMs }) => ({
            ...{ property, origin, seen_at: new Date(seenAtMs).toISOString() },
            seconds_ago: Math.max(0, Math.round((nowMs - seenAtMs) / 1_000)),
          })),
          notices: inForce.length,
          has_questions: hasQuestions,
        },
      }
    },
  })
