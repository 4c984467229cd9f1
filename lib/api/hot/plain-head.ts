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
  let end = head.indexOf('\r\n')
  const path = line.exec(end < 0 ? head : head.slice(0, end))?.[1]
  if (path === undefined) return undefined
  const known = new Map<string, string>()
  while (end >= 0) {
    const start = end + 2
    end = head.indexOf('\r\n', start)
    const stop = end < 0 ? head.length : end
    const colon = endOfName(head, start)
    const value = head.charCodeAt(colon) === 0x3a ? valueIn(head, colon + 1, stop) : undefined
    if (value === undefined || colon === start) return undefined
    const name = head.slice(start, colon).toLowerCase()
    if (unusual.has(name)) return undefined
    if (!once.has(name)) continue
    if (known.has(name)) return undefined
    known.set(name, value)
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

/** Where the letters, digits and hyphens from `at` on end. */
function endOfName(head: string, at: number): number {
  for (; at < head.length; at++) {
    const unit = head.charCodeAt(at)
    const isLetter = (unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x7a
    if (!isLetter && !(unit >= 0x30 && unit <= 0x39) && unit !== 0x2d) break
  }
  return at
}

/** The printable ASCII between `start` and `end`, without the blanks around it; undefined where there is more. */
function valueIn(head: string, start: number, end: number): string | undefined {
  while (start < end && isBlank(head.charCodeAt(start))) start++
  while (start < end && isBlank(head.charCodeAt(end - 1))) end--
  for (let at = start; at < end; at++) {
    const unit = head.charCodeAt(at)
    if (unit < 0x20 || unit > 0x7e) return undefined
  }
  return head.slice(start, end)
}

const isBlank = (unit: number) => unit === 0x20 || unit === 0x09
