/** The head of a request that needs no more than this. */
export type PlainHead = {
  readonly path: string
  readonly authorization: string | undefined
  readonly idempotencyKey: string | undefined
  readonly bodyBytes: number
  /** What the answer repeats, up to the value of its Content-Length. */
  readonly echo: string
}

const line = /^POST (\/[a-z0-9/]+) HTTP\/1\.1$/
const header = /^([A-Za-z0-9-]+):[ \t]*([\x20-\x7e]*?)[ \t]*$/
const printable = /^[\x20-\x7e]{1,200}$/
/** Those that change how a message is read or answered, and those a browser sends of itself: nothing for this reader. */
const unusual: ReadonlySet<string> = new Set([
  'transfer-encoding',
  'content-encoding',
  'trailer',
  'te',
  'upgrade',
  'expect',
  'origin',
  'cookie',
  'assent-session',
])
const once: ReadonlySet<string> = new Set([
  'host',
  'content-length',
  'content-type',
  'authorization',
  'connection',
  'x-request-id',
  'idempotency-key',
])

/**
 * Reads the head of an HTTP/1.1 request, without the empty line, by rules narrower than the standard's (RFC 9112):
 * undefined for whatever is not plainly within them, so that no two readers can understand one message differently.
 */
export function readPlainHead(head: string): PlainHead | undefined {
  const lines = head.split('\r\n')
  const path = line.exec(lines[0]!)?.[1]
  if (path === undefined) return undefined
  const known = new Map<string, string>()
  for (let i = 1; i < lines.length; i++) {
    const match = header.exec(lines[i]!)
    if (match === null) return undefined
    const name = match[1]!.toLowerCase()
    if (unusual.has(name)) return undefined
    if (!once.has(name)) continue
    if (known.has(name)) return undefined
    known.set(name, match[2]!)
  }
  const length = known.get('content-length') ?? ''
  const type = known.get('content-type')
  const connection = known.get('connection')?.toLowerCase() ?? 'keep-alive'
  const id = known.get('x-request-id')
  if (!known.has('host') || !/^\d{1,5}$/.test(length) || connection !== 'keep-alive') return undefined
  if (type !== 'application/json' || (id !== undefined && !printable.test(id))) return undefined
  return {
    path,
    authorization: known.get('authorization'),
    idempotencyKey: known.get('idempotency-key'),
    bodyBytes: Number(length),
    echo: id === undefined ? 'Content-Length: ' : `X-Request-ID: ${id}\r\nContent-Length: `,
  }
}
