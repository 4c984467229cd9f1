import { z } from '@hono/zod-openapi'
import { parseIdentifier } from '../../domain/identifier.ts'
import type { ApiDeps } from '../deps.ts'
import {
  doerOf,
  knownSubject,
  openPerson,
  reasonMissing,
  reasonOf,
  subjectParams,
  unknownSubject,
  viewMs,
  viewReason,
} from '../people/person-access.ts'
import { route } from '../route.ts'
import { subject } from '../schemas/fields.ts'
import { person } from '../schemas/people.ts'

type Deps = Pick<ApiDeps, 'decisions' | 'people' | 'persons' | 'clock'>

const iso = (atMs: number | null) => (atMs === null ? null : new Date(atMs).toISOString())

/** Finding one person, saying why, and who she is here. Nobody can list them. */
export const peopleRoutes = (deps: Deps) => [lookup(deps), view(deps), findPerson(deps)]

/** POST /v1/subjects/lookup: identifiers do not travel in addresses, where logs would keep them. */
const lookup = (deps: Deps) =>
  route({
    method: 'post',
    path: '/v1/subjects/lookup',
    access: { scope: 'consents:read' },
    tag: 'People',
    summary: 'The random id of a subject',
    description:
      'A member says why, and may then look at this subject for an hour; each look is written down (`person_viewed`), a search without a find too. For API keys the reason is optional.',
    body: z.object({ subject, reason: viewReason.optional() }).openapi('LookupRequest'),
    response: z.object({ id: z.string().openapi({ example: 'sub_0f4c…' }) }).openapi('Lookup'),
    handle: async ({ principal, body }) => {
      const { organisationId, member } = principal
      const identifier = parseIdentifier(body.subject)!
      if (member !== undefined && body.reason === undefined) throw reasonMissing()
      const why = body.reason === undefined ? null : reasonOf(body.reason, [identifier])
      const id = deps.decisions.subjectOf(organisationId, identifier)
      const by = { ...doerOf(principal, deps), memberId: member?.id ?? null }
      if (id === undefined) {
        if (why !== null) await deps.people.act(organisationId, 'person_not_found', why, by)
        throw unknownSubject()
      }
      if (why !== null) await deps.people.view(organisationId, id, why, by)
      return { body: { id } }
    },
  })

/** POST /v1/subjects/{id}/views: the reason for looking at someone whose id is known already. */
const view = (deps: Deps) =>
  route({
    method: 'post',
    path: '/v1/subjects/{id}/views',
    access: { scope: 'consents:read' },
    tag: 'People',
    summary: 'Say why you look at a subject',
    description:
      'Written down as `person_viewed`. A member may look at this subject for an hour from then on.',
    params: subjectParams,
    body: z.object({ reason: viewReason }).openapi('ViewRequest'),
    response: z.object({ until: z.iso.datetime() }).openapi('View'),
    status: 201,
    handle: async ({ principal, params, body }) => {
      const { organisationId, member } = principal
      const id = knownSubject(deps, organisationId, params.id)
      const why = reasonOf(body.reason, await deps.persons.identifiers(organisationId, id))
      const by = { ...doerOf(principal, deps), memberId: member?.id ?? null }
      await deps.people.view(organisationId, id, why, by)
      return { status: 201, body: { until: iso(by.atMs + viewMs) } }
    },
  })

/** GET /v1/subjects/{id}: by what she is known, and with whom she is linked. */
const findPerson = (deps: Deps) =>
  route({
    method: 'get',
    path: '/v1/subjects/{id}',
    access: { scope: 'consents:read' },
    tag: 'People',
    summary: 'A subject’s identifiers and links',
    params: subjectParams,
    response: person,
    handle: async ({ principal, params }) => {
      const { organisationId, member, scopes } = principal
      const id = await openPerson(deps, principal, params.id)
      const state = deps.decisions.state(organisationId, id)
      if (state === undefined) throw unknownSubject()
      const maySeeClear = member !== undefined || scopes.includes('search:read')
      const identifiers = await deps.persons.identifiers(organisationId, id)
      const why =
        member === undefined
          ? undefined
          : await deps.people.viewSince(organisationId, id, member.id, deps.clock() - viewMs)
      return {
        body: {
          id,
          identifiers: identifiers.map((each) => ({ ...each, id: maySeeClear ? each.id : null })),
          links: await Promise.all(
            state.links.map(async ({ other, fromMs, untilMs }) => ({
              id: other,
              namespaces: (await deps.persons.identifiers(organisationId, other)).map(
                ({ namespace }) => namespace,
              ),
              ...{ since: iso(fromMs), until: iso(untilMs) },
            })),
          ),
          is_restricted: state.isRestricted,
          erased_before: iso(state.erasedBeforeMs),
          gpc_since: iso(state.gpc?.atMs ?? null),
          regimes: state.regimes,
          view: why === undefined ? null : { why: why.reason, note: why.note, until: iso(why.atMs + viewMs) },
        },
      }
    },
  })
