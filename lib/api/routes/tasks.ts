import { z } from '@hono/zod-openapi'
import { AssentError } from '../../domain/errors.ts'
import type { ApiDeps } from '../deps.ts'
import type { Task } from '../recall-store.ts'
import { route } from '../route.ts'
import { text } from '../schemas/fields.ts'
import { taskShown } from '../schemas/recalls.ts'

/** GET /v1/tasks, POST /v1/tasks/{id}/done: what somebody has to see to. */
export const taskRoutes = ({ recalls, clock }: ApiDeps) => [
  route({
    method: 'get',
    path: '/v1/tasks',
    access: { scope: 'audit:read' },
    tag: 'Tasks',
    summary: 'Tasks: open ones oldest first, done ones newest first',
    query: z.object({
      state: z.enum(['open', 'done']).default('open'),
      recall: z.string().max(64).optional(),
      after: z.string().max(64).optional().openapi({ description: 'Id of the last one seen.' }),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
    response: z.object({ tasks: z.array(taskShown), next: z.string().nullable() }),
    handle: async ({ principal: { organisationId }, query: { state, recall, after, limit } }) => {
      const asked = { state, recallId: recall ?? null, after: after ?? null, limit: limit + 1 }
      const found = await recalls.tasks(organisationId, asked)
      const shown = found.slice(0, limit)
      const next = found.length > limit ? (shown.at(-1)?.id ?? null) : null
      return { body: { tasks: shown.map(taskBody), next } }
    },
  }),
  route({
    method: 'post',
    path: '/v1/tasks/{id}/done',
    access: { scope: 'config:write' },
    tag: 'Tasks',
    summary: 'Say that a task is done, with a note; it stays so',
    params: z.object({ id: z.string().max(64) }),
    body: z.strictObject({ note: text(2_000).nullish() }).openapi('TaskDone'),
    response: taskShown,
    handle: async ({ principal: { organisationId, name }, params: { id }, body: { note } }) => {
      const by = { actor: name, atMs: clock() }
      const finished = await recalls.finish(organisationId, id, note ?? null, by)
      if (finished === 'unknown') throw new AssentError('not_found', 'There is no such task.')
      if (finished === 'done') throw new AssentError('conflict', 'Somebody has done this task already.')
      return { body: taskBody(finished) }
    },
  }),
]

const instant = (atMs: number | null) => (atMs === null ? null : new Date(atMs).toISOString())

function taskBody(task: Task) {
  return {
    ...{ id: task.id, kind: task.kind, matter: task.matter, recall: task.recallId },
    opened_at: new Date(task.openedAtMs).toISOString(),
    ...{ due_at: instant(task.dueAtMs), done_at: instant(task.doneAtMs) },
    ...{ done_by: task.doneBy, note: task.note },
  }
}
