import { z } from '@hono/zod-openapi'
import { AssentError } from '../../domain/errors.ts'
import type { OrganisationId, SubjectId } from '../../domain/ids.ts'
import { formatRevision, type Revision } from '../../domain/revision.ts'
import type { ApiDeps } from '../deps.ts'
import type { StoredRecall } from '../recall-store.ts'
import { route } from '../route.ts'
import { text } from '../schemas/fields.ts'
import { affected as affectedShown, recallScope, recallShown } from '../schemas/recalls.ts'
import type { Affected } from '../see-to-recalls.ts'

const params = z.object({ id: z.string().max(64) })
/** While people go on saying yes, the number moves: so far off it is still the one that was confirmed. */
const isNear = (confirmed: number, now: number) => Math.abs(now - confirmed) <= now / 100

/** Recalls: strike all consents of a scope, and see whom and what that reaches. */
export const recallRoutes = (deps: ApiDeps) => {
  const { decisions, ledger, recalls, seeToRecalls, log } = deps
  const shared = { tag: 'Recalls', access: { scope: 'audit:read' } } as const

  async function found(organisationId: OrganisationId, id: string): Promise<StoredRecall> {
    const recall = await recalls.find(organisationId, id)
    if (recall === undefined) throw new AssentError('not_found', 'There is no such recall.')
    return recall
  }

  /** The event stands whatever becomes of this; it is tried again when somebody looks. */
  const openTasks = (organisationId: OrganisationId) =>
    seeToRecalls.openTasks(organisationId).catch((error: unknown) => {
      log.error({ err: error }, 'tasks of a recall could not be opened yet')
    })

  return [
    route({
      ...shared,
      method: 'post',
      path: '/v1/recalls/preview',
      summary: 'Whom and what a recall would reach; changes nothing',
      body: z.strictObject({ scope: recallScope }),
      response: affectedShown,
      handle: async ({ principal: { organisationId }, body }) => ({
        body: affectedBody(await seeToRecalls.affected(organisationId, body.scope), decisions.revision()),
      }),
    }),
    route({
      ...shared,
      method: 'post',
      path: '/v1/recalls',
      access: { scope: 'consents:invalidate' },
      summary: 'Strike all consents of a scope, at once and for good',
      description:
        'They deny `consent_invalidated` from the answer on, and tasks are opened for whom and what relied on them. It cannot be undone: people are asked again, and only what is collected from then on is covered. With `confirm_count`, the number of consents that a preview named: refused with `conflict` where it is off by more than one in a hundred.',
      body: z
        .strictObject({
          scope: recallScope,
          reason: text(2_000).refine((value) => value.trim() !== '', 'says why'),
          confirm_count: z.int().min(0).nullish(),
        })
        .openapi('RecallRequest'),
      response: recallShown,
      status: 201,
      handle: async ({ principal: { organisationId, name }, body: { scope, reason, confirm_count } }) => {
        if (confirm_count != null) {
          const { consents } = await decisions.countRecall(organisationId, scope)
          const now = consents.reduce((all, each) => all + each.consents, 0)
          if (!isNear(confirm_count, now)) {
            throw new AssentError('conflict', `It would strike ${now} consents now, not ${confirm_count}.`, {
              pointer: '/confirm_count',
            })
          }
        }
        const { firstSeq } = await ledger.publish(organisationId, [
          { act: 'consents_invalidated', scope, reason, by: name },
        ])
        await openTasks(organisationId)
        const recall = await recalls.findBySeq(organisationId, firstSeq)
        if (recall === undefined)
          throw new AssentError('not_ready', 'The recall stands; it cannot be shown yet.')
        return { status: 201, body: recallBody(recall, decisions.revision()) }
      },
    }),
    route({
      ...shared,
      method: 'get',
      path: '/v1/recalls',
      summary: 'Recalls, newest first',
      response: z.object({ recalls: z.array(recallShown) }),
      handle: async ({ principal: { organisationId } }) => {
        await openTasks(organisationId)
        const all = await recalls.list(organisationId)
        return { body: { recalls: all.map((each) => recallBody(each, decisions.revision())) } }
      },
    }),
    route({
      ...shared,
      method: 'get',
      path: '/v1/recalls/{id}',
      summary: 'One recall: whom it struck, and who has applied it',
      params,
      response: recallShown.extend({ consumers: z.array(z.looseObject({ name: z.string() })) }),
      handle: async ({ principal: { organisationId }, params: { id } }) => {
        const before = await found(organisationId, id)
        if (before.struck === null) await openTasks(organisationId)
        const recall = await found(organisationId, id)
        const now = decisions.revision()
        const consumers = await deps.consumers.list(organisationId, now)
        const at = { ...now, seq: recall.seq }
        return {
          body: { ...recallBody(recall, now), consumers: consumers.map((each) => consumerBody(each, at)) },
        }
      },
    }),
    route({
      ...shared,
      method: 'get',
      path: '/v1/recalls/{id}/subjects',
      summary: 'The people whose consent was struck and who have not said anything since, by random id',
      params,
      query: z.object({
        after: z.string().max(64).optional().openapi({ description: 'The last id seen.' }),
        limit: z.coerce.number().int().min(1).max(1_000).default(100),
      }),
      response: z.object({ subjects: z.array(z.string()), next: z.string().nullable() }),
      handle: async ({ principal: { organisationId }, params: { id }, query: { after, limit } }) => {
        const recall = await found(organisationId, id)
        const page = { after: (after ?? null) as SubjectId | null, limit: limit + 1 }
        const subjects = await decisions.recalledSubjects(organisationId, recall, page)
        const shown = subjects.slice(0, limit)
        return { body: { subjects: shown, next: subjects.length > limit ? shown.at(-1)! : null } }
      },
    }),
  ]
}

function consumerBody(
  { name, applied }: { readonly name: string; readonly applied: Revision },
  at: Revision,
) {
  const isApplied = applied.epoch === at.epoch && applied.log === at.log && applied.seq >= at.seq
  return { name, applied: formatRevision(applied), is_applied: isApplied }
}

function affectedBody({ struck, services, runs, filters, consumers }: Affected, now: Revision) {
  const { people, consents, revision } = struck
  return {
    people,
    consents: consents.reduce((all, each) => all + each.consents, 0),
    by_purpose: consents,
    ...{ services, runs },
    filters: filters.map(({ id, purpose, createdAtMs }) => ({
      ...{ id, purpose, created_at: new Date(createdAtMs).toISOString() },
    })),
    consumers: consumers.map((each) => consumerBody(each, now)),
    revision: formatRevision(revision),
  }
}

function recallBody(recall: StoredRecall, now: Revision) {
  const { struck } = recall
  return {
    ...{ id: recall.id, scope: recall.scope, reason: recall.reason, recalled_by: recall.recalledBy },
    recalled_at: new Date(recall.recalledAtMs).toISOString(),
    revision: formatRevision({ ...now, seq: recall.seq }),
    struck: struck && {
      people: struck.people,
      consents: struck.consents.reduce((all, each) => all + each.consents, 0),
      by_purpose: struck.consents,
    },
    tasks: { open: recall.openTasks, done: recall.doneTasks },
  }
}
