import { z } from '@hono/zod-openapi'
import { AssentError } from '../../domain/errors.ts'
import { formatRevision, parseRevision } from '../../domain/revision.ts'
import { startOf } from '../change-feed.ts'
import { behindMax, type Consumer, consumersMax } from '../consumer-store.ts'
import type { ApiDeps } from '../deps.ts'
import { route } from '../route.ts'
import { revision, text } from '../schemas/fields.ts'

/** With changes waiting, a consumer that has said nothing for so long has stopped. */
const silentMs = 60_000

const params = z.object({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_.-]{0,62}$/, 'must be lower-case letters, digits, dots, dashes and underscores')
    .openapi({ example: 'feature-store' }),
})

const consumer = z
  .object({
    name: z.string(),
    description: z.string(),
    purposes: z.array(z.string()),
    state: z.enum(['up_to_date', 'behind', 'stopped']).openapi({
      description:
        'stopped: changes have waited for more than a minute, and it has said nothing for as long.',
    }),
    applied: revision,
    reported_at: z.iso.datetime(),
    reported_by: z.string().openapi({ description: 'The id of the key that reported.' }),
    behind: z.int().openapi({ description: `Changes that wait for it, counted up to ${behindMax + 1}.` }),
    behind_since: z.iso
      .datetime()
      .nullable()
      .openapi({ description: 'When the oldest of them was recorded.' }),
  })
  .openapi('Consumer')

/**
 * PUT, GET and DELETE /v1/consumers: a system that acts on the change feed reports what it has applied, so that people
 * see who has stopped. What it says never goes back unless it says so itself.
 */
export const consumerRoutes = ({ decisions, consumers, clock }: ApiDeps) => [
  route({
    method: 'put',
    path: '/v1/consumers/{name}',
    // A member who may read changes changes nothing by it.
    access: { scope: 'changes:read', by: 'key' },
    tag: 'Evidence',
    summary: 'Report what a consumer of the change feed has applied',
    description: `An organisation may have ${consumersMax} consumers. Members left out stay as they were.`,
    params,
    body: z
      .strictObject({
        applied: revision.openapi({ description: 'Everything up to here is applied.' }),
        description: text(200).optional(),
        purposes: z.array(text(255)).max(50).optional().openapi({
          description: 'What it uses data for.',
        }),
        reset: z
          .boolean()
          .default(false)
          .openapi({ description: 'It begins again from an earlier revision.' }),
      })
      .openapi('ConsumerReport'),
    response: z.object({ name: z.string(), applied: revision, head: revision }),
    handle: async ({ principal, params: { name }, body }) => {
      const { organisationId, name: reportedBy } = principal
      const applied = await startOf(decisions, parseRevision(body.applied)!)
      const known = decisions.policy(organisationId)?.purposes
      const unknown = body.purposes?.find((purpose) => known?.has(purpose) !== true)
      if (unknown !== undefined) {
        throw new AssentError('purpose_not_found', `There is no purpose ${JSON.stringify(unknown)}.`)
      }
      const report = {
        ...{ name, applied, reportedBy },
        description: body.description ?? null,
        purposes: body.purposes === undefined ? null : [...new Set(body.purposes)],
      }
      const outcome = await consumers.report(organisationId, report, { isReset: body.reset })
      if (outcome === 'back') {
        throw new AssentError('conflict', 'It has reported a later revision; say reset to begin again.')
      }
      if (outcome === 'full') {
        throw new AssentError('conflict', `There are ${consumersMax} consumers; remove one first.`)
      }
      const head = formatRevision(decisions.revision())
      return { body: { name, applied: formatRevision(applied), head } }
    },
  }),
  route({
    method: 'get',
    path: '/v1/consumers',
    access: { scope: 'audit:read' },
    tag: 'Evidence',
    summary: 'Who acts on the change feed, and who has stopped',
    response: z.object({ consumers: z.array(consumer), head: revision }),
    handle: async ({ principal: { organisationId } }) => {
      const head = decisions.revision()
      const all = await consumers.list(organisationId, head)
      const nowMs = clock()
      return { body: { consumers: all.map((each) => shown(each, nowMs)), head: formatRevision(head) } }
    },
  }),
  route({
    method: 'delete',
    path: '/v1/consumers/{name}',
    access: { scope: 'config:write' },
    tag: 'Evidence',
    summary: 'Remove a consumer that is no more',
    params,
    response: z.object({ name: z.string() }),
    handle: async ({ principal: { organisationId }, params: { name } }) => {
      if (!(await consumers.remove(organisationId, name))) {
        throw new AssentError('not_found', 'There is no such consumer.')
      }
      return { body: { name } }
    },
  }),
]

function shown(each: Consumer, nowMs: number): z.input<typeof consumer> {
  const { name, description, purposes, behind, behindSinceMs, reportedAtMs } = each
  const isWaitedFor = behindSinceMs !== null && nowMs - behindSinceMs > silentMs
  const isSilent = nowMs - reportedAtMs > silentMs
  return {
    ...{ name, description, purposes: [...purposes] },
    state: behindSinceMs === null ? 'up_to_date' : isWaitedFor && isSilent ? 'stopped' : 'behind',
    applied: formatRevision(each.applied),
    reported_at: new Date(reportedAtMs).toISOString(),
    reported_by: each.reportedBy,
    behind,
    behind_since: behindSinceMs === null ? null : new Date(behindSinceMs).toISOString(),
  }
}
