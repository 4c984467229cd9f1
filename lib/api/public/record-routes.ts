import type { IncomingMessage } from 'node:http'
import { z } from '@hono/zod-openapi'
import type { SubjectToken } from '../../auth/subject-tokens.ts'
import type { Identifier } from '../../domain/identifier.ts'
import { receive } from '../../domain/request-changes.ts'
import { regimeOfRequest } from '../../domain/request-clocks.ts'
import { formatRevision } from '../../domain/revision.ts'
import type { SubjectState } from '../../domain/state.ts'
import { regimesFor } from '../../domain/territories.ts'
import type { RecordedEvent } from '../../ledger/person-reader.ts'
import { progressDays } from '../consumer-store.ts'
import type { ApiDeps } from '../deps.ts'
import { peerAddress } from '../peer-address.ts'
import { shownWith } from '../people/past-bodies.ts'
import { referenceOf } from '../people/request-bodies.ts'
import type { RequestListed } from '../people/request-store.ts'
import { type Route, route } from '../route.ts'
import { text } from '../schemas/fields.ts'
import type { Callers } from './callers.ts'
import { controllerOf, viewOf } from './device-view.ts'
import { addressPrefix, RateLimit } from './rate-limit.ts'
import { happenings, historyBody, isAbout, recordBody, wordsBody } from './record-bodies.ts'

const readsAMinute = 120
/** Of one network: many people, or one who makes up devices. */
const networkReadsAMinute = 1_200
const requestsAMinute = 10
const historyMax = 200
const dayMs = 86_400_000

const params = z.object({ property: z.string().max(63) })
const inLocale = z.object({ locale: text(35).default('en') })
const notice = z.object({ key: z.string(), version: z.int(), locale: z.string() })
const words = z.array(notice.extend({ sha256: z.string(), text: z.looseObject({}) }))

/**
 * What a person may read of what is recorded about her, and ask to have erased. By her own token alone: there is nothing
 * in these calls to name anyone else by.
 */
export function recordRoutes(deps: ApiDeps, { subjectOf, cors, placeOf }: Callers): readonly Route[] {
  const { decisions, persons, clock } = deps
  const organisationId = deps.publicOrganisation
  const reads = new RateLimit(readsAMinute)
  const networkReads = new RateLimit(networkReadsAMinute)
  const asks = new RateLimit(requestsAMinute)
  /** Requests that are being registered, by whose: two tabs ask once. */
  const registering = new Map<string, Promise<RequestListed>>()

  const nameOf = ({ namespace, id }: Identifier) => `${namespace}:${id}`

  /** Who reads, counted; with what is recorded of her here. */
  async function reader(request: IncomingMessage, property: string) {
    const token = await subjectOf(request, property)
    reads.count(`${property} ${nameOf(token.subject)}`, clock())
    networkReads.count(`${property} ${addressPrefix(peerAddress(request))}`, clock())
    const { subject } = token
    const view = viewOf(decisions, organisationId, property, { subject, place: placeOf(request) })
    return { token, view, subjectId: view.state?.subjectId }
  }

  async function recordedOf({ subjectId }: Pick<SubjectState, 'subjectId'>, property: string) {
    const recorded = await persons.events(organisationId, subjectId)
    return recorded.filter(({ event }) => isAbout(event, property))
  }

  const wordsOf = async (recorded: readonly RecordedEvent[]) => {
    const shown = recorded.flatMap((each) => shownWith(each) ?? [])
    return (await persons.words(organisationId, shown)).map(wordsBody)
  }

  /** The open request for her erasure, registered now where there is none. */
  async function erasureOf(
    { subject }: SubjectToken,
    request: IncomingMessage,
    contact: string | undefined,
  ): Promise<RequestListed> {
    const nowMs = clock()
    const subjectId = decisions.subjectOf(organisationId, subject) ?? null
    if (subjectId !== null) {
      const filter = { state: 'open', kind: 'erasure', subjectId } as const
      const [open] = await deps.requests.list(organisationId, filter, { after: null, limit: 1 })
      if (open !== undefined) return open
    }
    const policy = decisions.policy(organisationId)
    const place = placeOf(request)
    const claimed =
      policy === undefined || place === undefined
        ? []
        : (regimesFor(policy, place) ?? []).map(({ key }) => key)
    const regime = regimeOfRequest('erasure', claimed, nowMs)
    const facts = receive({ kind: 'erasure', regime, receivedAtMs: nowMs }, nowMs)
    return deps.requests.create(
      organisationId,
      {
        ...{ facts, subjectId, namespace: subject.namespace },
        sealedIdentifier: deps.texts.seal(subject),
        detail: { kind: 'erasure', regime, due_at: new Date(facts.dueAtMs).toISOString() },
        sealedText: contact === undefined ? null : deps.texts.seal({ text: contact }),
      },
      { actor: 'subject', atMs: nowMs },
    )
  }

  const shared = { access: 'public', tag: 'People', params, headers: cors } as const

  return [
    route({
      ...shared,
      method: 'get',
      path: '/v1/public/{property}/history',
      summary: 'What she chose, and when, with the words she was shown',
      description: `Newest first, at most ${historyMax}. Of this property, and of what holds everywhere.`,
      query: inLocale,
      response: z.object({
        history: z.array(
          z.object({
            seq: z.int(),
            at: z.iso.datetime(),
            what: z.enum(happenings),
            purposes: z.array(z.object({ key: z.string(), name: z.string() })),
            notice: notice.nullable(),
          }),
        ),
        words: words.openapi({ description: 'Each notice that is named, as it was published.' }),
      }),
      handle: async ({ params: { property }, query: { locale }, request }) => {
        const { view } = await reader(request, property)
        const recorded = view.state === undefined ? [] : await recordedOf(view.state, property)
        const told = recorded.slice(-historyMax).reverse()
        return {
          body: {
            history: told.flatMap((each) => historyBody(view, each, locale) ?? []),
            words: await wordsOf(told),
          },
        }
      },
    }),
    route({
      ...shared,
      method: 'get',
      path: '/v1/public/{property}/record',
      summary: 'Everything that is recorded of her choices here, to keep',
      description:
        'Each event with its place in the log’s chain, what was sealed with it, and the words that were shown.',
      query: inLocale,
      response: z.looseObject({
        property: z.string(),
        made_at: z.iso.datetime(),
        events: z.array(z.unknown()),
      }),
      handle: async ({ params: { property }, query: { locale }, request }) => {
        const { token, view, subjectId } = await reader(request, property)
        const recorded = view.state === undefined ? [] : await recordedOf(view.state, property)
        const opened =
          subjectId === undefined
            ? new Map<number, never>()
            : await persons.evidence(organisationId, subjectId, recorded)
        const body = {
          ...{ property, controller: controllerOf(view, locale), made_at: new Date(clock()).toISOString() },
          known_as: nameOf(token.subject),
          events: recorded.map((each) => recordBody(each, opened.get(each.event.seq)?.evidence)),
          words: await wordsOf(recorded),
        }
        const file = `attachment; filename="privacy-choices-${property}.json"`
        return { json: JSON.stringify(body, null, 2), headers: { 'Content-Disposition': file } }
      },
    }),
    route({
      ...shared,
      method: 'get',
      path: '/v1/public/{property}/stopped',
      summary: 'Which services have applied her last no',
      description:
        'By what they report at `PUT /v1/consumers/{name}`. `at` is null where it was not applied, or longer ago than times are kept.',
      response: z.object({
        since: z.iso
          .datetime()
          .nullable()
          .openapi({ description: 'Of her last no that stands; null for none.' }),
        revision: z.string().nullable(),
        services: z.array(
          z.object({ name: z.string(), has_applied: z.boolean(), at: z.iso.datetime().nullable() }),
        ),
      }),
      handle: async ({ params: { property }, request }) => {
        const { view } = await reader(request, property)
        const last = lastRefusal(view.state, property)
        if (last === undefined) return { body: { since: null, revision: null, services: [] } }
        const { epoch, log } = decisions.revision()
        const revision = { epoch, log, seq: last.seq }
        const hasTimes = last.atMs > clock() - progressDays * dayMs
        const services = await deps.consumers.applied(organisationId, revision)
        return {
          body: {
            since: new Date(last.atMs).toISOString(),
            revision: formatRevision(revision),
            services: services.map(({ name, description, hasApplied, appliedAtMs }) => ({
              ...{ name: description === '' ? name : description, has_applied: hasApplied },
              at: appliedAtMs === null || !hasTimes ? null : new Date(appliedAtMs).toISOString(),
            })),
          },
        }
      },
    }),
    route({
      ...shared,
      method: 'post',
      path: '/v1/public/{property}/erasure',
      summary: 'Ask for what is known about her to be erased',
      description: 'Registered with its due date. Asking again while it is open names the same request.',
      body: z.object({
        contact: text(300).optional().openapi({ description: 'How she can be reached about it; sealed.' }),
      }),
      response: z.object({ reference: z.string(), received_at: z.iso.datetime(), due_at: z.iso.datetime() }),
      status: 201,
      handle: async ({ params: { property }, body, request }) => {
        const { token } = await reader(request, property)
        const name = nameOf(token.subject)
        asks.count(`${property} ${name}`, clock())
        asks.count(`${property} ${addressPrefix(peerAddress(request))}`, clock())
        const work = registering.get(name) ?? erasureOf(token, request, body.contact)
        registering.set(name, work)
        const made = await work.finally(() => registering.delete(name))
        return {
          status: 201,
          body: {
            reference: referenceOf(made.id),
            received_at: new Date(made.receivedAtMs).toISOString(),
            due_at: new Date(made.extendedUntilMs ?? made.dueAtMs).toISOString(),
          },
        }
      },
    }),
  ]
}

/** Her last no on a property, or everywhere, that stands. */
function lastRefusal(
  state: SubjectState | undefined,
  property: string,
): { readonly seq: number; readonly atMs: number } | undefined {
  const standing = (state?.rows ?? [])
    .filter((row) => row.property === null || row.property === property)
    .flatMap(({ refusals }) => refusals)
  const all = state?.gpc ? [...standing, state.gpc] : standing
  return all.reduce<(typeof all)[number] | undefined>(
    (last, each) => (last === undefined || each.seq > last.seq ? each : last),
    undefined,
  )
}
