import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { AssentError } from '../domain/errors.ts'
import type { OrganisationId } from '../domain/ids.ts'
import type { ReplicaFeed } from '../replica/replica-feed.ts'
import type { Authenticator, Principal } from './authenticate.ts'
import type { Metrics } from './metrics.ts'
import { problemOf } from './problem.ts'

/**
 * A feed holds every organisation's people, so only the organisation that runs the installation can let a node follow:
 * another's key lacks the scope, whatever it says. Throws `scope_missing`.
 */
export function mayFollow(
  { organisationId }: Pick<Principal, 'organisationId'>,
  operator: OrganisationId,
): void {
  if (organisationId === operator) return
  throw new AssentError(
    'scope_missing',
    'This call needs the scope replica:read, which the caller does not have.',
  )
}

/**
 * `GET /v1/replica/state`: everything that fills an index, as of one moment (see `frameKinds`). Whatever fails after
 * the first byte breaks the connection, and a stream without its last frame is not whole.
 */
export function replicaStateRoute(options: {
  readonly replica: ReplicaFeed
  readonly operator: OrganisationId
  readonly authenticator: Authenticator
  readonly metrics: Metrics
  readonly publicUrl: string
  readonly log: { readonly warn: (what: object, message: string) => void }
}): (request: IncomingMessage, response: ServerResponse) => void {
  const { replica, authenticator, metrics, log } = options

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    mayFollow(authenticator.key(request.headers.authorization, 'replica:read'), options.operator)
    await replica.state(async (stream) => {
      response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Cache-Control': 'no-store' })
      await pipeline(stream, response)
    })
  }

  return (request, response) => {
    answer(request, response).catch((error: unknown) => {
      const problem = problemOf(error, options)
      metrics.failed('replica_state', problem.status)
      if (problem.status === 500) log.warn({ err: error }, 'a replica was not filled')
      if (response.headersSent) return void response.destroy()
      response.writeHead(problem.status, problem.headers)
      response.end(problem.body)
    })
  }
}
