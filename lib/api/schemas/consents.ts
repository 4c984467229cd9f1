import { z } from '@hono/zod-openapi'
import { isWithin } from '../../domain/territories.ts'
import { instant, noticeRef, purpose, revision, subject, text } from './fields.ts'

const experienceRef = z
  .object({ key: text(63).openapi({ example: 'banner' }), version: z.int().min(1).max(1_000_000) })
  .openapi('ExperienceRef')

const choice = z
  .strictObject({
    purpose,
    act: z.enum(['grant', 'deny', 'withdraw', 'object', 'opt_out']),
    explicit: z.boolean().optional().openapi({ description: 'Explicit consent (GDPR Art. 9(2)(a)).' }),
  })
  .openapi('Choice')

/** What a person said. */
export const consentsRequest = z
  .strictObject({
    subject,
    property: text(63).nullish().openapi({ example: 'demo' }),
    notice: noticeRef
      .nullish()
      .openapi({ description: 'What was shown. A yes without it cannot be proved.' }),
    evidence: z
      .looseObject({ method: text(64).nullish(), reference: text(255).nullish() })
      .nullish()
      .openapi({
        example: { method: 'form' },
        description: 'How it was said; sealed under the subject’s key.',
      }),
    choices: z.array(choice).min(1).max(100),
    regime: text(63).nullish(),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/, 'must be two capital letters (ISO 3166-1)')
      .nullish()
      .openapi({
        example: 'DE',
        description: 'Where she was. Without `regime` it names the regimes that claim the place.',
      }),
    region: z
      .string()
      .regex(/^[A-Z]{2}-[A-Z0-9]{1,3}$/, 'must be a region such as US-CA (ISO 3166-2)')
      .nullish()
      .openapi({ example: 'DE-SN', description: 'Within the country, which may then be left out.' }),
    occurred_at: instant.nullish(),
    actor: z.enum(['subject', 'guardian', 'controller', 'import']).nullish(),
    names_gpc_conflict: z.boolean().nullish(),
    experience: experienceRef.nullish().openapi({
      description:
        'The banner or layout it was said in. A recall of that version strikes it. Versions are those you publish: a few, never one a call.',
    }),
    import: text(255).nullish().openapi({
      example: 'crm-2026-05',
      description:
        'With the actor import: a reference of the whole import, the same in each of its calls, by which it can be recalled.',
    }),
  })
  .refine(({ choices }) => new Set(choices.map((each) => each.purpose)).size === choices.length, {
    path: ['choices'],
    message: 'names a purpose twice',
  })
  .refine(({ country, region }) => isWithin({ country: country ?? null, region: region ?? null }), {
    path: ['region'],
    message: 'must lie in the country',
  })
  .openapi('ConsentsRequest')

export type ConsentsBody = z.output<typeof consentsRequest>

export const recordedConsents = z
  .object({
    revision,
    subject: z.string().openapi({ example: 'sub_0f4c…' }),
    recorded_at: z.iso.datetime(),
    events: z.array(
      z.object({
        id: z.string(),
        seq: z.int(),
        purpose,
        status: z.enum([
          'granted',
          'denied',
          'withdrawn',
          'objected',
          'opted_out',
          'unproven',
          'superseded',
          'void',
        ]),
        notice: noticeRef.nullable(),
      }),
    ),
  })
  .openapi('RecordedConsents')
