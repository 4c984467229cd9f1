import { z } from '@hono/zod-openapi'
import { instant, noticeRef, purpose, reason, text } from './fields.ts'

const when = z.iso.datetime()

/** What is asked of the past, besides whose. */
export const pastQuery = z.object({
  property: text(63).optional().openapi({ description: 'Ask about it too, besides those she was asked on.' }),
  collected_at: instant.optional().openapi({
    description: 'When the data was collected. Left out: data of each moment itself.',
  }),
})

const said = z.object({ allowed: z.boolean(), reason })
const answer = said.extend({
  because: z.string(),
  event: z.object({ seq: z.int() }).nullable(),
  notice: z.object({ key: z.string(), version: z.int(), locale: z.string().nullable() }).nullable(),
})
const about = { purpose, property: z.string().nullable() }
export const changed = z.object({ ...about, before: said, after: said }).openapi('ChangedAnswer')

export const personAnswers = z
  .object({
    id: z.string(),
    historical: z
      .literal(true)
      .openapi({ description: 'Of the past: no data may be used on the strength of it.' }),
    at: when,
    collected_at: when.nullable(),
    answers: z.array(
      z.object({
        ...about,
        as_known_then: answer.openapi({ description: 'From what had been recorded by that moment.' }),
        as_known_now: answer.openapi({ description: 'From what has been recorded since as well.' }),
      }),
    ),
  })
  .openapi('PersonAnswers')

export const personMoments = z
  .object({
    id: z.string(),
    historical: z.literal(true),
    until: when,
    moments: z.array(
      z.object({
        at: when,
        as_known_then: z.array(changed),
        as_known_now: z.array(changed),
      }),
    ),
  })
  .openapi('PersonMoments')

const words = z.looseObject({ key: z.string(), version: z.int(), locale: z.string(), sha256: z.string() })

export const timelineEvent = z
  .looseObject({
    id: z.string(),
    seq: z.int(),
    revision: z.string(),
    recorded_at: when,
    occurred_at: when,
    act: z.string(),
    status: z.string().openapi({ description: 'What it did: the act, or why a yes had no effect.' }),
    notice: noticeRef.nullable(),
    hash: z.string().openapi({ description: 'SHA-256 that binds it to all before it, hex.' }),
    previous_hash: z.string(),
    has_evidence: z.boolean().openapi({ description: 'Sealed; false where it was destroyed.' }),
    changed: z.array(changed),
  })
  .openapi('TimelineEvent')

export const personTimeline = z
  .object({
    id: z.string(),
    events: z.array(timelineEvent),
    words: z.array(words).openapi({ description: 'What was shown, as it was published.' }),
    before: z
      .int()
      .nullable()
      .openapi({ description: 'Where the events before these begin; null for none.' }),
  })
  .openapi('PersonTimeline')

export const person = z
  .object({
    id: z.string(),
    identifiers: z.array(
      z.object({
        namespace: z.string(),
        id: z.string().nullable().openapi({
          description:
            'In clear for a member who gave her reason, and for keys with search:read; null once erased.',
        }),
      }),
    ),
    links: z.array(
      z.object({
        id: z.string(),
        namespaces: z.array(z.string()),
        since: when,
        until: when.nullable(),
      }),
    ),
    is_restricted: z.boolean(),
    erased_before: when.nullable(),
    gpc_since: when.nullable(),
    regimes: z.array(z.string()),
    view: z
      .object({ why: z.string(), note: z.string(), until: when })
      .nullable()
      .openapi({ description: 'The member’s own reason, and until when it holds.' }),
  })
  .openapi('Person')
