import type { IncomingMessage } from 'node:http'
import type { createSubjectTokens, ReadToken } from '../../auth/subject-tokens.ts'
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

  /** Those the property lists, and this installation's own: there is its preference page. */
  const isAllowed = (origin: string, property: PropertyKey) => {
    const listed = originsOf(property)
    return listed !== undefined && (listed.includes(origin) || origin === deps.publicUrl)
  }

  /** The page's origin, if the property allows it. Reading one's own site in the same origin names none. */
  function originOf(request: IncomingMessage, property: PropertyKey): string {
    if (originsOf(property) === undefined) throw new AssentError('not_found', 'There is no such property.')
    const scheme = new URL(deps.publicUrl).protocol
    const own = request.method === 'GET' ? `${scheme}//${request.headers.host}` : undefined
    const origin = request.headers.origin ?? own
    if (origin !== undefined && isAllowed(origin, property)) return origin
    throw new AssentError('origin_not_allowed', 'The property does not list the origin of this page.')
  }

  /** Echoes an allowed origin; everyone else's browser keeps the answer from the page. */
  function cors(
    request: IncomingMessage,
    { property }: { readonly property: PropertyKey },
  ): Record<string, string> {
    const { origin } = request.headers
    return {
      Vary: ['Origin', 'Sec-GPC', ...deps.places.variesBy].join(', '),
      ...(origin !== undefined && isAllowed(origin, property)
        ? { 'Access-Control-Allow-Origin': origin }
        : {}),
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

  /** The token of a request from one of the property's pages, and from no other site's. */
  async function tokenOf(
    request: IncomingMessage,
    property: PropertyKey,
    mayHaveRunOut = false,
  ): Promise<ReadToken | undefined> {
    const origin = originOf(request, property)
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
    if (bearer === undefined) return undefined
    const token = await tokens.readToken(bearer, property, mayHaveRunOut)
    if (token.origin !== origin) throw new AssentError('token_invalid', 'This token is another site’s.')
    return token
  }

  /**
   * For whom a request speaks: a device, or the user that its host or a link named. `isRefusal`: it only takes back, which
   * a device may with a token that has run out. Throws `origin_not_allowed`, `token_invalid`, `token_expired`.
   */
  async function subjectOf(
    request: IncomingMessage,
    property: PropertyKey,
    { isRefusal = false } = {},
  ): Promise<ReadToken> {
    const token = await tokenOf(request, property, isRefusal)
    if (token === undefined) throw new AssentError('token_invalid', 'A token is needed.')
    await hearGpc(request, token.subject, property)
    return token
  }

  return { originOf, cors, tokenOf, subjectOf, placeOf: deps.places.placeOf }
}

export type Callers = ReturnType<typeof createCallers>
