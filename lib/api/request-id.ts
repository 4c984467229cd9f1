import type { IncomingMessage } from 'node:http'

const form = /^[\x20-\x7e]{1,200}$/

/** The `X-Request-ID` that an answer repeats (AuthZEN 1.0); undefined without a printable one. */
export function echoedRequestId(request: IncomingMessage): string | undefined {
  const id = request.headers['x-request-id']
  return typeof id === 'string' && form.test(id) ? id : undefined
}
