import type { IncomingMessage } from 'node:http'

/** Whether a request is a GET of `path`, whatever its query. */
export function isGet(request: IncomingMessage, path: string): boolean {
  return request.method === 'GET' && pathOf(request) === path
}

/** Whether a request is a POST to `path`, whatever its query. */
export function isPost(request: IncomingMessage, path: string): boolean {
  return request.method === 'POST' && pathOf(request) === path
}

function pathOf({ url = '/' }: IncomingMessage): string {
  const end = url.indexOf('?')
  return end < 0 ? url : url.slice(0, end)
}
