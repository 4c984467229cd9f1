import { z } from '@hono/zod-openapi'
import { AssentError } from '../../domain/errors.ts'
import type { SubjectEvent } from '../../domain/events.ts'
import type { Identifier } from '../../domain/identifier.ts'
import type { SubjectId } from '../../domain/ids.ts'
import type { ApiDeps } from '../deps.ts'
import { peerAddress } from '../peer-address.ts'
import { type Route, route } from '../route.ts'
import type { Callers } from './callers.ts'
import { viewOf } from './device-view.ts'
import { addressPrefix, RateLimit } from './rate-limit.ts'
import { asksAge } from './steps.ts'

const answersAMinute = 10
const networkAnswersAMinute = 60
const dayMs = 86_400_000
const yearMs = 365.25 * dayMs

/** How old she is, where a yes counts only from someone whose age is known. */
export function ageRoutes(deps: ApiDeps, { subjectOf, placeOf, cors }: Callers): readonly Route[] {
  const { decisions, ledger, persons, clock } = deps
  const organisationId = deps.publicOrganisation
  const answers = new RateLimit(answersAMinute)
  const networkAnswers = new RateLimit(networkAnswersAMinute)
  /** The last answer under way, by whose: two at once are held to one another. */
  const underWay = new Map<string, Promise<void>>()

  /** As old as all her answers let her be: who tries again higher is as old as she said first, and the years since. */
  async function mayBe(age: number, subjectId: SubjectId | undefined): Promise<boolean> {
    if (subjectId === undefined) return true
    const recorded = await persons.events(organisationId, subjectId)
    return recorded.every(({ event }) => age <= oldestAfter(event, clock()))
  }

  async function hear(subject: Identifier, age: number): Promise<void> {
    const subjectId = decisions.subjectOf(organisationId, subject)
    const known = subjectId === undefined ? undefined : decisions.state(organisationId, subjectId)?.age
    const isKnown = known?.atLeast === age && known.below === age + 1
    if (isKnown || !(await mayBe(age, subjectId))) return
    await ledger.recordFact(organisationId, subject, { act: 'age_stated', atLeast: age, below: age + 1 })
  }

  return [
    route({
      access: 'public',
      tag: 'People',
      params: z.object({ property: z.string().max(63) }),
      headers: cors,
      method: 'post',
      path: '/v1/public/{property}/age',
      summary: 'Say how old she is, in years, where it is asked',
      description:
        'Only the years are kept. A lower answer counts at any time; a higher one only as far as the years since the earlier ones allow, and it is answered alike. `not_found` where nobody is asked.',
      body: z.object({ age: z.int().min(0).max(130) }),
      response: z.object({ recorded: z.literal(true) }),
      handle: async ({ params: { property }, body: { age }, request }) => {
        const { subject } = await subjectOf(request, property)
        const name = `${subject.namespace}:${subject.id}`
        answers.count(`${property} ${name}`, clock())
        networkAnswers.count(`${property} ${addressPrefix(peerAddress(request))}`, clock())
        const view = viewOf(decisions, organisationId, property, { subject, place: placeOf(request) })
        if (!asksAge(view)) throw new AssentError('not_found', 'Nobody’s age is asked here.')
        const before = underWay.get(name)?.catch(() => undefined)
        const work = (before ?? Promise.resolve()).then(() => hear(subject, age))
        underWay.set(name, work)
        await work.finally(() => {
          if (underWay.get(name) === work) underWay.delete(name)
        })
        return { body: { recorded: true } }
      },
    }),
  ]
}

/** The most years that one earlier answer leaves: those since, and a birthday once the day has passed. */
function oldestAfter({ body, recordedAtMs }: SubjectEvent, nowMs: number): number {
  if (body.act !== 'age_stated' || body.below === null) return Number.POSITIVE_INFINITY
  const sinceMs = nowMs - recordedAtMs
  return body.below - 1 + Math.floor(sinceMs / yearMs) + (sinceMs >= dayMs ? 1 : 0)
}
