import { consentCommand, recordedJson } from '../consent-command.ts'
import type { ApiDeps } from '../deps.ts'
import { idempotencyOf } from '../idempotency.ts'
import { doerOf } from '../people/person-access.ts'
import { route } from '../route.ts'
import { consentsRequest, recordedConsents } from '../schemas/consents.ts'

/**
 * POST /v1/consents: what a person said, all choices or none, durable and in force before the answer. Calls by API key
 * are answered by `hot/write-route.ts`, on the same grounds; this is what members come to through the pages,
 * and who recorded it is written down.
 */
export const recordConsents = (deps: Pick<ApiDeps, 'ledger' | 'people' | 'clock'>) =>
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
      const idempotency = idempotencyOf(
        request.headers['idempotency-key'],
        request.url ?? '',
        principal,
        bytes,
      )
      const recorded = await deps.ledger.recordConsents(consentCommand(body, principal), idempotency)
      if (principal.member !== undefined) {
        const { subjectId: subject, events } = recorded
        const detail = { subject, events: events.map(({ seq }) => seq).join(',') }
        const by = doerOf(principal, deps)
        await deps.people.act(principal.organisationId, 'consent_recorded', detail, by)
      }
      return {
        status: 201,
        ...(recorded.isReplay ? { headers: { 'Idempotent-Replayed': 'true' } } : {}),
        json: recordedJson(recorded),
      }
    },
  })
