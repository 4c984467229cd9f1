import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Decisions } from '../decisions/decisions.ts'
import { IdResolver, type ResolvedIds, reasonCodes } from '../decisions/filter/resolve-ids.ts'
import { AssentError } from '../domain/errors.ts'
import { formatInstant } from '../domain/format-instant.ts'
import { makeIdentifier } from '../domain/identifier.ts'
import { permitReasons } from '../domain/reasons.ts'
import { formatRevision } from '../domain/revision.ts'
import type { Authenticator } from './authenticate.ts'
import type { KeyLimits } from './limits/key-limits.ts'
import type { Metrics } from './metrics.ts'
import { problemOf } from './problem.ts'
import { pump } from './pump.ts'
import { oneOf, parameterInvalid, readTerms, termParameters } from './read-terms.ts'

const parameters: ReadonlySet<string> = new Set([...termParameters, 'namespace', 'by', 'with_subject'])

/**
 * `POST /v1/resolve`: ids of one namespace, or subjects' own, by line in, a record of fixed width out for each (see `IdResolver`), so that
 * a join over millions of rows asks once a subject. What the codes mean is in the head of the answer. Whatever fails
 * after the first byte breaks the connection; the caller counts records.
 */
export function resolveRoute(options: {
  readonly decisions: Decisions
  readonly authenticator: Authenticator
  readonly limits: KeyLimits
  readonly metrics: Metrics
  readonly publicUrl: string
  readonly clock: () => number
  readonly log: { readonly warn: (what: object, message: string) => void }
}): (request: IncomingMessage, response: ServerResponse) => void {
  const { decisions, authenticator, limits, metrics, clock, log } = options

  async function run(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { organisationId, name } = authenticator.key(request.headers.authorization, 'decisions:read')
    checkType(request)
    if (!decisions.isReady()) throw new AssentError('not_ready', 'This node cannot answer now.')
    const query = new URL(request.url ?? '', 'http://localhost').searchParams
    const terms = readTerms(query, parameters, decisions.policy(organisationId))
    const ids = readIds(query)
    const withSubject = readFlag(query, 'with_subject')
    const resolver = new IdResolver(decisions.prepareSpans(organisationId, terms), ids, withSubject)
    const place = limits.open(name)
    response.on('close', place.close)
    response.writeHead(200, {
      'Content-Type': 'application/octet-stream',
      'Cache-Control': 'no-store',
      'Assent-Reasons': reasonCodes.join(','),
      'Assent-Permits': permitReasons.join(','),
      'Assent-Revision': formatRevision(decisions.revision()),
      'Assent-Decided-At': formatInstant(clock()),
      'X-Accel-Buffering': 'no',
    })
    response.flushHeaders()
    try {
      await pump(request, response, resolver, () => undefined, place)
      response.end()
    } catch (error) {
      log.warn({ err: error }, 'resolving was broken off')
      response.destroy()
      request.destroy()
    } finally {
      metrics.streamed('resolve', resolver.seen)
    }
  }

  return (request, response) => {
    run(request, response).catch((error: unknown) => {
      const problem = problemOf(error, options)
      metrics.failed('resolve', problem.status)
      // The rest of the body is not read: its sender is told to stop.
      response.writeHead(problem.status, { ...problem.headers, Connection: 'close' })
      response.end(problem.body)
    })
  }
}

function readIds(query: URLSearchParams): ResolvedIds {
  const by = oneOf(query, 'by')
  const namespace = oneOf(query, 'namespace')
  if (by !== null && by !== 'subject') throw parameterInvalid('by', 'must be subject, or not given')
  if (by !== null && namespace !== null)
    throw parameterInvalid('namespace', 'cannot be given with by=subject')
  if (by !== null) return { by: 'subject' }
  if (namespace === null) throw parameterInvalid('namespace', 'is missing: it says what the ids are')
  if (makeIdentifier(namespace, 'x') === undefined) throw parameterInvalid('namespace', 'is no namespace')
  return { namespace }
}

function readFlag(query: URLSearchParams, name: string): boolean {
  const value = oneOf(query, name)
  if (value !== null && value !== 'true' && value !== 'false') {
    throw parameterInvalid(name, 'must be true or false')
  }
  return value === 'true'
}

function checkType(request: IncomingMessage): void {
  const type = (request.headers['content-type'] ?? 'text/plain').split(';')[0]!.trim().toLowerCase()
  const isPlain = (request.headers['content-encoding'] ?? 'identity') === 'identity'
  if (isPlain && type === 'text/plain') return
  throw new AssentError('content_type_unsupported', 'The body must be text/plain in UTF-8, one id a line.')
}
