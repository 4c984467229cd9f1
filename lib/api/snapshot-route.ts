import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from '@hono/zod-openapi'
import { exportKeyOf } from '../auth/derive-keys.ts'
import type { FilterQuestion } from '../decisions/filter/record-filter.ts'
import { AssentError } from '../domain/errors.ts'
import { formatInstant } from '../domain/format-instant.ts'
import { formatRevision } from '../domain/revision.ts'
import { openIdentifiers } from '../ledger/known-identifiers.ts'
import type { SnapshotFormat } from '../snapshots/format.ts'
import { ndjsonFormat } from '../snapshots/ndjson-format.ts'
import { parquetFormat } from '../snapshots/parquet-format.ts'
import { type SnapshotTotals, takeSnapshot } from '../snapshots/take-snapshot.ts'
import type { Authenticator } from './authenticate.ts'
import type { ApiDeps } from './deps.ts'
import type { KeyLimits } from './limits/key-limits.ts'
import type { Metrics } from './metrics.ts'
import { problemOf } from './problem.ts'
import { oneOf, parameterInvalid, readTerms, termParameters } from './read-terms.ts'
import type { Route } from './route.ts'

/** `key` is no purpose here: it names the key of join keys. */
const snapshotPath = /^\/v1\/snapshots\/(?!key$)([^/]+)$/
/** Each opens every identifier: more at a time would only be slower. */
const underWayMax = 2
/** Where few permit anything there may be nothing to send for a while; longer than that, the connection is dead. */
const silenceMaxMs = 600_000

export function asksForSnapshot({ method, url = '/' }: IncomingMessage): boolean {
  const end = url.indexOf('?')
  return method === 'GET' && snapshotPath.test(end < 0 ? url : url.slice(0, end))
}

type Deps = Pick<
  ApiDeps,
  'decisions' | 'snapshots' | 'sealedIdentifiers' | 'keys' | 'signer' | 'clock' | 'publicUrl' | 'log'
> & { readonly authenticator: Authenticator; readonly limits: KeyLimits; readonly metrics: Metrics }

/**
 * `GET /v1/snapshots/{purpose}`: what may be used for a purpose, about everybody who was ever recorded, to be joined
 * with. Whatever fails after the first byte breaks the connection. The signed digest is stored before the last byte is
 * sent, under the id in `Assent-Snapshot-Id`.
 */
export function snapshotRoute(deps: Deps): (request: IncomingMessage, response: ServerResponse) => void {
  const { decisions, log } = deps
  let underWay = 0

  async function run(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { organisationId, name } = deps.authenticator.key(request.headers.authorization, 'snapshots:read')
    const asked = readAsked(request, deps, organisationId)
    if (!decisions.isReady()) throw new AssentError('not_ready', 'This node cannot answer now.')
    if (underWay >= underWayMax) {
      throw new AssentError('rate_limited', 'Two snapshots are being taken already; try again shortly.')
    }
    const place = deps.limits.open(name)
    underWay += 1
    try {
      await stream(request, response, organisationId, asked)
    } finally {
      underWay -= 1
      place.close()
    }
  }

  async function stream(
    request: IncomingMessage,
    response: ServerResponse,
    organisationId: Parameters<typeof exportKeyOf>[1],
    { terms, isWithDenied, makeFormat }: Asked,
  ): Promise<void> {
    const id = `snp_${randomBytes(16).toString('base64url')}`
    const { purpose, property } = terms
    const [from, nowMs] = [decisions.revision(), deps.clock()]
    const format = makeFormat({ snapshot: id, purpose, revision: formatRevision(from) })
    response.writeHead(200, {
      'Content-Type': format.contentType,
      'Cache-Control': 'no-store',
      'Assent-Snapshot-Id': id,
      'Assent-Revision': formatRevision(from),
      'Assent-Decided-At': formatInstant(nowMs),
      'X-Accel-Buffering': 'no',
    })
    response.flushHeaders()
    request.socket.setTimeout(silenceMaxMs)
    const closed = once(response, 'close').then(() => {
      throw new Error('the caller has gone')
    })
    closed.catch(() => undefined)
    try {
      const totals = await takeSnapshot({
        identifiers: openIdentifiers(deps.sealedIdentifiers, deps.keys.wrap, organisationId),
        spansOf: (subjectId) =>
          decisions.spansOf(organisationId, { ...terms, demandsCollectedAt: true }, subjectId),
        from,
        nowMs,
        exportKey: exportKeyOf(deps.keys, organisationId),
        purpose,
        property,
        isWithDenied,
        format,
        async send(bytes) {
          if (response.destroyed) throw new Error('the caller has gone')
          if (!response.write(bytes)) await Promise.race([once(response, 'drain'), closed])
        },
      })
      const signature = await deps.signer.sign(
        'assent-snapshot+jws',
        statementOf(id, deps.publicUrl, organisationId, format, terms, isWithDenied, totals),
      )
      await deps.snapshots.save(organisationId, { id, purpose, signature })
      response.end()
    } catch (error) {
      log.warn({ err: error, snapshot: id }, 'a snapshot was broken off')
      response.destroy()
      request.destroy()
    }
  }

  return (request, response) => {
    run(request, response).catch((error: unknown) => {
      const problem = problemOf(error, deps)
      deps.metrics.failed('snapshot', problem.status)
      if (problem.status === 500) log.warn({ err: error }, 'a snapshot could not begin')
      response.writeHead(problem.status, problem.headers)
      response.end(problem.body)
    })
  }
}

/** What is signed: enough to tell which question was answered, when, and that no byte is missing. */
function statementOf(
  id: string,
  issuer: string,
  organisation: string,
  format: SnapshotFormat,
  terms: FilterQuestion,
  isWithDenied: boolean,
  totals: SnapshotTotals,
) {
  const { rows, identifiers, bytes, sha256, revision, decidedAtMs, useUntilMs } = totals
  return {
    id,
    iss: issuer,
    organisation,
    purpose: terms.purpose,
    property: terms.property,
    categories: terms.categories,
    regime: terms.regime,
    recipient: terms.recipient,
    source_purpose: terms.sourcePurpose,
    denied: isWithDenied,
    format: format.name,
    rows,
    identifiers,
    bytes,
    sha256,
    revision: { from: formatRevision(revision.from), to: formatRevision(revision.to) },
    decided_at: { from: formatInstant(decidedAtMs.from), to: formatInstant(decidedAtMs.to) },
    use_until: useUntilMs === null ? null : formatInstant(useUntilMs),
    created_at: formatInstant(Date.now()),
  }
}

type Asked = {
  readonly terms: FilterQuestion
  readonly isWithDenied: boolean
  readonly makeFormat: (about: Readonly<Record<string, string>>) => SnapshotFormat
}

const parameters: ReadonlySet<string> = new Set([...termParameters, 'format', 'denied'])

function readAsked(
  request: IncomingMessage,
  { decisions }: Pick<Deps, 'decisions'>,
  organisationId: Parameters<typeof exportKeyOf>[1],
): Asked {
  const url = new URL(request.url ?? '', 'http://localhost')
  const query = url.searchParams
  if (query.has('purpose')) throw parameterInvalid('purpose', 'belongs into the path')
  query.set('purpose', purposeOf(url.pathname))
  const terms = readTerms(query, parameters, decisions.policy(organisationId))
  const denied = oneOf(query, 'denied') ?? 'false'
  if (denied !== 'true' && denied !== 'false') throw parameterInvalid('denied', 'must be true or false')
  const format = oneOf(query, 'format') ?? accepted(request.headers.accept)
  if (format !== 'ndjson' && format !== 'parquet') {
    throw parameterInvalid('format', 'must be ndjson or parquet')
  }
  return {
    terms,
    isWithDenied: denied === 'true',
    makeFormat: format === 'ndjson' ? ndjsonFormat : parquetFormat,
  }
}

function purposeOf(path: string): string {
  try {
    return decodeURIComponent(snapshotPath.exec(path)?.[1] ?? '')
  } catch {
    throw parameterInvalid('purpose', 'is not text')
  }
}

const accepted = (accept = '') => (/\bparquet\b/i.test(accept) ? 'parquet' : 'ndjson')

export const describeSnapshot: Omit<Route, 'handle'> = {
  method: 'get',
  path: '/v1/snapshots/{purpose}',
  access: { scope: 'snapshots:read' },
  tag: 'Snapshots',
  summary: 'What may be used for a purpose, to be joined with',
  description:
    'A row for each identifier and span of collection times that is permitted, as NDJSON (application/x-ndjson) or Parquet (application/vnd.apache.parquet). Assent-Snapshot-Id names the signed digest at /v1/snapshots/{purpose}/{id}/signature; Assent-Revision is where to go on in /v1/changes. Whatever fails breaks the connection. A purpose whose key is `key` cannot be asked for here.',
  params: z.object({ purpose: z.string().openapi({ example: 'ai_training' }) }),
  query: z.object({
    format: z.enum(['ndjson', 'parquet']).optional(),
    denied: z.enum(['true', 'false']).optional().openapi({ description: 'Rows of denied spans too.' }),
    property: z.string().optional(),
    category: z.string().optional(),
    regime: z.string().optional(),
    recipient: z.string().optional(),
    source_purpose: z.string().optional(),
  }),
  response: z.string(),
}
