import { z } from '@hono/zod-openapi'
import { parseInstant } from '../../domain/parse-instant.ts'
import { isWithin } from '../../domain/territories.ts'
import { categories, explainResponse } from './decisions.ts'
import { instant, noticeRef, purpose, text } from './fields.ts'

/** A time that can be read: nothing is guessed of a person who is made up. */
const moment = instant.refine(
  (value) => (parseInstant(value) ?? -1) >= 0,
  'must be a time with a zone, or a date',
)

const act = z
  .strictObject({
    at: moment,
    act: z.enum(['grant', 'deny', 'withdraw', 'object', 'opt_out']),
    purpose,
    property: text(63).nullish(),
    notice: noticeRef
      .nullish()
      .openapi({ description: 'What was shown. A yes without it cannot be proved.' }),
    method: text(64)
      .nullish()
      .openapi({ example: 'form', description: 'A yes without it cannot be proved.' }),
    actor: z.enum(['subject', 'guardian', 'controller', 'import']).nullish(),
    explicit: z.boolean().nullish(),
    names_gpc_conflict: z.boolean().nullish(),
  })
  .openapi('SimulatedAct')

const person = z
  .strictObject({
    age: z
      .union([z.int().min(0).max(150), z.literal('unknown')])
      .nullish()
      .openapi({ example: 15, description: 'In whole years; `unknown`: she never stated it.' }),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/, 'must be two capital letters (ISO 3166-1)')
      .nullish(),
    region: z
      .string()
      .regex(/^[A-Z]{2}-[A-Z0-9]{1,3}$/, 'must be a region such as US-CA (ISO 3166-2)')
      .nullish()
      .openapi({ example: 'DE-SN' }),
    gpc: z.boolean().nullish().openapi({ description: 'Her browser sends Sec-GPC: 1.' }),
    history: z.array(act).max(100).nullish().openapi({ description: 'What she said, in any order.' }),
  })
  .refine(({ country, region }) => isWithin({ country: country ?? null, region: region ?? null }), {
    path: ['region'],
    message: 'must lie in the country',
  })

/** A person who is made up, and a question about her. */
export const simulateRequest = z
  .strictObject({
    release: text(64).nullish().openapi({ description: 'Answer as if this release were published.' }),
    person,
    question: z.strictObject({
      purpose,
      property: text(63).nullish(),
      categories: categories.nullish(),
      collected_at: instant.nullish(),
      recipient: text(255).nullish(),
      at: moment.nullish().openapi({ description: 'When it is asked; now, where it is not said.' }),
    }),
  })
  .openapi('SimulateRequest')

const rule = z.enum(['opt_in', 'opt_out', 'notice_only', 'prohibited'])

export const simulateResponse = explainResponse
  .omit({ revision: true, lag_ms: true, event: true })
  .extend({
    rests_on: z
      .union([z.object({ history: z.int() }), z.literal('gpc'), z.literal('notice')])
      .nullable()
      .openapi({
        description: 'An act of the history by its place in it, the signal, or a notice in force.',
      }),
    history: z
      .array(z.object({ status: z.string() }))
      .openapi({ description: 'What each act came to, in the order given.' }),
    regimes: z
      .array(
        z.object({
          key: z.string(),
          version: z.int().nullable(),
          name: z.string(),
          territory: z.string().nullable().openapi({
            description: 'Through which it applies; null: the organisation’s own, which always does.',
          }),
          rule,
          basis: z.string().nullable(),
          rule_of: z
            .string()
            .nullable()
            .openapi({ description: 'The purpose whose rule it is; null: the rest’s.' }),
          is_tightened_by_age: z.boolean(),
          consent_age: z.int().nullable(),
          consent_lifetime_days: z.number(),
          gpc_refuses: z.boolean(),
          decides: z
            .array(z.enum(['rule', 'age', 'lifetime', 'gpc']))
            .openapi({ description: 'Where it is the strictest, or as strict as another.' }),
        }),
      )
      .openapi({ description: 'Those combined, and what each asks.' }),
  })
  .openapi('SimulateResponse')
