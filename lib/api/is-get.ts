import type { IncomingMessage } from 'node:http'

/** Whether a request is a GET of `path`, whatever its query. */
export function isGet({ method, url = '/' }: IncomingMessage, path: string): boolean {
  const end = url.indexOf('?')
  return method === 'GET' && (end < 0 ? url : url.slice(0, end)) === path
}
