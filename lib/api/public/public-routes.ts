import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { z } from '@hono/zod-openapi'
import { createSubjectTokens, type DeviceToken } from '../../auth/subject-tokens.ts'
import type { Question } from '../../decisions/decisions.ts'
import { because } from '../../domain/because.ts'
import type { Decision } from '../../domain/decision.ts'
import { AssentError } from '../../domain/errors.ts'
import type { Identifier } from '../../domain/identifier.ts'
import { formatRevision } from '../../domain/revision.ts'
import type { Choice } from '../../ledger/ledger.ts'
import type { ApiDeps } from '../deps.ts'
import { peerAddress } from '../peer-address.ts'
import { type Route, route } from '../route.ts'
import { purpose, text } from '../schemas/fields.ts'
import {
  type DeviceView,
  honouredForGpc,
  isAsked,
  namedPurposes,
  pickLocale,
  purposeBody,
  textOf,
  viewOf,
} from './device-view.ts'
import { addressPrefix, RateLimit } from './rate-limit.ts'
import { UsedOnce } from './used-once.ts'

const mintsAMinute = 120
const writesAMinute = 60
const refusals: ReadonlySet<string> = new Set([
  'consent_denied',
  'consent_withdrawn',
  'objected',
  'opted_out',
  'gpc_opt_out',
  'child_refused',
])

const params = z.object({ property: z.string().max(63) })
const stateSchema = z.object({
  purposes: z.array(
    z.object({
      key: z.string(),
      state: z.enum(['granted', 'refused', 'never_asked', 'always_on']),
      since: z.iso.datetime().nullable(),
    }),
  ),
  revision: z.string(),
})

/** Only the exact value 1 counts; of several header lines, any (Global Privacy Control). */
export function sendsGpc(request: IncomingMessage): boolean {
  return (
    request.headersDistinct['sec-gpc']?.some((value) =>
      value.split(',').some((part) => part.trim() === '1'),
    ) ?? false
  )
}

/**
 * What a browser may ask and say for its own device on one property. It acts by bearer tokens, never cookies; a
 * token is bound to property and origin, is minted only against what was shown, and names no other device.
 */
export function publicRoutes(deps: ApiDeps): readonly Route[] {
  const { decisions, ledger, clock } = deps
  const organisationId = deps.publicOrganisation
  const tokens = createSubjectTokens({
    tokenKey: deps.keys.subjectToken,
    snapshotKey: deps.keys.snapshot,
    clock,
  })
  const minted = new UsedOnce(clock())
  const chosen = new UsedOnce(clock())
  const mints = new RateLimit(mintsAMinute)
  const writes = new RateLimit(writesAMinute)

  /** The page's origin, if the property allows it. Reading one's own site in the same origin names none. */
  function originOf(request: IncomingMessage, property: string): string {
    const allowed = decisions.policy(organisationId)?.properties.get(property)?.origins
    if (allowed === undefined) throw new AssentError('not_found', 'There is no such property.')
    const scheme = new URL(deps.publicUrl).protocol
    const own = request.method === 'GET' ? `${scheme}//${request.headers.host}` : undefined
    const origin = request.headers.origin ?? own
    if (origin !== undefined && allowed.includes(origin)) return origin
    throw new AssentError('origin_not_allowed', 'The property does not list the origin of this page.')
  }

  /** Echoes an allowed origin; everyone else's browser keeps the answer from the page. */
  function cors(request: IncomingMessage, { property }: z.output<typeof params>): Record<string, string> {
    const { origin } = request.headers
    const allowed = decisions.policy(organisationId)?.properties.get(property)?.origins
    const isAllowed = origin !== undefined && allowed?.includes(origin) === true
    return { Vary: 'Origin, Sec-GPC', ...(isAllowed ? { 'Access-Control-Allow-Origin': origin } : {}) }
  }

  async function deviceOf(
    request: IncomingMessage,
    property: string,
  ): Promise<DeviceToken & { subject: Identifier }> {
    const origin = originOf(request, property)
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
    if (bearer === undefined) throw new AssentError('token_invalid', 'A device token is needed.')
    const token = await tokens.readToken(bearer, property)
    if (token.origin !== origin) throw new AssentError('token_invalid', 'This token is another site’s.')
    const subject = { namespace: 'device', id: token.device }
    await hearGpc(request, subject, property)
    return { ...token, subject }
  }

  /** A signal switched on after a yes counts from the next page that is opened, not from the next choice. */
  async function hearGpc(request: IncomingMessage, subject: Identifier, property: string): Promise<void> {
    if (!sendsGpc(request)) return
    const subjectId = decisions.subjectOf(organisationId, subject)
    const known = subjectId === undefined ? undefined : decisions.state(organisationId, subjectId)
    if (known === undefined || known.gpc === null) await ledger.recordGpc(organisationId, subject, property)
  }

  function decide(property: string, subject: Identifier, key: string): Decision {
    const question: Question = {
      subjects: [subject],
      purpose: key,
      collectedAtMs: clock(),
      demandsCollectedAt: false,
      property,
      categories: null,
      recipient: null,
      regime: null,
      sourcePurpose: null,
    }
    return decisions.evaluate(organisationId, question).decision
  }

  function stateBody(view: DeviceView, subject: Identifier): z.output<typeof stateSchema> {
    return {
      purposes: namedPurposes(view).map((each) => {
        if (!isAsked(view, each)) return { key: each.key, state: 'always_on' as const, since: null }
        const { allowed, reason, basis } = decide(view.property, subject, each.key)
        const state = allowed ? 'granted' : refusals.has(reason) ? 'refused' : 'never_asked'
        const since =
          state === 'never_asked' || basis.atMs === null ? null : new Date(basis.atMs).toISOString()
        return { key: each.key, state, since } as const
      }),
      revision: formatRevision(decisions.revision()),
    }
  }

  async function record(
    view: DeviceView,
    subject: Identifier,
    said: {
      readonly choices: readonly Choice[]
      readonly notice: { key: string; version: number; locale: string } | null
      readonly experience?: { readonly key: string; readonly version: number } | null
      readonly method: string
      readonly request: IncomingMessage
      readonly once: string | null
    },
  ) {
    writes.count(`${view.property} ${subject.id}`, clock())
    const evidence = {
      method: said.method,
      user_agent: String(said.request.headers['user-agent'] ?? '').slice(0, 300),
      address_prefix: addressPrefix(peerAddress(said.request)),
      sec_gpc: sendsGpc(said.request),
    }
    const request = createHash('sha256').update(JSON.stringify(said.choices)).digest()
    await ledger.recordConsents(
      {
        organisationId,
        subject,
        property: view.property,
        notice: said.notice,
        regime: null,
        country: null,
        actor: 'subject',
        occurredAtMs: null,
        imported: false,
        namesGpcConflict: false,
        experience: said.experience ?? null,
        evidence,
        choices: said.choices,
      },
      said.once === null ? null : { principal: `device:${view.property}`, key: said.once, request },
    )
  }

  const shared = { access: 'public', tag: 'People', params, headers: cors } as const

  return [
    route({
      ...shared,
      method: 'get',
      path: '/v1/public/{property}/experience',
      summary: 'What is asked on a property, with a signed snapshot of it',
      query: z.object({ locale: text(35).optional() }),
      response: z.looseObject({ property: z.string(), snapshot: z.string() }),
      handle: async ({ params: { property }, query, request }) => {
        const origin = originOf(request, property)
        deps.sightings.saw(organisationId, { property, origin, seenAtMs: clock() })
        const view = viewOf(decisions, organisationId, property, null)
        const { definition } = view.notice
        const locales = Object.keys(definition.texts)
        const locale = pickLocale(locales, query.locale ?? 'en')
        const { title, body, withdrawal, rights, controller, contact } = textOf(view, locale)
        const notice = { key: definition.key, version: definition.version, locale }
        const { token, expiresAtMs } = await tokens.signSnapshot({
          property,
          origin,
          notice,
          experience: null,
        })
        const seen = sendsGpc(request)
        return {
          body: {
            property,
            locale,
            locales,
            controller,
            notice: { key: notice.key, version: notice.version, title, body, withdrawal, rights, contact },
            purposes: namedPurposes(view).map((each) => purposeBody(view, each, locale)),
            snapshot: token,
            expires_at: new Date(expiresAtMs).toISOString(),
            gpc: { seen, honoured_for: seen ? honouredForGpc(view) : [] },
          },
        }
      },
    }),
    route({
      ...shared,
      method: 'post',
      path: '/v1/public/{property}/tokens',
      summary: 'A token for a device that makes its first choice',
      body: z.object({ snapshot: text(4_096) }),
      response: z.object({ token: z.string(), device: z.string(), expires_at: z.iso.datetime() }),
      status: 201,
      handle: async ({ params: { property }, body, request }) => {
        const origin = originOf(request, property)
        mints.count(`${property} ${addressPrefix(peerAddress(request))}`, clock())
        const snapshot = await tokens.readSnapshot(body.snapshot, property)
        if (snapshot.origin !== origin)
          throw new AssentError('token_invalid', 'This snapshot is another site’s.')
        return minted.use(snapshot, async () => {
          const { token, device, expiresAtMs } = await tokens.mint(property, origin)
          return { status: 201, body: { token, device, expires_at: new Date(expiresAtMs).toISOString() } }
        })
      },
    }),
    route({
      ...shared,
      method: 'get',
      path: '/v1/public/{property}/consents',
      summary: 'Where each purpose stands for this device',
      response: stateSchema,
      handle: async ({ params: { property }, request }) => {
        const { subject } = await deviceOf(request, property)
        return { body: stateBody(viewOf(decisions, organisationId, property, subject), subject) }
      },
    }),
    route({
      ...shared,
      method: 'post',
      path: '/v1/public/{property}/consents',
      summary: 'Record what was said on this device',
      body: z.object({
        snapshot: text(4_096),
        choices: z
          .array(z.object({ purpose, act: z.enum(['grant', 'deny', 'withdraw']) }))
          .min(1)
          .max(100),
      }),
      response: stateSchema,
      status: 201,
      handle: async ({ params: { property }, body, request }) => {
        const { subject, origin } = await deviceOf(request, property)
        const snapshot = await tokens.readSnapshot(body.snapshot, property)
        if (snapshot.origin !== origin)
          throw new AssentError('token_invalid', 'This snapshot is another site’s.')
        return chosen.use(snapshot, async () => {
          const view = viewOf(decisions, organisationId, property, subject)
          await record(view, subject, {
            choices: body.choices,
            notice: snapshot.notice,
            experience: snapshot.experience,
            method: 'banner',
            request,
            once: snapshot.jti,
          })
          return {
            status: 201,
            body: stateBody(viewOf(decisions, organisationId, property, subject), subject),
          }
        })
      },
    }),
    route({
      ...shared,
      method: 'post',
      path: '/v1/public/{property}/withdraw-all',
      summary: 'Take back everything, in one call',
      body: z.looseObject({}),
      response: stateSchema,
      handle: async ({ params: { property }, request }) => {
        const { subject } = await deviceOf(request, property)
        const view = viewOf(decisions, organisationId, property, subject)
        const held = new Set(view.state?.rows.flatMap((row) => (row.grant === null ? [] : [row.purpose])))
        for (const each of namedPurposes(view)) {
          if (isAsked(view, each) && decide(property, subject, each.key).allowed) held.add(each.key)
        }
        if (held.size > 0) {
          await record(view, subject, {
            choices: [...held].sort().map((key) => ({ purpose: key, act: 'withdraw' })),
            notice: null,
            method: 'withdraw-all',
            request,
            once: null,
          })
        }
        return { body: stateBody(viewOf(decisions, organisationId, property, subject), subject) }
      },
    }),
    route({
      ...shared,
      method: 'post',
      path: '/v1/public/{property}/check',
      summary: 'What a pipeline would be told about this device, now',
      body: z.object({ purpose }),
      response: z.object({ allowed: z.boolean(), reason: z.string(), because: z.string() }),
      handle: async ({ params: { property }, body, request }) => {
        const { subject } = await deviceOf(request, property)
        const decision = decide(property, subject, body.purpose)
        return {
          body: { allowed: decision.allowed, reason: decision.reason, because: because(decision) },
        }
      },
    }),
  ]
}
