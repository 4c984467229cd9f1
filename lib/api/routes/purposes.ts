import { z } from '@hono/zod-openapi'
import { assessmentsDemanded } from '../../domain/assessments-demanded.ts'
import { AssentError } from '../../domain/errors.ts'
import { changesOf } from '../../domain/material-change.ts'
import type { ApiDeps } from '../deps.ts'
import { people, peopleIn, publishedIn, releaseAt, toPublishedIn } from '../releases/show-release.ts'
import { route } from '../route.ts'

const time = z.iso.datetime()

const purposeShown = z
  .object({
    key: z.string(),
    version: z.int(),
    material_version: z.int().openapi({ description: 'A consent to an earlier one is superseded.' }),
    is_retired: z.boolean(),
    children: z.array(z.string()),
    assessments_demanded: z.array(z.object({ kind: z.string(), because: z.string(), source: z.string() })),
    versions: z.array(
      z.object({
        version: z.int(),
        definition: z.looseObject({ key: z.string() }),
        published_at: time,
        published_seq: z.int(),
        is_material: z.boolean(),
        is_declared_material: z.boolean().openapi({ description: 'An officer said so.' }),
        widenings: z.array(z.looseObject({ kind: z.string() })),
        release: publishedIn,
      }),
    ),
    people,
  })
  .openapi('PurposeVersions')

/** GET /v1/purposes/{key}: every version, what it widened, and who published and approved it. GET /v1/experiences. */
export const purposeRoutes = ({ releases }: Pick<ApiDeps, 'releases'>) => [
  route({
    method: 'get',
    path: '/v1/purposes/{key}',
    access: { scope: 'config:read' },
    tag: 'Configuration',
    summary: 'A purpose with all its versions, and who approved each',
    params: z.object({ key: z.string().max(255).openapi({ example: 'ai_training' }) }),
    response: purposeShown,
    handle: async ({ principal, params: { key } }) => {
      const policy = releases.policyOf(principal.organisationId)
      const purpose = policy.purposes.get(key)
      const current = purpose?.versions.at(-1)
      if (purpose === undefined || current === undefined) {
        throw new AssentError('not_found', 'There is no such purpose.')
      }
      const versions = purpose.versions.map((definition, index) => {
        const { seq, atMs, isMaterial, isDeclaredMaterial } = purpose.publications[index]!
        const before = purpose.versions[index - 1]
        return {
          ...{
            version: index + 1,
            definition,
            published_at: new Date(atMs).toISOString(),
            published_seq: seq,
          },
          ...{ is_material: isMaterial, is_declared_material: isDeclaredMaterial },
          widenings: before === undefined ? [] : changesOf(before, definition),
          release: toPublishedIn(releaseAt(policy, seq)),
        }
      })
      const names = versions.flatMap(({ release }) =>
        release === null ? [] : [release.author, ...release.approved_by],
      )
      return {
        body: {
          ...{ key, version: purpose.currentVersion, material_version: purpose.materialVersion },
          ...{ is_retired: purpose.isRetired, children: purpose.children },
          assessments_demanded: assessmentsDemanded(policy.organisation, current),
          versions,
          people: await peopleIn(releases.store, principal, names),
        },
      }
    },
  }),
  route({
    method: 'get',
    path: '/v1/experiences',
    access: { scope: 'config:read' },
    tag: 'Configuration',
    summary: 'Experiences, every published version',
    response: z.object({
      experiences: z.array(
        z.looseObject({
          ...{ key: z.string(), version: z.int(), published_at: time, release: publishedIn },
          rules: z
            .array(z.string())
            .openapi({ description: 'The rules of symmetry it was held to when it was published.' }),
        }),
      ),
    }),
    handle: ({ principal: { organisationId } }) => {
      const policy = releases.policyOf(organisationId)
      return {
        body: {
          experiences: [...policy.experiences.values()].flat().map((each) => ({
            ...each.definition,
            ...{ version: each.version, published_seq: each.publishedSeq, rules: each.rules },
            published_at: new Date(each.publishedAtMs).toISOString(),
            release: toPublishedIn(releaseAt(policy, each.publishedSeq)),
          })),
        },
      }
    },
  }),
]
