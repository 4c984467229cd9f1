import { Agent, type IncomingMessage, type RequestListener, request, type ServerResponse } from 'node:http'
import { problemOf } from '../../api/problem.ts'
import { AssentError } from '../../domain/errors.ts'

/** In which a worker tells its primary who called. Nobody else can set it. */
export const peerHeader = 'assent-peer-address'

/** Headers that speak of one connection (RFC 9110 §7.6.1), and what only a worker may say. */
const ownHeaders: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  peerHeader,
])

/**
 * Passes a request on to the primary as it came, streaming both ways: back-pressure and a caller who goes away reach the
 * primary, an answer that breaks off there breaks off here. Nothing is sent twice: where the outcome of a call is not
 * known, the caller's connection is cut, as it would be by a server that died.
 */
export function forwardTo(socketPath: string, publicUrl: string): RequestListener {
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, maxFreeSockets: 256 })

  return (incoming, outgoing) => {
    const passed = request(
      {
        socketPath,
        agent,
        method: incoming.method,
        path: incoming.url,
        headers: headersOf(incoming) as unknown as Record<string, string>,
      },
      (answer) => passBack(answer, outgoing),
    )
    passed.on('error', (error: NodeJS.ErrnoException) => {
      const isUnsent = error.code === 'ECONNREFUSED' || error.code === 'ENOENT'
      if (outgoing.headersSent || !isUnsent) return void outgoing.destroy()
      const { status, headers, body } = problemOf(new AssentError('not_ready', 'This node is stopping.'), {
        publicUrl,
      })
      outgoing.writeHead(status, headers)
      outgoing.end(body)
    })
    outgoing.on('close', () => passed.destroy())
    incoming.on('error', () => passed.destroy())
    incoming.pipe(passed)
  }
}

/** What the caller sent, name by name and in order, but for what speaks of her connection. */
function headersOf(incoming: IncomingMessage): readonly string[] {
  const { rawHeaders, headers } = incoming
  const named = namedIn(headers.connection)
  const passed: string[] = []
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!.toLowerCase()
    if (!ownHeaders.has(name) && !named.has(name)) passed.push(rawHeaders[at]!, rawHeaders[at + 1]!)
  }
  if (headers.host === undefined) passed.push('Host', 'localhost')
  if (headers['transfer-encoding'] !== undefined) passed.push('Transfer-Encoding', 'chunked')
  else if (headers['content-length'] === undefined) passed.push('Content-Length', '0')
  passed.push(peerHeader, incoming.socket.remoteAddress ?? '')
  return passed
}

function passBack(answer: IncomingMessage, outgoing: ServerResponse): void {
  const { rawHeaders, headers } = answer
  const named = namedIn(headers.connection)
  const passed: string[] = []
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!.toLowerCase()
    if (!ownHeaders.has(name) && !named.has(name)) passed.push(rawHeaders[at]!, rawHeaders[at + 1]!)
  }
  // Who is told to stop sending is told so here, too.
  if (headers.connection?.toLowerCase() === 'close') outgoing.shouldKeepAlive = false
  outgoing.sendDate = false
  outgoing.writeHead(answer.statusCode ?? 502, answer.statusMessage, passed)
  answer.on('error', () => outgoing.destroy())
  answer.pipe(outgoing)
  // A head whose body takes its time is not held back for it.
  setImmediate(() => {
    if (!outgoing.writableEnded) outgoing.flushHeaders()
  })
}

function namedIn(connection: string | undefined): ReadonlySet<string> {
  return new Set((connection ?? '').split(',').map((name) => name.trim().toLowerCase()))
}
