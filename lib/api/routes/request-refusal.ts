import { z } from '@hono/zod-openapi'
import { AssentError } from '../../domain/errors.ts'
import { type Identifier, parseIdentifier } from '../../domain/identifier.ts'
import type { OrganisationId } from '../../domain/ids.ts'
import { formatRevision } from '../../domain/revision.ts'
import type { ApiDeps } from '../deps.ts'
import { anIdentifierOf, doerOf } from '../people/person-access.ts'
import { requestBody } from '../people/request-bodies.ts'
import type { RequestListed } from '../people/request-store.ts'
import { route } from '../route.ts'
import { revision } from '../schemas/fields.ts'
import { requestRefusal, requestShown } from '../schemas/requests.ts'
import { unknownRequest } from './requests.ts'

type Deps = Pick<ApiDeps, 'requests' | 'texts' | 'persons' | 'decisions' | 'ledger' | 'clock'>

const acts = { objection: 'object', opt_out: 'opt_out' } as const

/**
 * POST /v1/requests/{id}/refusal: an objection and an opt-out act at once (GDPR Art. 21(3), 11 CCR §7026), whenever
 * they are answered. The refusal is in the ledger, and in force, before it is in the register.
 */
export const requestRefusalRoute = (deps: Deps) =>
  route({
    method: 'post',
    path: '/v1/requests/{id}/refusal',
    access: { scope: 'consents:write' },
    tag: 'Requests',
    summary: 'Record the refusal that a request is, at once',
    description:
      'For objections and opt-outs. It acts from when the request was received, everywhere in the organisation. Repeating it is harmless.',
    params: z.object({ id: z.string().max(64) }),
    body: requestRefusal,
    response: z.object({ request: requestShown, revision, recorded: z.int() }).openapi('RefusalRecorded'),
    status: 201,
    handle: async ({ principal, params: { id }, body }) => {
      const { organisationId } = principal
      const request = await deps.requests.find(organisationId, id)
      if (request === undefined) throw unknownRequest()
      const act = acts[request.kind as keyof typeof acts]
      if (act === undefined) {
        throw new AssentError('request_change_refused', 'Only an objection or an opt-out refuses something.')
      }
      const by = doerOf(principal, deps)
      const subject = await whoAsks(deps, organisationId, request)
      const recorded = await deps.ledger.recordConsents(
        {
          ...{ organisationId, subject, property: null, notice: null, regime: null, country: null },
          ...{ actor: 'subject', occurredAtMs: request.receivedAtMs, imported: false },
          namesGpcConflict: false,
          evidence: { method: body.method, reference: `request ${id}` },
          choices: body.purposes.map((purpose) => ({ purpose, act })),
        },
        null,
      )
      const changed = await deps.requests.change(
        organisationId,
        id,
        null,
        (now) => ({
          facts: now,
          change: 'refusal_recorded',
          detail: {
            purposes: body.purposes.join(','),
            events: recorded.events.map(({ seq }) => seq).join(','),
            method: body.method,
          },
          sealedText: null,
          subjectId: recorded.subjectId,
        }),
        by,
      )
      if (typeof changed === 'string') throw unknownRequest()
      return {
        status: 201,
        body: {
          request: requestBody(changed, by.atMs),
          revision: formatRevision(recorded.revision),
          recorded: recorded.events.length,
        },
      }
    },
  })

/** Throws `request_change_refused` where nobody is named. */
async function whoAsks(
  deps: Deps,
  organisationId: OrganisationId,
  { id, subjectId }: RequestListed,
): Promise<Identifier> {
  const identifier = await deps.requests.sealedIdentifier(organisationId, id)
  if (identifier !== null) {
    const { namespace, id: clear } = deps.texts.open(identifier)
    const named = parseIdentifier(`${namespace}:${clear}`)
    if (named !== undefined) return named
  }
  if (subjectId !== null) return anIdentifierOf(deps, organisationId, subjectId)
  throw new AssentError('request_change_refused', 'The request does not say whose it is.')
}
