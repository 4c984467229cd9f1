import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Site = {
  readonly origin: string
  /** `METHOD /path` of all that was asked of it, in order. */
  readonly asked: string[]
  close(): Promise<void>
}

/** A site on a free port of this machine. */
export async function startSite(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Site> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    answer(request, response)
  })
  // What a test leaves open must not keep it from ending.
  server.on('upgrade', (request, socket) => {
    asked.push(`UPGRADE ${request.url}`)
    socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** What pages ask of others: scripts that note in which order they ran, frames, images, and an address to send to. */
export function startStatistics(): Promise<Site> {
  const firsts: (() => void)[] = []
  let seconds = 0
  return startSite(({ url, method }, response) => {
    const send = (type: string, body: string | Buffer) => {
      const headers = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' }
      response.writeHead(method === 'OPTIONS' ? 204 : 200, { ...headers, 'Content-Type': type }).end(body)
    }
    const note = (name: string) => `window.ran = [...(window.ran ?? []), '${name}'];`
    if (url === '/first.js') {
      const counts = 'window.stats = { count: (what) => { window.ran.push(what) }, stop() {} }'
      firsts.push(() => send('text/javascript', note('first') + counts))
    } else if (url === '/second.js') {
      seconds += 1
      send('text/javascript', note('second'))
    } else if (url?.endsWith('.js')) send('text/javascript', note(url))
    else if (url?.endsWith('.png')) send('image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"/>')
    else send('text/html', '<!doctype html><title>A video</title><p>Playing</p>')
    // The first comes after the second, which must wait for it all the same.
    for (; seconds > 0 && firsts.length > 0; seconds -= 1) firsts.shift()!()
  })
}

/** A site whose pages are given by path, with their headers. */
export function startPages(
  pages: () => Readonly<Record<string, { readonly html: string; readonly headers?: Record<string, string> }>>,
): Promise<Site> {
  return startSite(({ url }, response) => {
    const page = pages()[new URL(url ?? '/', 'http://site').pathname]
    if (page === undefined) return void response.writeHead(404).end()
    const type = url?.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8'
    response.writeHead(200, { 'Content-Type': type, ...page.headers }).end(page.html)
  })
}
