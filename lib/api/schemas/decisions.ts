import { z } from '@hono/zod-openapi'
import { makeIdentifier } from '../../domain/identifier.ts'
import { instant, purpose, reason, revision, subject, text } from './fields.ts'

/** Every answer that names one is kept for the retention period. */
const run = text(128).openapi({
  example: 'nightly-2026-11-23',
  description: 'The run of a pipeline that asks: its answers are kept. Never name a person in it.',
})

export const categories = z.array(text(64)).max(100)

const statement = text(1_000)
const contentUsage = z
  .union([statement, z.array(statement).max(100)])
  .nullish()
  .openapi({
    example: 'train-ai=n',
    description:
      'With what `Content-Usage` header fields or robots.txt rules the content was published (IETF AIPREF). One that disallows AI training denies it, whatever people said; what cannot be read says nothing.',
  })

/**
 * `POST /v1/check`. The raw handler reads the same by hand; a fuzz test holds the two equal. A
 * member nobody knows is an error: `categorys` left out silently would be a wider yes than was asked for.
 */
export const checkRequest = z
  .strictObject({
    subject,
    purpose,
    collected_at: instant.nullish(),
    property: text(63).nullish().openapi({ example: 'demo' }),
    categories: categories.nullish(),
    recipient: text(255).nullish(),
    regime: text(63).nullish(),
    source_purpose: purpose.nullish().openapi({ description: 'What the data was collected for.' }),
    content_usage: contentUsage,
    at_least: revision.nullish().openapi({ description: 'Answer only once this revision is applied here.' }),
    run: run.nullish(),
  })
  .openapi('CheckRequest')

export const obligations = z
  .object({
    categories: z.array(z.string()).openapi({ description: 'The only categories that may be used.' }),
    collected_from: z.iso.datetime().openapi({ description: 'Only data collected from here on.' }),
    use_until: z.iso.datetime().openapi({ description: 'Ask again from here on; at most 24 hours ahead.' }),
  })
  .openapi('Obligations')

export const checkResponse = z
  .object({
    allowed: z.boolean(),
    reason,
    because: z.string().openapi({ example: 'Withdrawn 21 Nov 2026 10:04 UTC; shown notice starter 1 (en).' }),
    revision,
    lag_ms: z.int().nullable().openapi({
      description:
        'Milliseconds since this node last knew that it had everything; a node past its bound denies `stale`.',
    }),
    decided_at: z.iso.datetime(),
    event: z.object({ seq: z.int() }).nullable(),
    notice: z.object({ key: z.string(), version: z.int(), locale: z.string().nullable() }).nullable(),
    obligations: obligations.optional(),
    assumed: z.array(z.literal('collected_at')).optional(),
  })
  .openapi('CheckResponse')

export const explainResponse = checkResponse
  .extend({
    trace: z.array(
      z.object({
        row: z.int(),
        rule: z.string(),
        outcome: z.enum(['passed', 'failed', 'not_reached']),
        saw: z.string(),
      }),
    ),
  })
  .openapi('ExplainResponse')

const properties = z.record(z.string(), z.unknown())

/** A subject as AuthZEN names her: the type is the namespace. */
const subjectEntity = (shape: z.ZodObject) =>
  shape.refine(
    ({ type, id }) => makeIdentifier(String(type), String(id)) !== undefined,
    'must name a subject',
  )

const entity = z.object({ type: text(64), id: text(512), properties: properties.nullish() })

export const resourceProperties = z.looseObject({
  collected_at: instant.nullish(),
  categories: categories.nullish(),
  property: text(63).nullish(),
  source_purpose: purpose.nullish(),
  content_usage: contentUsage,
  subjects: z
    .array(subjectEntity(z.object({ type: text(64), id: text(512) })))
    .max(100)
    .nullish()
    .openapi({ description: 'Others the record is about: all must be permitted.' }),
})

export const evaluationContext = z.looseObject({
  at: z.unknown().optional(),
  at_least: revision.nullish(),
  regime: text(63).nullish(),
  recipient: text(255).nullish(),
  run: run.nullish(),
})

/** AuthZEN Authorization API 1.0 §6.1. */
export const evaluationRequest = z
  .object({
    subject: subjectEntity(entity).openapi({ example: { type: 'user', id: 'alice' } }),
    action: z
      .object({ name: purpose, properties: properties.nullish() })
      .openapi({ example: { name: 'ai_training' } }),
    resource: entity.extend({ properties: resourceProperties.nullish() }).openapi({
      example: { type: 'record', id: '1', properties: { collected_at: '2026-11-23T10:00:00Z' } },
    }),
    context: evaluationContext.nullish(),
  })
  .openapi('EvaluationRequest')

export const evaluationResponse = z
  .object({ decision: z.boolean(), context: z.looseObject({ reason: reason.optional() }).optional() })
  .openapi('EvaluationResponse')

/** Items of one batch. */
export const itemsMax = 10_000
export const semantics = ['execute_all', 'deny_on_first_deny', 'permit_on_first_permit'] as const

/** AuthZEN Authorization API 1.0 §7.1: members at the top are defaults of the items. */
export const evaluationsRequest = z
  .looseObject({
    subject: z.unknown().optional(),
    action: z.unknown().optional(),
    resource: z.unknown().optional(),
    context: z.unknown().optional(),
    evaluations: z.array(z.unknown()).max(itemsMax).nullish(),
    options: z
      .looseObject({
        evaluations_semantic: z.enum(semantics).optional(),
      })
      .nullish(),
  })
  .openapi('EvaluationsRequest')
