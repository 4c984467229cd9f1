import { z } from '@hono/zod-openapi'
import { formatRevision, parseRevision } from '../../domain/revision.ts'
import { changeBody, changesQuery, startOf } from '../change-feed.ts'
import type { ApiDeps } from '../deps.ts'
import { route } from '../route.ts'
import { revision } from '../schemas/fields.ts'

const change = z.looseObject({
  revision,
  previous: revision.nullable().openapi({ description: 'The change before it; null for the first.' }),
  id: z.string(),
  act: z.string(),
  subject: z.string().nullable(),
})

/**
 * GET /v1/changes: what was recorded after a revision, dense and in order. Several organisations may share a log, so a
 * page says which range `(from, to]` it covers, and each change names the one before it: who chains both has missed
 * nothing.
 */
export const changes = ({ decisions, events }: ApiDeps) =>
  route({
    method: 'get',
    path: '/v1/changes',
    access: { scope: 'changes:read' },
    tag: 'Evidence',
    summary: 'Everything recorded after a revision, in order',
    description:
      'With `wait`, an answer that would be empty is held back until there is something, at most so many seconds. Begin with after=0:0; go on with the `to` of the page before. With Accept: text/event-stream, the same as Server-Sent Events: `change`, with its revision as the id; `head` at least once a second, after everything in (from, to] was sent, with the node’s lag; `stale` in its place from a node that may be behind; `end` with a code where nothing follows. Resume with Last-Event-ID or `after`.',
    query: changesQuery,
    response: z
      .object({ from: revision, to: revision, head: revision, changes: z.array(change) })
      .openapi('Changes'),
    handle: async ({ principal: { organisationId }, query, request }) => {
      const after = await startOf(decisions, parseRevision(query.after)!)
      const endsAt = performance.now() + query.wait * 1_000
      for (let seen = after.seq; ; ) {
        const head = decisions.revision()
        const read = await events.after(organisationId, {
          afterSeq: after.seq,
          untilSeq: head.seq,
          limit: query.limit,
        })
        const leftMs = endsAt - performance.now()
        if (read.length > 0 || leftMs <= 0 || request.destroyed) {
          const to = read.length === query.limit ? read.at(-1)!.event.seq : head.seq
          return {
            body: {
              from: formatRevision(after),
              to: formatRevision({ ...head, seq: to }),
              head: formatRevision(head),
              changes: read.map((each) => changeBody(each, head)),
            },
          }
        }
        seen = Math.max(seen, head.seq)
        await decisions.waitFor({ ...head, seq: seen + 1 }, leftMs)
      }
    },
  })
