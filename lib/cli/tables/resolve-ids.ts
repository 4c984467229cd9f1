import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AssentApiError } from '../../client/client.ts'
import type { Connection } from '../connection.ts'
import { readProblem } from '../filter/send-filter.ts'

/** What the head of an answer says. */
export type ResolveHead = {
  /** What each code means. */
  readonly reasons: readonly string[]
  readonly permits: ReadonlySet<number>
  /** Before the first record was decided. */
  readonly revision: string
  readonly decidedAt: string
  /** By `performance.now()`: how long ago that was is told without comparing two machines' clocks. */
  readonly receivedAt: number
}

/**
 * Sends ids by line to `POST /v1/resolve`, and gives the records to what `begin` answers as they come. Rejects with
 * `AssentApiError` where it was refused or cut off; counting the records is the caller's.
 */
export async function resolveIds(
  { url, key }: Connection,
  query: URLSearchParams,
  ids: Readable,
  begin: (head: ResolveHead) => Promise<(bytes: Buffer) => void>,
): Promise<ResolveHead> {
  const target = new URL(`/v1/resolve?${query}`, url)
  const outgoing = (target.protocol === 'https:' ? requestHttps : requestHttp)(target, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'text/plain' },
  })
  const answered = new Promise<ResolveHead>((resolve, reject) => {
    outgoing.on('error', reject)
    outgoing.on('response', (response) => {
      if (response.statusCode !== 200) {
        readProblem(response).then(reject, reject)
        return
      }
      const read = async () => {
        const head = headOf(response.headers)
        const push = await begin(head)
        for await (const chunk of response as AsyncIterable<Buffer>) push(chunk)
        if (!response.complete) throw new Error('the answer ended too early')
        return head
      }
      read().then(resolve, reject)
    })
  })
  const sending = pipeline(ids, outgoing)
  try {
    const [head] = await Promise.all([answered, sending.catch(() => answered)])
    return head
  } catch (error) {
    sending.catch(() => undefined)
    outgoing.destroy()
    if (error instanceof AssentApiError) throw error
    throw new AssentApiError(0, 'unreachable', `Resolving was cut off: ${(error as Error).message}`, error)
  }
}

function headOf(headers: Readonly<Record<string, string | string[] | undefined>>): ResolveHead {
  const one = (header: string) => String(headers[header] ?? '')
  const reasons = one('assent-reasons').split(',')
  const permits = new Set(
    one('assent-permits')
      .split(',')
      .map((reason) => reasons.indexOf(reason)),
  )
  if (permits.has(-1) || reasons.length >= 200) throw new Error('the answer’s head cannot be read')
  return {
    reasons,
    permits,
    revision: one('assent-revision'),
    decidedAt: one('assent-decided-at'),
    receivedAt: performance.now(),
  }
}
