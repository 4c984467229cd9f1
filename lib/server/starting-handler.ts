import type { IncomingMessage, ServerResponse } from 'node:http'
import { problemOf } from '../api/problem.ts'
import { AssentError } from '../domain/errors.ts'

/** Answers while the server starts: alive, but not ready for a question. */
export function startingHandler(publicUrl: string) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    request.resume()
    if (request.url === '/healthz') {
      response.writeHead(200, { 'Content-Type': 'application/json' })
      response.end('{"status":"ok"}')
      return
    }
    const { status, headers, body } = problemOf(new AssentError('not_ready', 'The server is starting.'), {
      publicUrl,
    })
    response.writeHead(status, headers)
    response.end(body)
  }
}
