import { z } from '@hono/zod-openapi'
import { AssentError } from '../../domain/errors.ts'
import { parseIdentifier } from '../../domain/identifier.ts'
import { parseInstant } from '../../domain/parse-instant.ts'
import { formatRevision } from '../../domain/revision.ts'
import type { ApiDeps } from '../deps.ts'
import { idempotencyOf } from '../idempotency.ts'
import { route } from '../route.ts'
import { instant, noticeRef, purpose, revision, subject, text } from '../schemas/fields.ts'

const evidenceBytesMax = 16_384

const choice = z
  .strictObject({
    purpose,
    act: z.enum(['grant', 'deny', 'withdraw', 'object', 'opt_out']),
    explicit: z.boolean().optional().openapi({ description: 'Explicit consent (GDPR Art. 9(2)(a)).' }),
  })
  .openapi('Choice')

const consentsRequest = z
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
      .nullish(),
    occurred_at: instant.nullish(),
    actor: z.enum(['subject', 'guardian', 'controller', 'import']).nullish(),
    names_gpc_conflict: z.boolean().nullish(),
  })
  .refine(({ choices }) => new Set(choices.map((each) => each.purpose)).size === choices.length, {
    path: ['choices'],
    message: 'names a purpose twice',
  })
  .openapi('ConsentsRequest')

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

/** POST /v1/consents: what a person said, all choices or none, durable and in force before the answer. */
export const recordConsents = ({ ledger }: ApiDeps) =>
  route({
    method: 'post',
    path: '/v1/consents',
    access: { scope: 'consents:write' },
    tag: 'Consents',
    summary: 'Record what a person said',
    description:
      'deny, withdraw, object and opt_out all refuse under every rule and differ only as evidence; grant ends the standing refusals of its purpose. A refusal needs nothing but subject and purpose. Send Idempotency-Key to make repeating harmless.',
    body: consentsRequest,
    response: recordedConsents,
    status: 201,
    handle: async ({ principal, body, bytes, request }) => {
      const isImport = body.actor === 'import'
      if (isImport && !principal.scopes.includes('consents:import')) {
        throw new AssentError('scope_missing', 'An import needs the scope consents:import.')
      }
      if (isImport && !body.evidence?.reference) {
        throw new AssentError('import_needs_evidence', 'An import names where its proof lies.', {
          pointer: '/evidence/reference',
        })
      }
      const evidence = { ...body.evidence, method: body.evidence?.method ?? null }
      if (JSON.stringify(evidence).length > evidenceBytesMax) {
        throw new AssentError('body_invalid', 'The evidence may have 16 KiB.', { pointer: '/evidence' })
      }
      const recorded = await ledger.recordConsents(
        {
          organisationId: principal.organisationId,
          subject: parseIdentifier(body.subject)!,
          property: body.property ?? null,
          notice: body.notice ?? null,
          regime: body.regime ?? null,
          country: body.country ?? null,
          actor: body.actor ?? 'subject',
          occurredAtMs: occurredAt(body.occurred_at, body.choices),
          imported: isImport,
          namesGpcConflict: body.names_gpc_conflict ?? false,
          evidence,
          choices: body.choices.map(({ purpose, act, explicit }) => ({
            purpose,
            act,
            explicit: explicit ?? false,
          })),
        },
        idempotencyOf(request, principal, bytes),
      )
      return {
        status: 201,
        ...(recorded.isReplay ? { headers: { 'Idempotent-Replayed': 'true' } } : {}),
        body: {
          revision: formatRevision(recorded.revision),
          subject: recorded.subjectId,
          recorded_at: new Date(recorded.recordedAtMs).toISOString(),
          events: recorded.events,
        },
      }
    },
  })

/** A yes with an unreadable time is turned away; a no with one counts from now. */
function occurredAt(given: string | null | undefined, choices: readonly { act: string }[]): number | null {
  if (given === undefined || given === null) return null
  const atMs = parseInstant(given)
  if (atMs !== undefined) return Math.max(atMs, 0)
  if (choices.every(({ act }) => act !== 'grant')) return null
  throw new AssentError('body_invalid', '/occurred_at must be a time with a zone.', {
    pointer: '/occurred_at',
  })
}
