import { z } from '@hono/zod-openapi'
import { AssentError } from '../../domain/errors.ts'
import { parseIdentifier } from '../../domain/identifier.ts'
import type { SubjectId } from '../../domain/ids.ts'
import { parseInstant } from '../../domain/parse-instant.ts'
import { change, receive } from '../../domain/request-changes.ts'
import type { ApiDeps } from '../deps.ts'
import { doerOf } from '../people/person-access.ts'
import { positionOf, positionText, requestBody } from '../people/request-bodies.ts'
import { route } from '../route.ts'
import {
  requestChange,
  requestHistory,
  requestReceived,
  requestShown,
  requestsQuery,
  requestTexts,
} from '../schemas/requests.ts'

type Deps = Pick<ApiDeps, 'requests' | 'texts' | 'decisions' | 'clock'>

const params = z.object({ id: z.string().max(64) })
export const unknownRequest = () => new AssentError('not_found', 'There is no such request.')
const tag = 'Requests'
const reads = { tag, access: { scope: 'consents:read' } } as const
const writes = { tag, access: { scope: 'consents:write' } } as const

/** The register of what people ask for: what, since when, until when, and what came of it. */
export const requestRoutes = (deps: Deps) => [
  listRequests(deps),
  receiveRequest(deps),
  findRequest(deps),
  changeRequest(deps),
  readRequest(deps),
]

const listRequests = ({ requests, clock }: Deps) =>
  route({
    ...reads,
    method: 'get',
    path: '/v1/requests',
    summary: 'Requests, the open ones first, by when they must be answered',
    query: requestsQuery,
    response: z.object({
      requests: z.array(requestShown),
      next: z.string().nullable(),
      open: z.int().openapi({ description: 'Of all requests.' }),
      overdue: z.int(),
    }),
    handle: async ({ principal: { organisationId }, query }) => {
      const { state, kind, overdue, subject, after, limit } = query
      const nowMs = clock()
      const isSubject = subject === undefined || /^sub_[0-9a-f]{32}$/.test(subject)
      const [found, counts] = await Promise.all([
        isSubject
          ? requests.list(
              organisationId,
              {
                ...(state && { state }),
                ...(kind && { kind }),
                ...(subject && { subjectId: subject as SubjectId }),
                ...(overdue && { overdueAtMs: nowMs }),
              },
              { after: after === undefined ? null : positionOf(after), limit },
            )
          : [],
        requests.count(organisationId, nowMs),
      ])
      const last = found.at(-1)
      return {
        body: {
          requests: found.map((each) => requestBody(each, nowMs)),
          next: last === undefined || found.length < limit ? null : positionText(last),
          ...counts,
        },
      }
    },
  })

const receiveRequest = ({ requests, texts, decisions, clock }: Deps) =>
  route({
    ...writes,
    method: 'post',
    path: '/v1/requests',
    summary: 'Register what a person asks for',
    description:
      'Its clock begins on the day it was received: one month, 45 days or 15 business days, by regime and kind. Who asks and what she wrote are sealed.',
    body: requestReceived,
    response: requestShown,
    status: 201,
    handle: async ({ principal, body }) => {
      const { organisationId } = principal
      const nowMs = clock()
      const { kind, regime, subject, text } = body
      const receivedAtMs = body.received_at === undefined ? nowMs : parseInstant(body.received_at)
      if (receivedAtMs === undefined || receivedAtMs < 0) {
        throw new AssentError('body_invalid', '/received_at must be a time with a zone, or a date.', {
          pointer: '/received_at',
        })
      }
      const facts = receive({ kind, regime, receivedAtMs }, nowMs)
      const identifier = subject === undefined ? null : parseIdentifier(subject)!
      const made = await requests.create(
        organisationId,
        {
          facts,
          subjectId: identifier === null ? null : (decisions.subjectOf(organisationId, identifier) ?? null),
          namespace: identifier?.namespace ?? null,
          sealedIdentifier: identifier === null ? null : texts.seal(identifier),
          detail: { kind, regime, due_at: new Date(facts.dueAtMs).toISOString() },
          sealedText: text === undefined ? null : texts.seal({ text }),
        },
        doerOf(principal, { clock }),
      )
      return { status: 201, body: requestBody(made, nowMs) }
    },
  })

const findRequest = ({ requests, clock }: Deps) =>
  route({
    ...reads,
    method: 'get',
    path: '/v1/requests/{id}',
    summary: 'One request and its history',
    params,
    response: requestHistory,
    handle: async ({ principal: { organisationId }, params: { id } }) => {
      const found = await requests.find(organisationId, id)
      if (found === undefined) throw unknownRequest()
      const history = await requests.history(organisationId, id)
      return {
        body: {
          ...requestBody(found, clock()),
          history: history.map(({ atMs, ...same }) => ({ ...same, at: new Date(atMs).toISOString() })),
        },
      }
    },
  })

const changeRequest = ({ requests, texts, clock }: Deps) =>
  route({
    ...writes,
    method: 'post',
    path: '/v1/requests/{id}/changes',
    summary: 'Extend, answer, refuse, withdraw or reopen a request, or note something',
    description:
      'Of two changes to the same revision the second is a `conflict`, and writes nothing. Extended once at most, while the first term runs. An answer and a refusal need proof of the reply.',
    params,
    body: requestChange,
    response: requestShown,
    handle: async ({ principal, params: { id }, body }) => {
      const { organisationId } = principal
      const { revision, text, proof } = body
      const by = doerOf(principal, { clock })
      const changed = await requests.change(
        organisationId,
        id,
        revision,
        (request) => {
          const facts = change(request, body.change, by.atMs)
          const { extendedUntilMs } = facts
          return {
            facts,
            change: body.change,
            detail:
              body.change === 'extend' && extendedUntilMs !== null
                ? { until: new Date(extendedUntilMs).toISOString() }
                : {},
            sealedText: text === undefined && proof === undefined ? null : texts.seal({ text, proof }),
            ...(proof === undefined
              ? {}
              : { proofSha256: proof.sha256 === undefined ? null : Buffer.from(proof.sha256, 'hex') }),
          }
        },
        by,
      )
      if (changed === 'unknown') throw unknownRequest()
      if (changed === 'conflict') {
        throw new AssentError('conflict', 'Someone changed this request since you read it.')
      }
      return { body: requestBody(changed, by.atMs) }
    },
  })

/** Reading is an act: a POST. */
const readRequest = ({ requests, texts, clock }: Deps) =>
  route({
    ...reads,
    method: 'post',
    path: '/v1/requests/{id}/texts',
    summary: 'Who asks, and what was written',
    description: 'Written down as `request_read`.',
    params,
    response: requestTexts,
    handle: async ({ principal, params: { id } }) => {
      const found = await requests.readTexts(principal.organisationId, id, doerOf(principal, { clock }))
      if (found === undefined) throw unknownRequest()
      const identifier = found.identifier === null ? null : texts.open(found.identifier)
      return {
        body: {
          identifier: identifier === null ? null : `${identifier.namespace}:${identifier.id}`,
          texts: found.texts.map(({ revision, sealed }) => ({ revision, ...texts.open(sealed) })),
        },
      }
    },
  })
