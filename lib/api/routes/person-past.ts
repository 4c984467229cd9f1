import { z } from '@hono/zod-openapi'
import { answersAt, type Changed, changedBy } from '../../domain/answers-at.ts'
import { AssentError } from '../../domain/errors.ts'
import { type Moment, momentsOfChange } from '../../domain/moments-of-change.ts'
import { parseInstant } from '../../domain/parse-instant.ts'
import type { Past } from '../../domain/past.ts'
import type { Principal } from '../authenticate.ts'
import type { ApiDeps } from '../deps.ts'
import { answerBody, changedBody, shownWith, timelineBody } from '../people/past-bodies.ts'
import { collect, pastOf, questionsOf } from '../people/past-of.ts'
import { openPerson, subjectParams } from '../people/person-access.ts'
import { route } from '../route.ts'
import { instant } from '../schemas/fields.ts'
import { pastQuery, personAnswers, personMoments, personTimeline } from '../schemas/people.ts'

type Deps = Pick<ApiDeps, 'decisions' | 'people' | 'persons' | 'clock'>

const aheadMs = 5_000
const iso = (atMs: number) => new Date(atMs).toISOString()

/** A person's past: what was recorded, what it changed, and what was answered at any moment. */
export const personPastRoutes = (deps: Deps) => [timeline(deps), answers(deps), moments(deps)]

/** A subject's past and the questions about it, for who may look at her. */
async function look(
  deps: Deps,
  principal: Principal,
  given: string,
  { property, collected_at }: z.output<typeof pastQuery>,
) {
  const id = await openPerson(deps, principal, given)
  const read = await pastOf(deps, principal.organisationId, id)
  const collectedAtMs = collected_at === undefined ? null : instantOf(collected_at, 'collected_at')
  const questions = questionsOf(read.past, read.nowMs, collectedAtMs, property ?? null)
  return { ...read, id, questions, collectedAtMs }
}

function instantOf(text: string, name: string): number {
  const atMs = parseInstant(text)
  if (atMs !== undefined && atMs >= 0) return atMs
  throw new AssentError('parameter_invalid', `${name} must be a time with a zone, or a date.`, {
    pointer: `/${name}`,
  })
}

/** GET /v1/subjects/{id}/timeline. */
const timeline = (deps: Deps) =>
  route({
    method: 'get',
    path: '/v1/subjects/{id}/timeline',
    access: { scope: 'consents:read' },
    tag: 'People',
    summary: 'What was recorded of a subject, with the words shown and what each event changed',
    description:
      'The newest events, in order. The words are those that were published, in the locale shown. Evidence is sealed: ask for it with POST …/events/{seq}/evidence.',
    params: subjectParams,
    query: pastQuery.extend({
      before: z.coerce.number().int().min(1).optional().openapi({ description: 'A sequence number.' }),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    response: personTimeline,
    handle: async ({ principal, params, query }) => {
      const { id, past, recorded, questions } = await look(deps, principal, params.id, query)
      const { before = Number.POSITIVE_INFINITY, limit } = query
      const until = recorded.findIndex(({ event }) => event.seq >= before)
      const end = until < 0 ? recorded.length : until
      const from = Math.max(0, end - limit)
      const shown = recorded.slice(from, end)
      const changes = await collect(eachChanged(past, from, end, questions))
      const notices = shown.flatMap((each) => shownWith(each) ?? [])
      return {
        body: {
          id,
          events: shown.map((each, index) => timelineBody(past, from + index, each, changes[index] ?? [])),
          words: await deps.persons.words(principal.organisationId, [
            ...new Map(notices.map((each) => [JSON.stringify(each), each])).values(),
          ]),
          before: from === 0 ? null : (shown[0]?.event.seq ?? null),
        },
      }
    },
  })

function* eachChanged(
  past: Past,
  from: number,
  end: number,
  questions: Parameters<typeof changedBy>[2],
): Generator<readonly Changed[]> {
  for (let index = from; index < end; index += 1) yield changedBy(past, index, questions)
}

/** GET /v1/subjects/{id}/answers?at=. */
const answers = (deps: Deps) =>
  route({
    method: 'get',
    path: '/v1/subjects/{id}/answers',
    access: { scope: 'audit:read' },
    tag: 'People',
    summary: 'What was answered about a subject at a moment',
    description:
      'By the same decision that answers now, twice: from what had been recorded by that moment, and from what has been recorded since as well (a no told late acts from when it was said). Of the past alone: filters, runs and snapshots never ask it.',
    params: subjectParams,
    query: pastQuery.extend({ at: instant.optional().openapi({ description: 'Left out: now.' }) }),
    response: personAnswers,
    handle: async ({ principal, params, query }) => {
      const { id, past, nowMs, questions, collectedAtMs } = await look(deps, principal, params.id, query)
      const atMs = query.at === undefined ? nowMs : instantOf(query.at, 'at')
      if (atMs > nowMs + aheadMs) {
        throw new AssentError('parameter_invalid', 'at lies in the future: nothing was answered then.', {
          pointer: '/at',
        })
      }
      const [then, now] = (['then', 'now'] as const).map((known) => answersAt(past, atMs, known, questions))
      return {
        body: {
          ...{ id, historical: true, at: iso(atMs) },
          collected_at: collectedAtMs === null ? null : iso(collectedAtMs),
          answers: then!.map(({ question: { purpose, property }, decision }, index) => ({
            ...{ purpose, property },
            as_known_then: answerBody(decision),
            as_known_now: answerBody(now![index]!.decision),
          })),
        },
      }
    },
  })

/** GET /v1/subjects/{id}/moments. */
const moments = (deps: Deps) =>
  route({
    method: 'get',
    path: '/v1/subjects/{id}/moments',
    access: { scope: 'audit:read' },
    tag: 'People',
    summary: 'Every moment until now that changed an answer about a subject',
    description:
      'By an event, a change of configuration, an expiry, the end of a retention. Between two neighbours no answer differs.',
    params: subjectParams,
    query: pastQuery,
    response: personMoments,
    handle: async ({ principal, params, query }) => {
      const { id, past, nowMs, questions } = await look(deps, principal, params.id, query)
      const [then, now] = [
        await collect(momentsOfChange(past, 'then', questions, nowMs)),
        await collect(momentsOfChange(past, 'now', questions, nowMs)),
      ]
      const byTime = new Map<number, { knownThen?: Moment; knownNow?: Moment }>()
      for (const each of then) byTime.set(each.atMs, { knownThen: each })
      for (const each of now) byTime.set(each.atMs, { ...byTime.get(each.atMs), knownNow: each })
      return {
        body: {
          ...{ id, historical: true, until: iso(nowMs) },
          moments: [...byTime]
            .sort(([a], [b]) => a - b)
            .map(([atMs, found]) => ({
              at: iso(atMs),
              as_known_then: (found.knownThen?.changes ?? []).map(changedBody),
              as_known_now: (found.knownNow?.changes ?? []).map(changedBody),
            })),
        },
      }
    },
  })
