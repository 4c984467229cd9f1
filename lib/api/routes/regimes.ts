import { z } from '@hono/zod-openapi'
import { AssentError } from '../../domain/errors.ts'
import { formatRevision } from '../../domain/revision.ts'
import type { ApiDeps } from '../deps.ts'
import { route } from '../route.ts'
import { revision } from '../schemas/fields.ts'

const rule = z.object({
  rule: z.enum(['opt_in', 'opt_out', 'notice_only', 'prohibited']),
  basis: z.string(),
  optInBelowAge: z.int().optional(),
})

const regimeDefinition = z.object({
  key: z.string(),
  name: z.string(),
  territories: z
    .array(z.string())
    .optional()
    .openapi({ example: ['DE', 'US-CA'], description: 'ISO 3166-1 countries and ISO 3166-2 regions.' }),
  rules: z
    .record(z.string(), rule)
    .openapi({ description: 'By purpose; a child without one follows its parent.' }),
  fallback: rule.openapi({ description: 'For all other purposes.' }),
  ageBands: z
    .object({
      default: z.int(),
      countries: z.record(z.string(), z.int()),
      unstated: z.enum(['capable', 'unknown']),
    })
    .nullable(),
  gpc: z.object({ counts: z.boolean(), purposes: z.array(z.string()) }),
  consentLifetimeDays: z.number(),
})

const regimeVersions = regimeDefinition
  .extend({
    version: z.int().openapi({ description: 'The one in force.' }),
    is_own: z.boolean().openapi({ description: 'The organisation’s own: it always applies.' }),
    versions: z
      .array(
        z.object({
          version: z.int(),
          published_at: z.iso.datetime(),
          published_in: revision,
          published_seq: z.int(),
          definition: regimeDefinition,
        }),
      )
      .openapi({ description: 'Every version, oldest first.' }),
  })
  .openapi('RegimeVersions')

/** GET /v1/regimes/{key}: a regime as it stands, and every version it ever had. */
export const regimeRoutes = ({ decisions, regimes }: Pick<ApiDeps, 'decisions' | 'regimes'>) => [
  route({
    method: 'get',
    path: '/v1/regimes/{key}',
    access: { scope: 'config:read' },
    tag: 'Configuration',
    summary: 'One regime, with every version it ever had',
    params: z.object({ key: z.string().max(63).openapi({ example: 'gdpr' }) }),
    response: regimeVersions,
    handle: async ({ principal: { organisationId }, params: { key } }) => {
      const versions = await regimes.list(organisationId, key)
      const current = versions.at(-1)
      if (current === undefined) throw new AssentError('not_found', 'There is no such regime.')
      return {
        body: {
          ...current.definition,
          version: current.version,
          is_own: decisions.policy(organisationId)?.organisation.regime === key,
          versions: versions.map((each) => ({
            version: each.version,
            published_at: new Date(each.publishedAtMs).toISOString(),
            published_in: formatRevision({ ...decisions.revision(), seq: each.publishedSeq }),
            published_seq: each.publishedSeq,
            definition: each.definition,
          })),
        },
      }
    },
  }),
]
