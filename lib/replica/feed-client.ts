import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'

/** The node that is followed refuses: waiting does not help. `message` says what to set right. */
export class FeedRefused extends Error {
  override readonly name = 'FeedRefused'
}

const pageBytesMax = 64 * 1_048_576

export type FeedClient = {
  /** The body of an answer, as text; rejects where it is not there whole after `timeoutMs`. */
  text(path: string, timeoutMs: number): Promise<string>
  /** An answer whose body is read as it comes; it breaks where nothing comes for `stuckMs`. */
  stream(path: string, stuckMs: number): Promise<IncomingMessage>
  close(): void
}

/**
 * Asks one node, with one key, over connections that are kept. No redirects, no proxies. Rejects with `FeedRefused`
 * where the key is not taken or the other is no such node, and with an error for whatever may pass.
 */
export function createFeedClient(url: string, key: string): FeedClient {
  const isSecure = url.startsWith('https:')
  const request = isSecure ? httpsRequest : httpRequest
  const agent = isSecure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true })

  /** Resolves with the head of an answer; `giveUp` ends everything of the call. */
  function open(path: string) {
    const sent = request(new URL(path, url), {
      agent,
      headers: { Authorization: `Bearer ${key}`, 'Accept-Encoding': 'identity' },
    })
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      sent.on('response', resolve)
      sent.on('error', reject)
    })
    sent.setNoDelay(true)
    sent.end()
    return { answered, giveUp: (why: string) => void sent.destroy(new Error(why)) }
  }

  return {
    async text(path, timeoutMs) {
      const { answered, giveUp } = open(path)
      const timer = setTimeout(() => giveUp('the followed node does not answer'), timeoutMs)
      try {
        const response = await answered
        const text = await readText(response)
        if (response.statusCode !== 200) throw refusal(response.statusCode, text, url)
        return text
      } finally {
        clearTimeout(timer)
      }
    },
    async stream(path, stuckMs) {
      const { answered, giveUp } = open(path)
      const timer = setTimeout(() => giveUp('the followed node does not answer'), stuckMs)
      try {
        const response = await answered
        if (response.statusCode !== 200) {
          throw refusal(response.statusCode, await readText(response), url)
        }
        let seen = 0
        const watch = setInterval(() => {
          const { bytesRead } = response.socket
          if (bytesRead === seen) giveUp('the followed node sends no more')
          seen = bytesRead
        }, stuckMs)
        response.on('close', () => clearInterval(watch))
        return response
      } finally {
        clearTimeout(timer)
      }
    },
    close: () => agent.destroy(),
  }
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > pageBytesMax) throw new Error('the followed node says too much at once')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

function refusal(status: number | undefined, body: string, url: string): Error {
  const code = /"code":"(\w+)"/.exec(body)?.[1] ?? ''
  const said = `${url} answers ${status} ${code}`.trim()
  if (status === 401 || status === 403) {
    return new FeedRefused(
      `${said}: ASSENT_FOLLOW_KEY must be a key of that node with the scope replica:read`,
    )
  }
  if (status === 404 || status === 405) {
    return new FeedRefused(`${said}: ASSENT_FOLLOW_URL must name a node of Assent that can be followed`)
  }
  return new Error(said)
}
