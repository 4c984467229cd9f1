import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Answer, Decisions } from '../../decisions/decisions.ts'
import type { Authenticator, Principal } from '../authenticate.ts'
import type { Metrics } from '../metrics.ts'
import { problemOf } from '../problem.ts'
import { checkJsonType, parseJson, receiveBody } from '../read-body.ts'
import { echoedRequestId } from '../request-id.ts'
import type { Usage } from '../usage/create-usage.ts'
import { ask, checkJson, evaluationJson } from './answer.ts'
import { type Asked, readCheck, readEvaluation } from './read-question.ts'

/** One kind of question: how it is read, and how its answer is written. */
export type HotQuestion = {
  readonly path: string
  readonly name: string
  readonly isAuthZen: boolean
  readonly read: (value: unknown) => Asked
  /** The answer's JSON. */
  readonly write: (answer: Answer) => string
}

export const hotQuestions: readonly HotQuestion[] = [
  { path: '/v1/check', name: 'check', isAuthZen: false, read: readCheck, write: checkJson },
  {
    path: '/access/v1/evaluation',
    name: 'evaluation',
    isAuthZen: true,
    read: readEvaluation,
    write: evaluationJson,
  },
]

type Log = { readonly error: (what: object, message: string) => void }

/**
 * A raw handler for one question: no framework and no promise between the socket and the index, but where a question
 * waits for a revision.
 */
export function hotRoute(
  question: HotQuestion,
  options: {
    readonly decisions: Decisions
    readonly authenticator: Authenticator
    readonly metrics: Metrics
    readonly usage: Usage
    readonly publicUrl: string
    readonly log: Log
  },
): (request: IncomingMessage, response: ServerResponse) => void {
  const { decisions, authenticator, metrics, usage } = options
  const { name, read, write, isAuthZen } = question

  return (request, response) => {
    const fail = (error: unknown) => sendProblem(request, response, error, { ...options, name, isAuthZen })
    const beganAt = performance.now()
    const succeed = (caller: Principal, asked: Asked, answer: Answer) => {
      usage.decided(caller, name, asked, answer)
      metrics.decided(name, answer.decision.reason)
      sendAnswer(request, response, write(answer))
      metrics.took(name, performance.now() - beganAt)
    }
    try {
      const caller = authenticator.key(request.headers.authorization, 'decisions:read')
      checkJsonType(request.headers['content-type'])
      receiveBody(
        request,
        (bytes) => {
          try {
            const asked = read(parseJson(bytes))
            const answer = ask(decisions, caller.organisationId, asked)
            if (answer instanceof Promise) answer.then((late) => succeed(caller, asked, late)).catch(fail)
            else succeed(caller, asked, answer)
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

/** Says what is wrong with a call; the rest of its body is not kept. */
export function sendProblem(
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
  options: {
    readonly name: string
    readonly isAuthZen: boolean
    readonly metrics: Metrics
    readonly publicUrl: string
    readonly log: Log
  },
): void {
  const problem = problemOf(error, options)
  if (problem.status === 500) options.log.error({ err: error, route: options.name }, 'a question failed')
  options.metrics.failed(options.name, problem.status)
  if (!response.headersSent) {
    send(request, response, problem.status, Object.entries(problem.headers).flat(), problem.body)
  }
  if (!request.complete) request.resume()
}

/** An answer's JSON, which `answer.ts` writes in ASCII. */
export function sendAnswer(request: IncomingMessage, response: ServerResponse, json: string | Buffer): void {
  send(request, response, 200, jsonHeaders, json, 'latin1')
}

/** JSON in ASCII. */
export function sendJson(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: readonly string[],
  json: string,
): void {
  send(request, response, status, [...jsonHeaders, ...headers], json, 'latin1')
}

const jsonHeaders: readonly string[] = ['Content-Type', 'application/json', 'Cache-Control', 'no-store']

function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: readonly string[],
  body: string | Buffer,
  encoding: 'utf8' | 'latin1' = 'utf8',
): void {
  const bytes = typeof body !== 'string' || encoding === 'latin1' ? body.length : Buffer.byteLength(body)
  const all = [...headers, 'Content-Length', String(bytes)]
  const id = echoedRequestId(request)
  if (id !== undefined) all.push('X-Request-ID', id)
  response.writeHead(status, all)
  response.end(body, encoding)
}
