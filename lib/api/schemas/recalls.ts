import { z } from '@hono/zod-openapi'
import { purpose, revision, text } from './fields.ts'

const version = z.int().min(1).max(1_000_000)
export const recallScope = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('notice'), key: text(63), version }),
    z.strictObject({ kind: z.literal('experience'), key: text(63), version }),
    z.strictObject({ kind: z.literal('key'), id: text(64) }),
    z.strictObject({ kind: z.literal('import'), id: text(255) }),
  ])
  .openapi('RecallScope', {
    example: { kind: 'notice', key: 'starter', version: 1 },
    description:
      'A notice’s or an experience’s version: all consents given under it, for good. A key or an import: what came through it until now.',
  })

const count = z.int().min(0)
const consentCounts = z.array(z.object({ purpose, locale: z.string().nullable(), consents: count }))

export const affected = z
  .object({
    people: count,
    consents: count.openapi({
      description: 'What has to be confirmed. A yes on two properties counts twice.',
    }),
    by_purpose: consentCounts,
    services: z
      .array(z.object({ key: z.string(), name: z.string().nullable(), permits: count }))
      .openapi({ description: 'API keys that were told yes for one of the purposes in the last 30 days.' }),
    runs: z.array(z.object({ run: z.string(), people: count })).openapi({
      description: 'Runs in which one of these people was permitted, as far back as answers are kept.',
    }),
    filters: z.array(z.object({ id: z.string(), purpose, created_at: z.iso.datetime() })).openapi({
      description: 'Filters for one of the purposes in the last 30 days. Whom each let through is not kept.',
    }),
    consumers: z.array(z.object({ name: z.string(), applied: revision, is_applied: z.boolean() })).openapi({
      description: 'Who follows the changes for these purposes, and whether they have applied this revision.',
    }),
    revision,
  })
  .openapi('RecallAffected')

export const recallShown = z
  .object({
    id: z.string(),
    scope: recallScope,
    reason: z.string(),
    recalled_by: z.string(),
    recalled_at: z.iso.datetime(),
    revision,
    struck: z
      .object({ people: count, consents: count, by_purpose: consentCounts })
      .nullable()
      .openapi({ description: 'When its tasks were opened; null until they are.' }),
    tasks: z.object({ open: count, done: count }),
  })
  .openapi('Recall')

export const taskShown = z
  .object({
    id: z.string(),
    kind: z.string().openapi({ example: 'recall_service', description: 'The list of kinds grows.' }),
    matter: z.looseObject({}).openapi({ description: 'What it is about; its members depend on the kind.' }),
    recall: z.string().nullable(),
    opened_at: z.iso.datetime(),
    due_at: z.iso.datetime().nullable(),
    done_at: z.iso.datetime().nullable(),
    done_by: z.string().nullable(),
    note: z.string().nullable(),
  })
  .openapi('Task')
