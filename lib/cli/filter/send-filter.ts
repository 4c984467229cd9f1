import { createHash } from 'node:crypto'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { type Readable, Transform, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AssentApiError } from '../../client/client.ts'
import type { Connection } from '../connection.ts'

export type Sent = {
  /** Names the server's summary. */
  readonly filterId: string
  readonly input: { readonly bytes: number; readonly sha256: string }
  readonly output: { readonly bytes: number; readonly sha256: string }
}

/**
 * Streams records through `POST /v1/filter`, in constant memory: what comes back goes to `output` while the rest is
 * still being sent. Rejects with `AssentApiError` where it was refused or cut off before its end.
 */
export async function sendFilter(
  { url, key }: Connection,
  query: URLSearchParams,
  input: Readable,
  output: Writable,
  onProgress: (bytes: number) => void,
): Promise<Sent> {
  const target = new URL(`/v1/filter?${query}`, url)
  const send = target.protocol === 'https:' ? requestHttps : requestHttp
  const sent = meter(onProgress)
  const received = meter()
  const outgoing = send(target, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/x-ndjson' },
  })
  const answered = new Promise<string>((resolve, reject) => {
    outgoing.on('response', (response) => {
      if (response.statusCode !== 200) {
        readProblem(response).then(reject, reject)
        return
      }
      const filterId = String(response.headers['assent-filter-id'] ?? '')
      pipeline(response, received.stream, output).then(() => resolve(filterId), reject)
    })
    outgoing.on('error', reject)
  })
  const sending = pipeline(input, sent.stream, outgoing).catch((error: unknown) => {
    // A refusal closes the connection while we still send: its own words are better than the broken pipe.
    outgoing.destroy()
    throw error
  })
  try {
    const [filterId] = await Promise.all([answered, sending.catch(() => answered)])
    return { filterId, input: sent.result(), output: received.result() }
  } catch (error) {
    sending.catch(() => undefined)
    if (error instanceof AssentApiError) throw error
    throw new AssentApiError(0, 'unreachable', `The filter was cut off: ${(error as Error).message}`, error)
  }
}

export async function readProblem(
  response: Readable & { statusCode?: number | undefined },
): Promise<AssentApiError> {
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) text += chunk
  const problem = JSON.parse(text || '{}') as { code?: string; detail?: string }
  return new AssentApiError(
    response.statusCode ?? 0,
    problem.code ?? 'internal',
    problem.detail ?? 'It was refused.',
  )
}

/** Passes bytes on, counting and hashing them. */
export function meter(onProgress: (bytes: number) => void = () => undefined) {
  const hash = createHash('sha256')
  let bytes = 0
  return {
    stream: new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length
        hash.update(chunk)
        onProgress(bytes)
        done(null, chunk)
      },
    }),
    result: () => ({ bytes, sha256: hash.digest('hex') }),
  }
}
