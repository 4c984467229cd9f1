import { z } from '@hono/zod-openapi'
import { answersAt } from '../../domain/answers-at.ts'
import { AssentError } from '../../domain/errors.ts'
import { type Identifier, parseIdentifier } from '../../domain/identifier.ts'
import { formatRevision } from '../../domain/revision.ts'
import type { Principal } from '../authenticate.ts'
import type { ApiDeps } from '../deps.ts'
import { answerBody, shownWith, timelineBody } from '../people/past-bodies.ts'
import { pastOf, questionsOf } from '../people/past-of.ts'
import { anIdentifierOf, doerOf, knownSubject, openPerson, subjectParams } from '../people/person-access.ts'
import { route } from '../route.ts'
import { revision, subject } from '../schemas/fields.ts'

type Deps = Pick<ApiDeps, 'decisions' | 'people' | 'persons' | 'clock' | 'ledger'>

/** What is done about one person; each is written down with who did it. */
export const personActRoutes = (deps: Deps) => [
  evidence(deps),
  exportPerson(deps),
  link(deps, 'post'),
  link(deps, 'delete'),
]

/** POST /v1/subjects/{id}/events/{seq}/evidence. */
const evidence = (deps: Deps) =>
  route({
    method: 'post',
    path: '/v1/subjects/{id}/events/{seq}/evidence',
    access: { scope: 'evidence:read' },
    tag: 'People',
    summary: 'Open what was sealed with an event',
    description: 'Written down as `evidence_viewed`.',
    params: subjectParams.extend({ seq: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) }),
    response: z
      .object({
        seq: z.int(),
        evidence: z.looseObject({}),
        matches_log: z.boolean().openapi({
          description: 'Whether the event and its salt give the hash that the log committed to.',
        }),
      })
      .openapi('Evidence'),
    handle: async ({ principal, params }) => {
      const { organisationId } = principal
      const id = await openPerson(deps, principal, params.id)
      const of = (await deps.persons.events(organisationId, id)).filter(
        ({ event }) => event.seq === params.seq,
      )
      const opened = (await deps.persons.evidence(organisationId, id, of)).get(params.seq)
      if (opened === undefined) {
        throw new AssentError(
          'not_found',
          'There is no such event of this subject, or its evidence was destroyed.',
        )
      }
      const detail = { subject: id, seq: String(params.seq) }
      await deps.people.act(organisationId, 'evidence_viewed', detail, doerOf(principal, deps))
      return {
        body: { seq: params.seq, evidence: opened.evidence, matches_log: opened.matchesLog },
      }
    },
  })

/** POST /v1/subjects/{id}/export: what GDPR Art. 15 gives a person a copy of. */
const exportPerson = (deps: Deps) =>
  route({
    method: 'post',
    path: '/v1/subjects/{id}/export',
    access: { scope: 'evidence:read' },
    tag: 'People',
    summary: 'Everything that is recorded of a subject, to hand out (GDPR Art. 15)',
    description:
      'Identifiers in clear, every event with its evidence, the words shown, and the answers of now. Written down as `person_exported`.',
    params: subjectParams,
    response: z.looseObject({ subject: z.string(), made_at: z.iso.datetime() }).openapi('PersonExport'),
    handle: async ({ principal, params }) => {
      const { organisationId } = principal
      const id = await openPerson(deps, principal, params.id)
      const { past, recorded, nowMs } = await pastOf(deps, organisationId, id)
      const [identifiers, opened, words] = await Promise.all([
        deps.persons.identifiers(organisationId, id),
        deps.persons.evidence(organisationId, id, recorded),
        deps.persons.words(
          organisationId,
          recorded.flatMap((each) => shownWith(each) ?? []),
        ),
      ])
      const now = answersAt(past, nowMs, 'now', questionsOf(past, nowMs, null, null))
      const links = deps.decisions.state(organisationId, id)?.links ?? []
      const body = {
        subject: id,
        made_at: new Date(nowMs).toISOString(),
        identifiers,
        linked_with: links.map(({ other, fromMs, untilMs }) => ({
          subject: other,
          since: new Date(fromMs).toISOString(),
          until: untilMs === null ? null : new Date(untilMs).toISOString(),
        })),
        events: recorded.map((each, index) => ({
          ...timelineBody(past, index, each, []),
          changed: undefined,
          evidence: opened.get(each.event.seq)?.evidence ?? null,
        })),
        words: [
          ...new Map(
            words.map((each) => [JSON.stringify([each.key, each.version, each.locale]), each]),
          ).values(),
        ],
        answers: now.map(({ question: { purpose, property }, decision }) => ({
          ...{ purpose, property, ...answerBody(decision) },
        })),
      }
      const detail = { subject: id, events: String(recorded.length) }
      await deps.people.act(organisationId, 'person_exported', detail, doerOf(principal, deps))
      return { body }
    },
  })

const linkBody = z
  .union([
    z.strictObject({ subject }),
    z.strictObject({ id: z.string().max(64).openapi({ description: 'The random id, where she is known.' }) }),
  ])
  .openapi('LinkRequest')

/** POST and DELETE /v1/subjects/{id}/links. */
const link = (deps: Deps, method: 'post' | 'delete') =>
  route({
    method,
    path: '/v1/subjects/{id}/links',
    access: { scope: 'consents:write' },
    tag: 'People',
    summary:
      method === 'post'
        ? 'Say that two identifiers are one person’s'
        : 'Say that two identifiers are not one person’s',
    description:
      method === 'post'
        ? 'What either refuses, the other refuses too, from then on and before; a yes never flows.'
        : 'What was refused while they were linked stays with both.',
    params: subjectParams,
    body: linkBody,
    response: z.object({ revision, other: z.string().nullable() }).openapi('Linked'),
    handle: async ({ principal, params, body }) => {
      const { organisationId } = principal
      const id = await openPerson(deps, principal, params.id)
      const [own, other] = await Promise.all([
        anIdentifierOf(deps, organisationId, id),
        otherOf(deps, principal, body),
      ])
      if (deps.decisions.subjectOf(organisationId, other) === id) {
        throw new AssentError('body_invalid', 'This is the same subject.', { pointer: '/subject' })
      }
      const write = method === 'post' ? deps.ledger.linkSubjects : deps.ledger.unlinkSubjects
      const done = await write.call(deps.ledger, organisationId, own, other)
      const otherId = deps.decisions.subjectOf(organisationId, other) ?? null
      await deps.people.act(
        organisationId,
        method === 'post' ? 'subjects_linked' : 'subjects_unlinked',
        { subject: id, ...(otherId === null ? {} : { other: otherId }) },
        doerOf(principal, deps),
      )
      return { body: { revision: formatRevision(done.revision), other: otherId } }
    },
  })

async function otherOf(
  deps: Deps,
  { organisationId }: Principal,
  body: z.output<typeof linkBody>,
): Promise<Identifier> {
  if ('subject' in body) return parseIdentifier(body.subject)!
  return anIdentifierOf(deps, organisationId, knownSubject(deps, organisationId, body.id))
}
