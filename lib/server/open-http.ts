import { createServer, type RequestListener, type Server } from 'node:http'

/** An HTTP server with the limits that every process of this product holds callers to. */
export function openHttp(handler: RequestListener): Server {
  const http = createServer({ requestTimeout: 0, headersTimeout: 30_000 }, handler)
  http.keepAliveTimeout = 60_000
  // A connection that says nothing for so long is closed; a filter may take hours, as long as it moves.
  http.timeout = 120_000
  return http
}
