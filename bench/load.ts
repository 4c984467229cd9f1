import { connect } from 'node:net'

/** What one run of `load` measured. Latencies in milliseconds, from the request's write to its last byte. */
export type LoadResult = {
  readonly requests: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  readonly byStatus: Readonly<Record<string, number>>
}

/**
 * Sends requests over `connections` keep-alive connections, one in flight on each, for `durationMs`.
 *
 * `next(i)` gives the i-th request's bytes, head and body. Answers must carry Content-Length. It parses no more of
 * an answer than its length and status, so that one core can drive a server on the other.
 */
export function load(options: {
  readonly port: number
  readonly connections: number
  readonly durationMs: number
  readonly next: (index: number) => Buffer
  /** Sends a request again, after 100 ms, for as long as it is answered 503; its latency is that of all its tries. */
  readonly insists?: boolean
  /** Is given the body of each answer that counts. */
  readonly onBody?: (body: string) => void
}): Promise<LoadResult> {
  return new Promise((resolve, reject) => {
    const latencies: number[] = []
    const byStatus: Record<string, number> = {}
    const startedAt = performance.now()
    const endsAt = startedAt + options.durationMs
    let sent = 0
    let open = options.connections

    const finish = () => {
      const elapsedMs = performance.now() - startedAt
      latencies.sort((a, b) => a - b)
      const at = (share: number) =>
        latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? Number.NaN
      resolve({
        requests: latencies.length,
        perSecond: Math.round((latencies.length / elapsedMs) * 1000),
        p50Ms: at(0.5),
        p99Ms: at(0.99),
        maxMs: at(1),
        byStatus,
      })
    }

    for (let c = 0; c < options.connections; c++) {
      const socket = connect({ port: options.port, host: '127.0.0.1', noDelay: true })
      let sentAt = 0
      let request: Buffer
      // An answer's chunks are put together once they are all there.
      let chunks: Buffer[] = []
      let received = 0
      let wanted = 0
      const send = () => {
        if (performance.now() >= endsAt) {
          socket.end()
          open--
          if (open === 0) finish()
          return
        }
        sentAt = performance.now()
        request = options.next(sent++)
        socket.write(request)
      }
      socket.on('connect', send)
      socket.on('error', reject)
      socket.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        received += chunk.length
        if (received < wanted) return
        const pending = chunks.length === 1 ? chunk : Buffer.concat(chunks)
        chunks = [pending]
        const headEnd = pending.indexOf('\r\n\r\n')
        if (headEnd < 0) return
        const head = pending.toString('latin1', 0, headEnd)
        const length = /content-length: (\d+)/i.exec(head)
        if (length === null) {
          reject(new Error(`an answer without Content-Length:\n${head}`))
          return
        }
        wanted = headEnd + 4 + Number(length[1])
        if (received < wanted) return
        const end = wanted
        const rest = pending.subarray(end)
        chunks = rest.length === 0 ? [] : [rest]
        received = rest.length
        wanted = 0
        const status = head.slice(9, 12)
        byStatus[status] = (byStatus[status] ?? 0) + 1
        if (options.insists === true && status === '503') {
          setTimeout(() => socket.write(request), 100)
          return
        }
        options.onBody?.(pending.toString('latin1', headEnd + 4, end))
        latencies.push(performance.now() - sentAt)
        send()
      })
    }
  })
}

/** A whole HTTP/1.1 request with a JSON body, ready to be written. */
export function jsonRequest(
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Buffer {
  const text = JSON.stringify(body)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n${lines.join('')}` +
      `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  )
}
