import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'

export type SseEvent = { readonly id: string; readonly event: string; readonly data: Record<string, unknown> }

export type SseReader = {
  readonly response: IncomingMessage
  /** The next event; undefined at the end. */
  next(): Promise<SseEvent | undefined>
  /** The next event of this name. */
  nextOf(name: string): Promise<SseEvent>
  close(): void
}

/** Opens a stream of Server-Sent Events, as the WHATWG HTML standard parses one. */
export async function openSse(url: string, headers: Record<string, string>): Promise<SseReader> {
  const request = httpRequest(url, { headers: { Accept: 'text/event-stream', ...headers }, agent: false })
  request.end()
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  response.setEncoding('utf8')
  const events = parse(response)
  const reader: SseReader = {
    response,
    async next() {
      const { value, done } = await events.next()
      return done === true ? undefined : value
    },
    async nextOf(name) {
      for (;;) {
        const event = await reader.next()
        if (event === undefined) throw new Error(`the stream ended without ${name}`)
        if (event.event === name) return event
      }
    },
    close: () => response.destroy(),
  }
  return reader
}

async function* parse(response: IncomingMessage): AsyncGenerator<SseEvent, undefined> {
  let text = ''
  try {
    for await (const chunk of response as AsyncIterable<string>) {
      text += chunk
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const fields = new Map(
          text
            .slice(0, end)
            .split('\n')
            .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)] as const),
        )
        text = text.slice(end + 2)
        const data = fields.get('data')
        if (data === undefined) continue
        yield { id: fields.get('id') ?? '', event: fields.get('event') ?? 'message', data: JSON.parse(data) }
      }
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error
  }
  return undefined
}
