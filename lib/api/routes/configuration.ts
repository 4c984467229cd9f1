import { z } from '@hono/zod-openapi'
import { AssentError } from '../../domain/errors.ts'
import type { OrganisationId } from '../../domain/ids.ts'
import type { Policy } from '../../domain/policy.ts'
import type { ApiDeps } from '../deps.ts'
import { route } from '../route.ts'

const list = (name: string) => z.object({ [name]: z.array(z.looseObject({ key: z.string() })) })

function policyOf({ decisions }: Pick<ApiDeps, 'decisions'>, organisationId: OrganisationId): Policy {
  const policy = decisions.policy(organisationId)
  if (policy === undefined) throw new AssentError('not_ready', 'The configuration is not there yet.')
  return policy
}

function listRoute(
  deps: ApiDeps,
  name: string,
  summary: string,
  read: (policy: Policy) => readonly Record<string, unknown>[],
) {
  return route({
    method: 'get',
    path: `/v1/${name}`,
    access: { scope: 'config:read' },
    tag: 'Configuration',
    summary,
    response: list(name),
    handle: ({ principal: { organisationId } }) => ({
      body: { [name]: read(policyOf(deps, organisationId)) },
    }),
  })
}

/** GET /v1/purposes, /v1/notices, /v1/properties, /v1/regimes: what stands now. */
export const configurationRoutes = (deps: ApiDeps) => [
  listRoute(deps, 'purposes', 'Purposes, with their current version', (policy) =>
    [...policy.purposes.values()].map((purpose) => ({
      ...purpose.versions.at(-1),
      version: purpose.currentVersion,
      material_version: purpose.materialVersion,
      is_retired: purpose.isRetired,
      children: purpose.children,
    })),
  ),
  listRoute(deps, 'notices', 'Notices, every published version with its words', (policy) =>
    [...policy.notices.values()].flat().map((notice) => ({
      ...notice.definition,
      sha256: notice.sha256,
      published_at: new Date(notice.publishedAtMs).toISOString(),
      in_force_until: notice.untilMs === null ? null : new Date(notice.untilMs).toISOString(),
      is_invalidated: notice.isInvalidated,
    })),
  ),
  listRoute(deps, 'properties', 'Sites and apps, with their origins', (policy) => [
    ...policy.properties.values(),
  ]),
  listRoute(deps, 'regimes', 'Regimes, with their current rules', (policy) =>
    [...policy.regimes.values()].map(({ version, definition }) => ({ ...definition, version })),
  ),
]
