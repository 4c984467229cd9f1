import { z } from '@hono/zod-openapi'
import { requestChanges, requestStates } from '../../domain/request-changes.ts'
import { requestKinds, requestRegimes } from '../../domain/request-clocks.ts'
import { instant, purpose, subject, text } from './fields.ts'

const when = z.iso.datetime()
const words = text(4_000).openapi({ description: 'Sealed: read by POST …/texts.' })
const kind = z.enum(requestKinds)
const regime = z.enum(requestRegimes)
const state = z.enum(requestStates)

/** What a person asked for, as it is registered. */
export const requestReceived = z
  .strictObject({
    kind,
    regime,
    received_at: instant.optional().openapi({ description: 'Left out: now.' }),
    subject: subject.optional(),
    text: words.optional(),
  })
  .openapi('RequestReceived')

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits')

/** What was sent in reply, and how that can be shown. */
const proof = z
  .strictObject({
    text: words,
    sha256: sha256.optional().openapi({ description: 'Of the file that was sent.' }),
    reference: text(255).optional().openapi({ description: 'Of the message: its id, a tracking number.' }),
  })
  .refine((given) => given.sha256 !== undefined || given.reference !== undefined, {
    path: ['reference'],
    message: 'must be there, or sha256: the hash of the file or the reference of the message',
  })
  .openapi('ProofOfReply')

/** A change of a request that was seen at `revision`. */
export const requestChange = z
  .strictObject({
    revision: z
      .int()
      .min(1)
      .openapi({ description: 'The one that was seen: another’s change is a conflict.' }),
    change: z.enum(requestChanges),
    text: words.optional(),
    proof: proof.optional(),
  })
  .refine(({ change, text: given }) => change === 'withdraw' || given !== undefined, {
    path: ['text'],
    message: 'must say why, or what came of it',
  })
  .refine(({ change, proof: given }) => (change !== 'answer' && change !== 'refuse') || given !== undefined, {
    path: ['proof'],
    message: 'must say what was sent in reply',
  })
  .openapi('RequestChange')

/** A refusal to record at once. */
export const requestRefusal = z
  .strictObject({
    purposes: z.array(purpose).min(1).max(100),
    method: text(64).openapi({ example: 'mail' }),
  })
  .refine(({ purposes }) => new Set(purposes).size === purposes.length, {
    path: ['purposes'],
    message: 'names a purpose twice',
  })
  .openapi('RequestRefusal')

export const requestShown = z
  .object({
    ...{ id: z.string(), kind, regime, state },
    reference: z.string().openapi({ description: 'What she was told to name it by.' }),
    subject: z
      .string()
      .nullable()
      .openapi({ description: 'Her random id, where something is recorded of her.' }),
    namespace: z.string().nullable(),
    received_at: when,
    due_at: when,
    extended_until: when.nullable(),
    answer_by: when.openapi({ description: 'The last millisecond for an answer.' }),
    is_overdue: z.boolean(),
    answered_at: when.nullable(),
    proof_sha256: z.string().nullable(),
    clock: z.object({ source: z.string(), may_extend: z.boolean() }),
    revision: z.int(),
  })
  .openapi('Request')

export const requestHistory = requestShown
  .extend({
    history: z.array(
      z.object({
        ...{ revision: z.int(), at: when, actor: z.string(), change: z.string() },
        detail: z.record(z.string(), z.string()),
      }),
    ),
  })
  .openapi('RequestWithHistory')

export const requestTexts = z
  .object({
    identifier: z.string().nullable(),
    texts: z.array(
      z.looseObject({ revision: z.int(), text: z.string().optional(), proof: z.looseObject({}).optional() }),
    ),
  })
  .openapi('RequestTexts')

export const requestsQuery = z.object({
  state: state.optional(),
  kind: kind.optional(),
  overdue: z.enum(['true']).optional(),
  subject: z.string().max(64).optional().openapi({ description: 'A subject’s random id.' }),
  after: z
    .string()
    .regex(/^[01]\.\d{1,15}\.[0-9a-f-]{36}$/, 'must be `next` of an earlier answer')
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
