import type { IncomingMessage } from 'node:http'
import type { createSubjectTokens, DeviceToken } from '../../auth/subject-tokens.ts'
import { AssentError } from '../../domain/errors.ts'
import type { Identifier } from '../../domain/identifier.ts'
import type { PropertyKey } from '../../domain/ids.ts'
import type { ApiDeps } from '../deps.ts'

/** Only the exact value 1 counts; of several header lines, any (Global Privacy Control). */
export function sendsGpc(request: IncomingMessage): boolean {
  return (
    request.headersDistinct['sec-gpc']?.some((value) =>
      value.split(',').some((part) => part.trim() === '1'),
    ) ?? false
  )
}

/**
 * Who calls from a page, and for whom. A page acts by bearer tokens, never cookies; a token is bound to property and
 * origin.
 */
export function createCallers(deps: ApiDeps, tokens: ReturnType<typeof createSubjectTokens>) {
  const { decisions, ledger } = deps
  const organisationId = deps.publicOrganisation
  const originsOf = (property: PropertyKey) =>
    decisions.policy(organisationId)?.properties.get(property)?.origins

  /** The page's origin, if the property allows it. Reading one's own site in the same origin names none. */
  function originOf(request: IncomingMessage, property: PropertyKey): string {
    const allowed = originsOf(property)
    if (allowed === undefined) throw new AssentError('not_found', 'There is no such property.')
    const scheme = new URL(deps.publicUrl).protocol
    const own = request.method === 'GET' ? `${scheme}//${request.headers.host}` : undefined
    const origin = request.headers.origin ?? own
    if (origin !== undefined && allowed.includes(origin)) return origin
    throw new AssentError('origin_not_allowed', 'The property does not list the origin of this page.')
  }

  /** Echoes an allowed origin; everyone else's browser keeps the answer from the page. */
  function cors(
    request: IncomingMessage,
    { property }: { readonly property: PropertyKey },
  ): Record<string, string> {
    const { origin } = request.headers
    const isAllowed = origin !== undefined && originsOf(property)?.includes(origin) === true
    return {
      Vary: ['Origin', 'Sec-GPC', ...deps.places.variesBy].join(', '),
      ...(isAllowed ? { 'Access-Control-Allow-Origin': origin } : {}),
    }
  }

  /** A signal switched on after a yes counts from the next page that is opened, not from the next choice. */
  async function hearGpc(
    request: IncomingMessage,
    subject: Identifier,
    property: PropertyKey,
  ): Promise<void> {
    if (!sendsGpc(request)) return
    const subjectId = decisions.subjectOf(organisationId, subject)
    const known = subjectId === undefined ? undefined : decisions.state(organisationId, subjectId)
    if (known === undefined || known.gpc === null) await ledger.recordGpc(organisationId, subject, property)
  }

  /** Throws `origin_not_allowed`, `token_invalid`, `token_expired`. */
  async function deviceOf(
    request: IncomingMessage,
    property: PropertyKey,
  ): Promise<DeviceToken & { readonly subject: Identifier }> {
    const origin = originOf(request, property)
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
    if (bearer === undefined) throw new AssentError('token_invalid', 'A device token is needed.')
    const token = await tokens.readToken(bearer, property)
    if (token.origin !== origin) throw new AssentError('token_invalid', 'This token is another site’s.')
    const subject = { namespace: 'device', id: token.device }
    await hearGpc(request, subject, property)
    return { ...token, subject }
  }

  return { originOf, cors, deviceOf, placeOf: deps.places.placeOf }
}

export type Callers = ReturnType<typeof createCallers>
