import { z } from '@hono/zod-openapi'
import { AssentError } from '../../domain/errors.ts'
import type { SubjectEvent } from '../../domain/events.ts'
import { parseIdentifier } from '../../domain/identifier.ts'
import type { SubjectId } from '../../domain/ids.ts'
import { formatRevision } from '../../domain/revision.ts'
import type { Row } from '../../domain/state.ts'
import type { ApiDeps } from '../deps.ts'
import { route } from '../route.ts'
import { subject } from '../schemas/fields.ts'

const unknown = () => new AssentError('not_found', 'There is no such subject.')

/** POST /v1/subjects/lookup: identifiers do not travel in addresses, where logs would keep them. */
export const lookupSubject = ({ decisions }: ApiDeps) =>
  route({
    method: 'post',
    path: '/v1/subjects/lookup',
    access: { scope: 'consents:read' },
    tag: 'Consents',
    summary: 'The random id of a subject',
    body: z.object({ subject }).openapi('LookupRequest'),
    response: z.object({ id: z.string().openapi({ example: 'sub_0f4c…' }) }).openapi('Lookup'),
    handle: ({ principal: { organisationId }, body }) => {
      const id = decisions.subjectOf(organisationId, parseIdentifier(body.subject)!)
      if (id === undefined) throw unknown()
      return { body: { id } }
    },
  })

/** GET /v1/subjects/{id}/consents: where each purpose stands, and every event that led there. */
export const subjectConsents = ({ decisions, events }: ApiDeps) =>
  route({
    method: 'get',
    path: '/v1/subjects/{id}/consents',
    access: { scope: 'consents:read' },
    tag: 'Consents',
    summary: 'State and history of a subject',
    params: z.object({ id: z.string().max(64) }),
    response: z.looseObject({ id: z.string(), state: z.array(z.unknown()), history: z.array(z.unknown()) }),
    handle: async ({ principal: { organisationId }, params }) => {
      const id = params.id as SubjectId
      const state = decisions.state(organisationId, id)
      if (state === undefined) throw unknown()
      const history = await events.history(organisationId, id)
      return {
        body: {
          id,
          revision: formatRevision(decisions.revision()),
          regimes: state.regimes,
          gpc: state.gpc === null ? null : new Date(state.gpc.atMs).toISOString(),
          state: state.rows.map(rowBody),
          history: history.map(eventBody),
        },
      }
    },
  })

function rowBody({ purpose, property, refusals, grant }: Row) {
  const refusal = refusals.at(-1)
  return {
    purpose,
    property,
    state: refusal !== undefined ? 'refused' : grant === null ? 'open' : 'granted',
    refusals: refusals.map(({ kind, seq, atMs }) => ({ kind, seq, at: new Date(atMs).toISOString() })),
    grant:
      grant === null
        ? null
        : {
            seq: grant.seq,
            since: new Date(grant.runStartMs).toISOString(),
            expires_at: new Date(grant.expiresAtMs).toISOString(),
            notice:
              grant.noticeKey === null
                ? null
                : { key: grant.noticeKey, version: grant.noticeVersion, locale: grant.locale },
            is_proven: grant.isProven,
            is_invalidated: grant.isInvalidated,
            capacity: grant.capacity,
          },
  }
}

/** An event as it is told to people and services. */
export function eventBody(
  event: Pick<SubjectEvent, 'id' | 'seq' | 'recordedAtMs' | 'occurredAtMs'> & { body: object },
) {
  return {
    id: event.id,
    seq: event.seq,
    recorded_at: new Date(event.recordedAtMs).toISOString(),
    occurred_at: new Date(event.occurredAtMs).toISOString(),
    ...event.body,
  }
}
