import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Answer, Decisions } from '../../decisions/decisions.ts'
import type { Authenticator } from '../authenticate.ts'
import type { Metrics } from '../metrics.ts'
import { problemOf } from '../problem.ts'
import { checkJsonType, parseJson, receiveBody } from '../read-body.ts'
import { echoedRequestId } from '../request-id.ts'
import { ask } from './answer.ts'
import type { Asked } from './read-question.ts'

type Log = { readonly error: (what: object, message: string) => void }

/**
 * A raw handler for one question: no framework and no promise between the socket and the index, but where a question
 * waits for a revision.
 */
export function hotRoute(options: {
  readonly name: string
  readonly isAuthZen: boolean
  readonly read: (value: unknown) => Asked
  /** The answer's JSON. */
  readonly write: (answer: Answer) => string
  readonly decisions: Decisions
  readonly authenticator: Authenticator
  readonly metrics: Metrics
  readonly publicUrl: string
  readonly log: Log
}): (request: IncomingMessage, response: ServerResponse) => void {
  const { decisions, authenticator, metrics, name, read, write } = options

  return (request, response) => {
    const fail = (error: unknown) => {
      const problem = problemOf(error, options)
      if (problem.status === 500) options.log.error({ err: error, route: name }, 'a question failed')
      metrics.failed(name, problem.status)
      if (!response.headersSent)
        send(request, response, problem.status, Object.entries(problem.headers).flat(), problem.body)
      if (!request.complete) request.resume()
    }
    const succeed = (answer: Answer) => {
      metrics.decided(name, answer.decision.reason)
      send(request, response, 200, jsonHeaders, write(answer))
    }
    try {
      const { organisationId } = authenticator.key(request.headers.authorization, 'decisions:read')
      checkJsonType(request.headers['content-type'])
      receiveBody(
        request,
        (bytes) => {
          try {
            const answer = ask(decisions, organisationId, read(parseJson(bytes)))
            if (answer instanceof Promise) answer.then(succeed).catch(fail)
            else succeed(answer)
          } catch (error) {
            fail(error)
          }
        },
        fail,
      )
    } catch (error) {
      fail(error)
    }
  }
}

const jsonHeaders: readonly string[] = ['Content-Type', 'application/json', 'Cache-Control', 'no-store']

function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: readonly string[],
  body: string,
): void {
  const all = [...headers, 'Content-Length', String(Buffer.byteLength(body))]
  const id = echoedRequestId(request)
  if (id !== undefined) all.push('X-Request-ID', id)
  response.writeHead(status, all)
  response.end(body)
}
