import { z } from '@hono/zod-openapi'
import type { Decisions } from '../decisions/decisions.ts'
import { AssentError } from '../domain/errors.ts'
import { formatRevision, type Revision } from '../domain/revision.ts'
import type { ReadEvent } from '../ledger/event-reader.ts'
import { eventBody } from './routes/subjects.ts'
import { revision } from './schemas/fields.ts'

export const waitMaxSeconds = 30
export const changesMax = 1_000
/** How long a reader that has seen more than this node waits for the node to catch up. */
const catchUpMs = 1_000

/** A parameter without a value is one that is not given. */
const given = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema)

export const changesQuery = z.object({
  after: given(
    revision
      .default('0:0')
      .openapi({ example: '0:0', description: 'The last revision seen; from the beginning without it.' }),
  ),
  limit: given(z.coerce.number().int().min(1).max(changesMax).default(100)),
  wait: given(z.coerce.number().int().min(0).max(waitMaxSeconds).default(0)),
})

/** Where a reader that has seen `after` goes on. Throws `revision_unknown`. */
export async function startOf(decisions: Decisions, after: Revision): Promise<Revision> {
  const { epoch, log } = decisions.revision()
  if (after.seq === 0) return { epoch, log, seq: 0 }
  const isReached = after.epoch === epoch && after.log === log && (await decisions.waitFor(after, catchUpMs))
  if (!isReached)
    throw new AssentError('revision_unknown', 'This log does not go as far, or began again since.')
  return after
}

/** A change as readers of the feed see it, in the log of `head`. */
export function changeBody({ event, previousSeq }: ReadEvent, head: Revision): Record<string, unknown> {
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
