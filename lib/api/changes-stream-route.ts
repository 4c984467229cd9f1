import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Decisions } from '../decisions/decisions.ts'
import { AssentError } from '../domain/errors.ts'
import type { OrganisationId } from '../domain/ids.ts'
import { parseRevision } from '../domain/revision.ts'
import type { EventReader, ReadEvent } from '../ledger/event-reader.ts'
import type { Authenticator } from './authenticate.ts'
import { changesQuery, startOf } from './change-feed.ts'
import type { KeyLimits } from './limits/key-limits.ts'
import type { Metrics } from './metrics.ts'
import { problemOf } from './problem.ts'
import { endText, streamChanges } from './stream-changes.ts'

/** Whether a call of `GET /v1/changes` asks for a stream. */
export function wantsStream(request: IncomingMessage): boolean {
  return request.headers.accept?.includes('text/event-stream') ?? false
}

/**
 * `GET /v1/changes` as Server-Sent Events (see `streamChanges`). `Last-Event-ID` goes before `after`: a browser's
 * EventSource repeats the address it began with. A key that is revoked ends its streams.
 */
export function changesStreamRoute(options: {
  readonly decisions: Decisions
  readonly events: Pick<EventReader, 'after'>
  readonly authenticator: Authenticator
  readonly limits: KeyLimits
  readonly metrics: Metrics
  readonly publicUrl: string
  readonly log: { readonly warn: (what: object, message: string) => void }
}): (request: IncomingMessage, response: ServerResponse) => void {
  const { decisions, events, authenticator, limits, metrics, log } = options
  const read = shareReads(events)

  async function run(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { authorization } = request.headers
    const { organisationId, name } = authenticator.key(authorization, 'changes:read')
    const { after, limit } = readParameters(request)
    const from = await startOf(decisions, parseRevision(after)!)
    if (response.destroyed) return
    const place = limits.open(name)
    response.on('close', place.close)
    response.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
    })
    response.write('retry: 1000\n\n')
    try {
      await streamChanges(response, {
        decisions,
        read: (afterSeq, untilSeq) => read(organisationId, { afterSeq, untilSeq, limit }),
        limit,
        from,
        place,
        assertAllowed: () => authenticator.key(authorization, 'changes:read'),
      })
    } catch (error) {
      if (error instanceof AssentError) response.end(endText(error))
      else {
        log.warn({ err: error }, 'a stream of changes was broken off')
        response.destroy()
      }
    }
  }

  return (request, response) => {
    run(request, response).catch((error: unknown) => {
      const problem = problemOf(error, options)
      metrics.failed('changes', problem.status)
      if (problem.status === 500) log.warn({ err: error }, 'a stream of changes could not begin')
      response.writeHead(problem.status, problem.headers)
      response.end(problem.body)
    })
  }
}

function readParameters(request: IncomingMessage): { readonly after: string; readonly limit: number } {
  const query = Object.fromEntries(new URL(request.url ?? '', 'http://localhost').searchParams)
  const last = request.headers['last-event-id']
  const read = changesQuery.safeParse(
    typeof last === 'string' && last !== '' ? { ...query, after: last } : query,
  )
  if (read.success) return read.data
  const issue = read.error.issues[0]
  throw new AssentError('parameter_invalid', `/${String(issue?.path[0])}: ${issue?.message}.`)
}

/** One write wakes every stream of an organisation: those that stand at the same place read once for all. */
function shareReads(events: Pick<EventReader, 'after'>): EventReader['after'] {
  const underWay = new Map<string, Promise<readonly ReadEvent[]>>()
  return (organisationId: OrganisationId, options) => {
    const name = [organisationId, options.afterSeq, options.untilSeq, options.limit].join()
    let reading = underWay.get(name)
    if (reading === undefined) {
      reading = events.after(organisationId, options).finally(() => underWay.delete(name))
      underWay.set(name, reading)
    }
    return reading
  }
}
