import type { IncomingMessage } from 'node:http'
import { z } from '@hono/zod-openapi'
import type { createSubjectTokens } from '../../auth/subject-tokens.ts'
import { AssentError } from '../../domain/errors.ts'
import type { ApiDeps } from '../deps.ts'
import { peerAddress } from '../peer-address.ts'
import { type Route, route } from '../route.ts'
import { text } from '../schemas/fields.ts'
import { type Callers, sendsGpc } from './callers.ts'
import { pickLocale, viewOf } from './device-view.ts'
import { experienceBody, isHeld, type Tagged, tagged } from './experience-body.ts'
import { inTurn } from './in-turn.ts'
import { addressPrefix, RateLimit } from './rate-limit.ts'

const mintsAMinute = 120
const keptMax = 1_000
const servingBody = z.object({ serving: text(4_096) })

/** Nobody looks at it yet (Fetch, `Sec-Purpose`). */
const isPrefetch = ({ headers }: IncomingMessage) => headers['sec-purpose']?.includes('prefetch') ?? false

/** What a property asks, and the tokens of devices that are about to answer. */
export function experienceRoutes(
  deps: ApiDeps,
  tokens: ReturnType<typeof createSubjectTokens>,
  { originOf, cors, subjectOf, placeOf }: Callers,
): readonly Route[] {
  const { decisions, clock } = deps
  const organisationId = deps.publicOrganisation
  const mints = new RateLimit(mintsAMinute)
  // By what makes it differ; made anew when the configuration or the signature's hour is another.
  let kept = new Map<string, Promise<Tagged>>()
  let keptFor: unknown

  /** Those who come while it is being made wait for the same. */
  function served(
    property: string,
    { locale: wanted, on }: { readonly locale?: string | undefined; readonly on?: 'page' | undefined },
    request: Parameters<typeof sendsGpc>[0],
  ): Promise<Tagged> {
    const policy = decisions.policy(organisationId)
    const step = Math.floor(clock() / 600_000)
    if (keptFor !== policy || kept.size >= keptMax) {
      kept = new Map()
      keptFor = policy
    }
    const found = viewOf(decisions, organisationId, property, { subject: null, place: placeOf(request) })
    const view = inTurn(found, clock())
    const gpc = sendsGpc(request)
    const locale = pickLocale(Object.keys(view.notice.definition.texts), wanted ?? 'en')
    const name = JSON.stringify([step, property, locale, on ?? '', gpc, view.regimes])
    const known = kept.get(name)
    if (known !== undefined) return known
    const making = experienceBody(view, tokens, { locale, gpc, isPage: on === 'page' }).then(tagged)
    const holder = kept
    holder.set(name, making)
    making.catch(() => holder.delete(name))
    return making
  }

  /** A snapshot for what was served: it names the origin, and serves one choice. */
  async function snapshotFor(serving: string, property: string, origin: string): Promise<string> {
    const shown = await tokens.readServing(serving, property)
    return (await tokens.signSnapshot({ ...shown, origin })).token
  }

  const shared = {
    access: 'public',
    tag: 'People',
    params: z.object({ property: z.string().max(63) }),
    headers: cors,
  } as const

  return [
    route({
      ...shared,
      method: 'get',
      path: '/v1/public/{property}/experience',
      summary: 'What is asked on a property, signed',
      description:
        'The same for everyone who sees the property alike, so that a cache may hold it: it has an ETag, and varies by the headers that `Vary` names.',
      query: z.object({
        locale: text(35).optional(),
        on: z.enum(['page']).optional().openapi({
          description:
            'page: the preference page, where what needs a step more (`step`) can be answered as well. Elsewhere that is not asked.',
        }),
      }),
      response: z.looseObject({ property: z.string(), serving: z.string() }),
      handle: async ({ params: { property }, query, request }) => {
        const origin = originOf(request, property)
        if (!isPrefetch(request)) deps.sightings.saw(organisationId, { property, origin, seenAtMs: clock() })
        const { json, etag } = await served(property, query, request)
        const headers = { ETag: etag, 'Cache-Control': 'public, max-age=60' }
        return isHeld(request.headers['if-none-match'], etag)
          ? { status: 304, headers, json: '' }
          : { headers, json }
      },
    }),
    route({
      ...shared,
      method: 'post',
      path: '/v1/public/{property}/tokens',
      summary: 'A token for a device that makes its first choice, and a snapshot for that choice',
      body: servingBody,
      response: z.object({
        token: z.string(),
        device: z.string(),
        expires_at: z.iso.datetime(),
        snapshot: z.string(),
      }),
      status: 201,
      handle: async ({ params: { property }, body, request }) => {
        const origin = originOf(request, property)
        mints.count(`${property} ${addressPrefix(peerAddress(request))}`, clock())
        const snapshot = await snapshotFor(body.serving, property, origin)
        const { token, device, expiresAtMs } = await tokens.mint(property, origin)
        const expires_at = new Date(expiresAtMs).toISOString()
        return { status: 201, body: { token, device, expires_at, snapshot } }
      },
    }),
    route({
      ...shared,
      method: 'post',
      path: '/v1/public/{property}/tokens/renewals',
      summary: 'Change a device’s token for one that begins anew',
      description:
        'For the same device, property and site. The token must not have run out, and still serves until it does.',
      body: z.looseObject({}),
      response: z.object({ token: z.string(), device: z.string(), expires_at: z.iso.datetime() }),
      status: 201,
      handle: async ({ params: { property }, request }) => {
        const known = await subjectOf(request, property)
        mints.count(`${property} ${addressPrefix(peerAddress(request))}`, clock())
        if (known.knownBy !== 'device')
          throw new AssentError('token_invalid', 'Only a device’s own token is renewed.')
        const { token, expiresAtMs } = await tokens.renew(known)
        const expires_at = new Date(expiresAtMs).toISOString()
        return { status: 201, body: { token, device: known.subject.id, expires_at } }
      },
    }),
    route({
      ...shared,
      method: 'post',
      path: '/v1/public/{property}/snapshots',
      summary: 'A snapshot of what was served, for one choice of whoever has a token',
      body: servingBody,
      response: z.object({ snapshot: z.string() }),
      status: 201,
      handle: async ({ params: { property }, body, request }) => {
        const { origin } = await subjectOf(request, property)
        mints.count(`${property} ${addressPrefix(peerAddress(request))}`, clock())
        return { status: 201, body: { snapshot: await snapshotFor(body.serving, property, origin) } }
      },
    }),
  ]
}
