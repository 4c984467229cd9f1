import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Place } from './limits/key-limits.ts'
import { Slices } from './slice.ts'

const flushBytes = 65_536

/** Turns a body into an answer, chunk by chunk; `emit` takes bytes that may be overwritten after the next chunk. */
export type StreamWork = {
  push(chunk: Buffer, emit: (bytes: Buffer) => void): void
  end(emit: (bytes: Buffer) => void): void
  /** Lines that it has read. */
  readonly seen: number
}

/**
 * Streams a call's body through `work` into its answer in constant memory: it reads no faster than the caller takes,
 * and gives way to others. Rejects where the caller goes away or the body ends too early; the caller of this then
 * breaks the connection. `flushed` sees every byte that is sent. A key past its limits is read more slowly.
 */
export async function pump(
  request: IncomingMessage,
  response: ServerResponse,
  work: StreamWork,
  flushed: (bytes: Buffer) => void,
  place: Place,
): Promise<void> {
  const closed = once(response, 'close').then(() => {
    throw new Error('the caller has gone')
  })
  closed.catch(() => undefined)
  let kept: Buffer[] = []
  let keptBytes = 0
  const emit = (bytes: Buffer) => {
    kept.push(bytes)
    keptBytes += bytes.length
  }
  const flush = async () => {
    if (keptBytes === 0) return
    const bytes = Buffer.concat(kept)
    kept = []
    keptBytes = 0
    flushed(bytes)
    if (!response.write(bytes, place.hold(bytes.length)))
      await Promise.race([once(response, 'drain'), closed])
  }
  const slices = new Slices()
  let seen = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (slices.isOver() || slices.isCrowded()) await slices.next()
    if (response.destroyed) throw new Error('the caller has gone')
    work.push(chunk, emit)
    if (keptBytes >= flushBytes || request.readableLength === 0) await flush()
    const held = place.spend(chunk.length, work.seen - seen) ?? place.room()
    seen = work.seen
    if (held !== undefined) await Promise.race([held, closed])
  }
  if (!request.complete) throw new Error('the body ended too early')
  work.end(emit)
  await flush()
}
