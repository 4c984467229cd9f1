import type { Recalls, StoredRecall, Task } from '../api/recall-store.ts'
import { permitReasons } from '../domain/reasons.ts'
import type { RecallScope } from '../domain/recall.ts'
import { recordAct, waits } from './admin-acts.ts'
import { Prisma, type PrismaClient } from './prisma/client.ts'
import { isUuid, toSubjectId, toUuid } from './row-ids.ts'

type RecallRow = {
  id: string
  seq: bigint
  scope: RecallScope
  reason: string
  recalled_by: string
  recalled_at: Date
  people: bigint | null
  consents: NonNullable<StoredRecall['struck']>['consents'] | null
  open_tasks: bigint
  done_tasks: bigint
}

export function createRecalls(prisma: PrismaClient): Recalls {
  async function read(organisationId: Parameters<Recalls['list']>[0], where: Prisma.Sql) {
    const rows = await prisma.$queryRaw<RecallRow[]>`
      SELECT r.id, r.seq, r.scope, r.reason, r.recalled_by, r.recalled_at, r.people, r.consents,
        (SELECT count(*) FROM tasks t WHERE t.organisation_id = r.organisation_id AND t.recall_id = r.id
          AND t.done_at IS NULL) AS open_tasks,
        (SELECT count(*) FROM tasks t WHERE t.organisation_id = r.organisation_id AND t.recall_id = r.id
          AND t.done_at IS NOT NULL) AS done_tasks
      FROM recalls r WHERE r.organisation_id = ${toUuid(organisationId)}::uuid AND ${where}
      ORDER BY r.seq DESC LIMIT 1000`
    return rows.map(toRecall)
  }

  return {
    list: (organisationId) => read(organisationId, Prisma.sql`true`),
    async find(organisationId, id) {
      if (!isUuid(id)) return undefined
      return (await read(organisationId, Prisma.sql`r.id = ${id}::uuid`))[0]
    },
    findBySeq: async (organisationId, seq) => (await read(organisationId, Prisma.sql`r.seq = ${seq}`))[0],
    async openTasks(organisationId, { id }, struck, tasks, atMs) {
      const organisation = toUuid(organisationId)
      const at = new Date(atMs)
      return prisma.$transaction(async (tx) => {
        const opened = await tx.recall.updateMany({
          where: { organisationId: organisation, id, tasksOpenedAt: null },
          data: {
            tasksOpenedAt: at,
            people: struck.people,
            consents: struck.consents as unknown as Prisma.InputJsonArray,
          },
        })
        if (opened.count === 0) return false
        await tx.task.createMany({
          data: tasks.map(({ kind, about, matter }) => ({
            ...{ organisationId: organisation, kind, about, recallId: id, openedAt: at },
            matter: matter as Prisma.InputJsonObject,
          })),
          skipDuplicates: true,
        })
        return true
      }, waits)
    },
    async askers(organisationId, purposes, sinceMs) {
      const rows = await prisma.$queryRaw<{ key: string; permits: bigint }[]>`
        SELECT key_id AS key, sum(count)::bigint AS permits FROM usage_counts
        WHERE organisation_id = ${toUuid(organisationId)}::uuid AND minute >= ${new Date(sinceMs)}
          AND purpose = ANY(${[...purposes]}::text[]) AND reason = ANY(${[...permitReasons]}::text[])
        GROUP BY key_id ORDER BY permits DESC, key_id LIMIT 1000`
      return rows.map(({ key, permits }) => ({ key, permits: Number(permits) }))
    },
    async permitsInRuns(organisationId, purposes, limit) {
      const rows = await prisma.$queryRaw<{ run: string; subject_id: string }[]>`
        SELECT DISTINCT run, subject_id FROM decision_samples
        WHERE organisation_id = ${toUuid(organisationId)}::uuid AND run IS NOT NULL AND allowed
          AND subject_id IS NOT NULL AND purpose = ANY(${[...purposes]}::text[])
        LIMIT ${limit}`
      return rows.map(({ run, subject_id }) => ({ run, subjectId: toSubjectId(subject_id) }))
    },
    async filters(organisationId, purposes, sinceMs, limit) {
      const rows = await prisma.$queryRaw<{ id: string; purpose: string; created_at: Date }[]>`
        SELECT id, summary ->> 'purpose' AS purpose, created_at FROM filters
        WHERE organisation_id = ${toUuid(organisationId)}::uuid AND created_at >= ${new Date(sinceMs)}
          AND summary ->> 'purpose' = ANY(${[...purposes]}::text[])
        ORDER BY created_at DESC, id LIMIT ${limit}`
      return rows.map((row) => ({ id: row.id, purpose: row.purpose, createdAtMs: row.created_at.getTime() }))
    },
    async tasks(organisationId, { state, recallId, after, limit }) {
      const isDone = state === 'done'
      if ((after !== null && !isUuid(after)) || (recallId !== null && !isUuid(recallId))) return []
      // A task that is not hers is no place to go on from.
      const own = { organisationId: toUuid(organisationId) }
      const from = after === null ? null : await prisma.task.findFirst({ where: { ...own, id: after } })
      if (after !== null && from === null) return []
      const rows = await prisma.task.findMany({
        where: {
          ...own,
          doneAt: isDone ? { not: null } : null,
          ...(recallId === null ? {} : { recallId }),
        },
        orderBy: isDone ? [{ doneAt: 'desc' }, { id: 'asc' }] : [{ openedAt: 'asc' }, { id: 'asc' }],
        ...(after === null ? {} : { cursor: { id: after }, skip: 1 }),
        take: limit,
      })
      return rows.map(toTask)
    },
    async finish(organisationId, id, note, by) {
      if (!isUuid(id)) return 'unknown'
      const where = { organisationId: toUuid(organisationId), id }
      return prisma.$transaction(async (tx) => {
        const { count } = await tx.task.updateMany({
          where: { ...where, doneAt: null },
          data: { doneAt: new Date(by.atMs), doneBy: by.actor, note },
        })
        const row = await tx.task.findFirst({ where })
        if (row === null) return 'unknown'
        if (count === 0) return 'done'
        await recordAct(tx, organisationId, by, 'task_done', { task: id, kind: row.kind })
        return toTask(row)
      }, waits)
    },
  }
}

function toRecall(row: RecallRow): StoredRecall {
  const { people, consents } = row
  return {
    ...{ id: row.id, seq: Number(row.seq), scope: row.scope, reason: row.reason },
    ...{ recalledBy: row.recalled_by, recalledAtMs: row.recalled_at.getTime() },
    struck: people === null || consents === null ? null : { people: Number(people), consents },
    openTasks: Number(row.open_tasks),
    doneTasks: Number(row.done_tasks),
  }
}

function toTask(row: Prisma.TaskGetPayload<object>): Task {
  return {
    ...{ id: row.id, kind: row.kind, matter: row.matter as Task['matter'], recallId: row.recallId },
    ...{ openedAtMs: row.openedAt.getTime(), dueAtMs: row.dueAt?.getTime() ?? null },
    ...{ doneAtMs: row.doneAt?.getTime() ?? null, doneBy: row.doneBy, note: row.note },
  }
}
