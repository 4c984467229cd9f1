import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Answer, Decisions } from '../../decisions/decisions.ts'
import type { Authenticator } from '../authenticate.ts'
import type { Metrics } from '../metrics.ts'
import { problemOf } from '../problem.ts'
import { checkJsonType, parseJson, readBody } from '../read-body.ts'
import { ask } from './answer.ts'
import type { Asked } from './read-question.ts'

type Log = { readonly error: (what: object, message: string) => void }

/** A raw handler for one question: no framework between the socket and the index. */
export function hotRoute(options: {
  readonly name: string
  readonly isAuthZen: boolean
  readonly read: (value: unknown) => Asked
  readonly body: (answer: Answer) => object
  readonly decisions: Decisions
  readonly authenticator: Authenticator
  readonly metrics: Metrics
  readonly publicUrl: string
  readonly log: Log
}): (request: IncomingMessage, response: ServerResponse) => void {
  const { decisions, authenticator, metrics, name } = options
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { organisationId } = authenticator.key(request.headers.authorization, 'decisions:read')
    checkJsonType(request.headers['content-type'])
    const asked = options.read(parseJson(await readBody(request)))
    const answered = ask(decisions, organisationId, asked)
    const result = answered instanceof Promise ? await answered : answered
    metrics.decided(name, result.decision.reason)
    send(request, response, 200, jsonHeaders, JSON.stringify(options.body(result)))
  }
  return (request, response) => {
    answer(request, response).catch((error: unknown) => {
      const problem = problemOf(error, options)
      if (problem.status === 500) options.log.error({ err: error, route: name }, 'a question failed')
      metrics.failed(name, problem.status)
      if (!response.headersSent) send(request, response, problem.status, problem.headers, problem.body)
      if (!request.complete) request.resume()
    })
  }
}

const jsonHeaders = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }
const requestIdForm = /^[\x20-\x7e]{1,200}$/

function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
): void {
  const id = request.headers['x-request-id']
  response.writeHead(status, {
    ...headers,
    'Content-Length': Buffer.byteLength(body),
    ...(typeof id === 'string' && requestIdForm.test(id) ? { 'X-Request-ID': id } : {}),
  })
  response.end(body)
}
