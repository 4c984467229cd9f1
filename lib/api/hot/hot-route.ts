import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Answer, Decisions } from '../../decisions/decisions.ts'
import { AssentError } from '../../domain/errors.ts'
import type { Authenticator } from '../authenticate.ts'
import type { Metrics } from '../metrics.ts'
import { problemOf } from '../problem.ts'
import { bodyBytesMax, checkJsonType, parseJson } from '../read-body.ts'
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
      receive(
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

/** As `readBody`, without a promise; most bodies come in one piece. */
function receive(
  request: IncomingMessage,
  done: (bytes: Buffer) => void,
  fail: (error: AssentError) => void,
): void {
  let first: Buffer | undefined
  let more: Buffer[] | undefined
  let length = 0
  let isOver = false
  request.on('data', (chunk: Buffer) => {
    if (isOver) return
    length += chunk.length
    if (length > bodyBytesMax) {
      isOver = true
      fail(new AssentError('body_too_large', `The body may have ${bodyBytesMax} bytes.`))
      return
    }
    if (first === undefined) first = chunk
    else if (more === undefined) more = [first, chunk]
    else more.push(chunk)
  })
  request.on('end', () => {
    if (!isOver) done(more === undefined ? (first ?? empty) : Buffer.concat(more))
  })
  // Whoever goes away in the middle of a question hears no answer.
  request.on('error', () => undefined)
}

const empty = Buffer.alloc(0)
const jsonHeaders: readonly string[] = ['Content-Type', 'application/json', 'Cache-Control', 'no-store']
const requestIdForm = /^[\x20-\x7e]{1,200}$/

function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: readonly string[],
  body: string,
): void {
  const all = [...headers, 'Content-Length', String(Buffer.byteLength(body))]
  const id = request.headers['x-request-id']
  if (typeof id === 'string' && requestIdForm.test(id)) all.push('X-Request-ID', id)
  response.writeHead(status, all)
  response.end(body)
}
