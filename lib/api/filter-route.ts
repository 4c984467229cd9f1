import { createHash, randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Decisions } from '../decisions/decisions.ts'
import { isPath } from '../decisions/filter/extract.ts'
import { RecordFilter, type RecordShape } from '../decisions/filter/record-filter.ts'
import { AssentError } from '../domain/errors.ts'
import { formatInstant } from '../domain/format-instant.ts'
import { makeIdentifier } from '../domain/identifier.ts'
import type { OrganisationId } from '../domain/ids.ts'
import { formatRevision } from '../domain/revision.ts'
import type { Authenticator } from './authenticate.ts'
import type { Filters } from './filter-store.ts'
import type { KeyLimits } from './limits/key-limits.ts'
import type { Metrics } from './metrics.ts'
import { problemOf } from './problem.ts'
import { pump } from './pump.ts'
import { oneOf, parameterInvalid, readTerms, termParameters } from './read-terms.ts'
import type { Drawn, Usage } from './usage/create-usage.ts'

type Log = { readonly warn: (what: object, message: string) => void }

/**
 * `POST /v1/filter`: NDJSON in, the permitted lines out byte for byte, nothing else in the body. Whatever fails
 * after the first byte breaks the connection, so that half a file is never taken for a whole one. What it did is
 * stored before the last byte is sent, under the id in `Assent-Filter-Id`.
 */
export function filterRoute(options: {
  readonly decisions: Decisions
  readonly filters: Filters
  readonly authenticator: Authenticator
  readonly limits: KeyLimits
  readonly metrics: Metrics
  readonly usage: Usage
  readonly publicUrl: string
  readonly log: Log
}): (request: IncomingMessage, response: ServerResponse) => void {
  const { decisions, filters, authenticator, limits, metrics, usage, log } = options

  async function run(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const caller = authenticator.key(request.headers.authorization, 'decisions:read')
    const { organisationId, name } = caller
    checkType(request)
    if (!decisions.isReady()) throw new AssentError('not_ready', 'This node cannot answer now.')
    const { shape, question } = readParameters(request.url ?? '', decisions, organisationId)
    const id = `flt_${randomBytes(16).toString('base64url')}`
    const from = formatRevision(decisions.revision())
    let drawn: Drawn | null = null
    const filter = new RecordFilter(
      {
        evaluate: (each) => decisions.evaluate(organisationId, each),
        prepare: (terms) => decisions.prepare(organisationId, terms),
      },
      shape,
      question,
      {
        counted(reason) {
          drawn = usage.counted(caller, question.purpose, reason, false)
          return drawn !== null
        },
        kept(asked, decision, nowMs) {
          const answer = { decision, revision: decisions.revision(), nowMs }
          if (drawn !== null) usage.keep(caller, 'filter', asked, answer, drawn)
        },
      },
    )
    const sha256 = createHash('sha256')
    const startedAt = new Date().toISOString()
    const save = (isComplete: boolean) =>
      filters.save(organisationId, id, {
        id,
        complete: isComplete,
        purpose: question.purpose,
        ...summaryOf(filter),
        revision: { from, to: formatRevision(decisions.revision()) },
        started_at: startedAt,
        ...(isComplete ? { finished_at: new Date().toISOString(), sha256_out: sha256.digest('hex') } : {}),
      })
    const place = limits.open(name)
    response.on('close', place.close)
    await save(false)
    response.writeHead(200, {
      'Content-Type': 'application/x-ndjson',
      'Cache-Control': 'no-store',
      'Assent-Filter-Id': id,
      'X-Accel-Buffering': 'no',
    })
    response.flushHeaders()
    try {
      await pump(request, response, filter, (bytes) => sha256.update(bytes), place)
      await save(true)
      response.end()
    } catch (error) {
      log.warn({ err: error, filter: id }, 'a filter was broken off')
      await save(false).catch(() => undefined)
      response.destroy()
      request.destroy()
    } finally {
      metrics.streamed('filter', filter.seen)
      for (const [reason, count] of filter.byReason()) metrics.decided('filter', reason, count)
    }
  }

  return (request, response) => {
    run(request, response).catch((error: unknown) => {
      const problem = problemOf(error, options)
      metrics.failed('filter', problem.status)
      if (problem.status === 500) log.warn({ err: error }, 'a filter could not begin')
      // The rest of the body is not read: its sender is told to stop.
      response.writeHead(problem.status, { ...problem.headers, Connection: 'close' })
      response.end(problem.body)
    })
  }
}

function summaryOf(filter: RecordFilter) {
  const { records, permitted, unknown, denied, broken, brokenTotal, useUntilMs } = filter.counts()
  return {
    ...{ records, permitted, unknown, denied, broken, broken_total: brokenTotal },
    use_until: useUntilMs === null ? null : formatInstant(useUntilMs),
  }
}

function checkType(request: IncomingMessage): void {
  const type = (request.headers['content-type'] ?? 'application/x-ndjson').split(';')[0]!.trim().toLowerCase()
  const isPlain = (request.headers['content-encoding'] ?? 'identity') === 'identity'
  if (
    isPlain &&
    ['application/x-ndjson', 'application/ndjson', 'application/jsonl', 'application/json'].includes(type)
  ) {
    return
  }
  throw new AssentError('content_type_unsupported', 'The body must be application/x-ndjson, not compressed.')
}

const parameters: ReadonlySet<string> = new Set([
  ...termParameters,
  'subject',
  'collected_at',
  'content_usage',
])

function readParameters(url: string, decisions: Decisions, organisationId: OrganisationId) {
  const query = new URL(url, 'http://localhost').searchParams
  const question = readTerms(query, parameters, decisions.policy(organisationId))
  const subjects = query.getAll('subject').map((text) => {
    const colon = text.indexOf(':')
    const [namespace, path] = [text.slice(0, colon), text.slice(colon + 1)]
    if (colon < 1 || makeIdentifier(namespace, 'x') === undefined || !isPath(path)) {
      throw parameterInvalid('subject', 'must be namespace:path, such as user:user_id or user:people[].id')
    }
    return { namespace, path }
  })
  if (subjects.length === 0) throw parameterInvalid('subject', 'is missing')
  const collectedAt = oneOf(query, 'collected_at')
  if (collectedAt === null) {
    throw parameterInvalid('collected_at', 'is missing: it names the member that says when')
  }
  if (!isPath(collectedAt) || collectedAt.includes('[]')) {
    throw parameterInvalid('collected_at', 'must be one member’s path')
  }
  const contentUsage = oneOf(query, 'content_usage')
  if (contentUsage !== null && (!isPath(contentUsage) || contentUsage.endsWith('[]'))) {
    throw parameterInvalid('content_usage', 'must be a member’s path, such as content_usage or source.usage')
  }
  // A member with what a publisher said may also be a list of it.
  const said = contentUsage === null ? [] : [contentUsage, `${contentUsage}[]`]
  const paths = [...subjects.map(({ path }) => path), collectedAt, ...said]
  if (new Set(paths).size < paths.length) {
    throw parameterInvalid('subject', 'and collected_at and content_usage must name different members')
  }
  const shape: RecordShape = { subjects, collectedAt, ...(contentUsage === null ? {} : { contentUsage }) }
  return { shape, question }
}
