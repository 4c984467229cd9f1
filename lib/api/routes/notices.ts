import { z } from '@hono/zod-openapi'
import type { ConsentCount } from '../../decisions/decisions.ts'
import { checkCompleteness } from '../../domain/check-completeness.ts'
import { AssentError } from '../../domain/errors.ts'
import type { OrganisationId } from '../../domain/ids.ts'
import type { CompiledNotice, Policy } from '../../domain/policy.ts'
import { formatRevision } from '../../domain/revision.ts'
import type { ApiDeps } from '../deps.ts'
import { people, peopleIn, publishedIn, releaseAt, toPublishedIn } from '../releases/show-release.ts'
import { route } from '../route.ts'
import { revision } from '../schemas/fields.ts'
import { completeness } from '../schemas/notices.ts'

const params = z.object({
  key: z.string().max(63).openapi({ example: 'starter' }),
  version: z.coerce.number().int().min(1).max(1_000_000).openapi({ example: 1 }),
})

const noticeText = z
  .object({
    title: z.string(),
    body: z.array(z.string()),
    withdrawal: z.string(),
    rights: z.string(),
    controller: z.string(),
    contact: z.string(),
  })
  .openapi('NoticeText')

const noticeVersion = z
  .object({
    key: z.string(),
    version: z.int(),
    property: z.string().nullable().openapi({ description: 'The one it reaches; null: the organisation.' }),
    purposes: z.array(z.looseObject({ purpose: z.string(), version: z.int() })),
    texts: z.record(z.string(), noticeText).openapi({ description: 'By BCP 47 language tag.' }),
    sha256: z.string().openapi({ description: 'Of the canonical JSON (RFC 8785) of its definition.' }),
    published_at: z.iso.datetime(),
    published_in: revision.openapi({ description: 'The event that published it.' }),
    published_seq: z.int(),
    in_force_until: z.iso.datetime().nullable(),
    is_invalidated: z.boolean(),
    completeness,
    versions: z.array(z.int()).openapi({ description: 'All versions of this notice.' }),
    approved_by: z
      .array(z.string())
      .nullable()
      .openapi({ description: 'Who approved its release; null for what was published without one.' }),
    release: publishedIn,
    people,
  })
  .openapi('NoticeVersion')

const count = z.int().min(0)
const noticeConsents = z
  .object({
    notice: z.object({ key: z.string(), version: z.int() }),
    in_force: count,
    superseded: count,
    run_out: count,
    void: count,
    consents: z.array(
      z.object({
        purpose: z.string(),
        purpose_version: z.int(),
        locale: z.string(),
        in_force: count.openapi({ description: 'Can be relied on.' }),
        superseded: count.openapi({
          description: 'The purpose has changed materially since: nothing may rest on it.',
        }),
        run_out: count.openapi({ description: 'Past its time.' }),
        void: count.openapi({
          description: 'Struck, by itself or with the notice; not provable; given by someone who could not.',
        }),
      }),
    ),
    revision,
    as_of: z.iso.datetime().openapi({ description: 'Whether a consent had run out, at this moment.' }),
  })
  .openapi('NoticeConsents')

function find(
  { decisions }: Pick<ApiDeps, 'decisions'>,
  organisationId: OrganisationId,
  { key, version }: z.output<typeof params>,
): { readonly policy: Policy; readonly notice: CompiledNotice } {
  const policy = decisions.policy(organisationId)
  if (policy === undefined) throw new AssentError('not_ready', 'The configuration is not there yet.')
  const notice = policy.notices.get(key)?.[version - 1]
  if (notice === undefined) throw new AssentError('not_found', 'There is no such version of a notice.')
  return { policy, notice }
}

/** GET /v1/notices/{key}/{version}: one version, and who agreed to its words. */
export const noticeRoutes = (deps: Pick<ApiDeps, 'decisions' | 'releases'>) => [
  route({
    method: 'get',
    path: '/v1/notices/{key}/{version}',
    access: { scope: 'config:read' },
    tag: 'Configuration',
    summary: 'One version of a notice, with its words and where it was published',
    params,
    response: noticeVersion,
    handle: async ({ principal, params: asked }) => {
      const { policy, notice } = find(deps, principal.organisationId, asked)
      const release = toPublishedIn(releaseAt(policy, notice.publishedSeq))
      const names = release === null ? [] : [...new Set([release.author, ...release.approved_by])]
      return {
        body: {
          ...notice.definition,
          sha256: notice.sha256,
          published_at: new Date(notice.publishedAtMs).toISOString(),
          published_in: formatRevision({ ...deps.decisions.revision(), seq: notice.publishedSeq }),
          published_seq: notice.publishedSeq,
          in_force_until: notice.untilMs === null ? null : new Date(notice.untilMs).toISOString(),
          is_invalidated: notice.isInvalidated,
          completeness: checkCompleteness(policy, notice.definition),
          versions: (policy.notices.get(asked.key) ?? []).map(({ definition }) => definition.version),
          approved_by: release?.approved_by ?? null,
          release,
          people: await peopleIn(deps.releases.store, principal, names),
        },
      }
    },
  }),
  route({
    method: 'get',
    path: '/v1/notices/{key}/{version}/consents',
    access: { scope: 'audit:read' },
    tag: 'Evidence',
    summary: 'How many consents rest on one version of a notice now, by purpose and locale',
    description:
      'Exact, as of one revision. Each yes that stands without a refusal beside it is in one of the four numbers, a yes on two properties twice. A yes in force is not yet a permit: an ancestor’s refusal, a restriction or the record’s age may still deny.',
    params,
    response: noticeConsents,
    handle: async ({ principal: { organisationId }, params: asked }) => {
      find(deps, organisationId, asked)
      const { counts, revision: at, nowMs } = await deps.decisions.countConsents(organisationId)
      const { policy, notice } = find(deps, organisationId, asked)
      const consents = counts
        .filter((each) => each.notice === asked.key && each.version === asked.version)
        .map((each) => shown(each, policy, notice))
        .sort((a, b) => compare(a.purpose, b.purpose) || compare(a.locale, b.locale))
      const sum = (name: 'in_force' | 'superseded' | 'run_out' | 'void') =>
        consents.reduce((all, each) => all + each[name], 0)
      return {
        body: {
          notice: { key: asked.key, version: asked.version },
          ...{ in_force: sum('in_force'), superseded: sum('superseded') },
          ...{ run_out: sum('run_out'), void: sum('void') },
          consents,
          revision: formatRevision(at),
          as_of: new Date(nowMs).toISOString(),
        },
      }
    },
  }),
]

/** In the order of the decision's rows: what is struck is struck whatever else it is. */
function shown(
  { purpose, purposeVersion, locale, inForce, runOut, void: unfit }: ConsentCount,
  policy: Policy,
  notice: CompiledNotice,
) {
  const about = { purpose, purpose_version: purposeVersion, locale }
  if (notice.isInvalidated) {
    return { ...about, in_force: 0, superseded: 0, run_out: 0, void: inForce + runOut + unfit }
  }
  const isSuperseded = purposeVersion < (policy.purposes.get(purpose)?.materialVersion ?? 0)
  return {
    ...about,
    in_force: isSuperseded ? 0 : inForce,
    superseded: isSuperseded ? inForce : 0,
    run_out: runOut,
    void: unfit,
  }
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
