import type { IncomingMessage, ServerResponse } from 'node:http'

/** Answers while the server starts: alive, but not ready for a question. */
export function startingHandler(request: IncomingMessage, response: ServerResponse): void {
  request.resume()
  if (request.url === '/healthz') {
    response.writeHead(200, { 'Content-Type': 'application/json' })
    response.end('{"status":"ok"}')
    return
  }
  response.writeHead(503, { 'Content-Type': 'application/problem+json', 'Retry-After': '2' })
  response.end(
    JSON.stringify({
      title: 'The server is not ready',
      status: 503,
      code: 'not_ready',
      detail: 'It is starting.',
    }),
  )
}
