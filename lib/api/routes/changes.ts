import { z } from '@hono/zod-openapi'
import type { Decisions } from '../../decisions/decisions.ts'
import { AssentError } from '../../domain/errors.ts'
import { formatRevision, parseRevision, type Revision } from '../../domain/revision.ts'
import type { ReadEvent } from '../../ledger/event-reader.ts'
import type { ApiDeps } from '../deps.ts'
import { route } from '../route.ts'
import { revision } from '../schemas/fields.ts'
import { eventBody } from './subjects.ts'

const waitMaxSeconds = 30
/** How long a reader that has seen more than this node waits for the node to catch up. */
const catchUpMs = 1_000

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
      'With `wait`, an answer that would be empty is held back until there is something, at most so many seconds. Begin with after=0:0; go on with the `to` of the page before.',
    query: z.object({
      after: revision,
      limit: z.coerce.number().int().min(1).max(1_000).default(100),
      wait: z.coerce.number().int().min(0).max(waitMaxSeconds).default(0),
    }),
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

/** Throws `revision_unknown`, `not_ready`. */
async function startOf(decisions: Decisions, after: Revision): Promise<Revision> {
  const { epoch, log } = decisions.revision()
  if (after.seq === 0) return { epoch, log, seq: 0 }
  const isReached = after.epoch === epoch && after.log === log && (await decisions.waitFor(after, catchUpMs))
  if (!isReached)
    throw new AssentError('revision_unknown', 'This log does not go as far, or began again since.')
  return after
}

function changeBody({ event, previousSeq }: ReadEvent, head: Revision) {
  const { seq, ...body } = eventBody(event)
  const shown: Record<string, unknown> = { ...body, subject: event.subjectId }
  if (event.body.act === 'key_created') {
    // Whoever follows has no use for what keys are recognised by.
    const { sha256: _, ...definition } = event.body.definition
    shown.definition = definition
  }
  return {
    revision: formatRevision({ ...head, seq }),
    previous: previousSeq === null ? null : formatRevision({ ...head, seq: previousSeq }),
    ...shown,
  }
}
