import { z } from '@hono/zod-openapi'
import type { SubjectEvent } from '../../domain/events.ts'
import { formatRevision } from '../../domain/revision.ts'
import type { Row } from '../../domain/state.ts'
import type { ApiDeps } from '../deps.ts'
import { openPerson, subjectParams, unknownSubject } from '../people/person-access.ts'
import { route } from '../route.ts'

/** GET /v1/subjects/{id}/consents: where each purpose stands, and every event that led there. */
export const subjectConsents = (deps: Pick<ApiDeps, 'decisions' | 'events' | 'people' | 'clock'>) =>
  route({
    method: 'get',
    path: '/v1/subjects/{id}/consents',
    access: { scope: 'consents:read' },
    tag: 'Consents',
    summary: 'State and history of a subject',
    params: subjectParams,
    response: z.looseObject({ id: z.string(), state: z.array(z.unknown()), history: z.array(z.unknown()) }),
    handle: async ({ principal, params }) => {
      const { organisationId } = principal
      const { decisions, events } = deps
      const id = await openPerson(deps, principal, params.id)
      const state = decisions.state(organisationId, id)
      if (state === undefined) throw unknownSubject()
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
