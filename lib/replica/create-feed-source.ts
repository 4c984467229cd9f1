import type { Readable } from 'node:stream'
import type { LoadTarget, LogSource } from '../decisions/log-source.ts'
import type { AssentEvent } from '../domain/events.ts'
import type { LogHead } from '../domain/log-head.ts'
import { formatRevision } from '../domain/revision.ts'
import { CopiedRows } from './copied-rows.ts'
import { createFeedClient, FeedRefused } from './feed-client.ts'
import { FrameReader, type StateHead } from './frames.ts'
import { subjectVisitors } from './load-subjects.ts'
import { type Page, toBatch, toHead } from './pages.ts'

/** What a node says that is asked for a page and does not hold it back is there after so long, or not at all. */
const unansweredMs = 2_500
/** A load that has not moved for so long is given up. */
const stuckMs = 30_000

/**
 * Reads the log from another node. Rejects with `FeedRefused` where that node, its key or its secret is not the right
 * one.
 *
 * A page's age counts from when it was asked for, less what the other says it held it back, plus what the other says
 * of its own knowledge. A stream of heartbeats would be cheaper and worth nothing: one that was held up on the way and
 * arrives now looks as fresh as any.
 */
export function createFeedSource(options: {
  readonly url: string
  readonly key: string
  /** Of this node's secret key. */
  readonly fingerprint: string
}): LogSource & {
  /** Everything, in frames as they come: for those who follow this node. */
  openState(): Promise<Readable>
  close(): Promise<void>
} {
  const client = createFeedClient(options.url, options.key)
  const openState = () => client.stream('/v1/replica/state', stuckMs)

  return {
    openState,
    async load(into) {
      const stream = await openState()
      const filler = new Filler(into, options.fingerprint)
      try {
        for await (const chunk of stream as AsyncIterable<Buffer>) filler.push(chunk)
        return filler.end()
      } finally {
        stream.destroy()
      }
    },
    async read(after, { waitMs, eventsMax }) {
      const askedAt = performance.now()
      const query = `after=${formatRevision(after)}&wait=${Math.round(waitMs)}&limit=${eventsMax}`
      const page = JSON.parse(await client.text(`/v1/replica/events?${query}`, waitMs + unansweredMs)) as Page
      const numbers = [page.age_ms, page.held_ms, page.database_now_ms, page.database_now_error_ms]
      if (!numbers.every((number) => Number.isFinite(number)))
        throw new Error('the feed’s page cannot be read')
      const batches = page.batches.map(toBatch)
      // Between asking and now, less what it was held back at the other end: on its way.
      const onWayMs = Math.max(0, performance.now() - askedAt - page.held_ms)
      return {
        head: toHead(page.head),
        batches,
        ageMs: Math.max(0, page.age_ms) + onWayMs,
        databaseNowMs: page.database_now_ms + onWayMs / 2,
        databaseNowErrorMs: Math.max(0, page.database_now_error_ms) + onWayMs / 2,
      }
    },
    async close() {
      client.close()
    },
  }
}

/** Puts the frames of a stream into an index. */
class Filler {
  readonly #into: LoadTarget
  readonly #fingerprint: string
  readonly #frames = new FrameReader((kind, payload) => this.#take(kind, payload))
  readonly #states: CopiedRows
  readonly #identifiers: CopiedRows
  readonly #visitors: ReturnType<typeof subjectVisitors>
  #head: LogHead | undefined

  constructor(into: LoadTarget, fingerprint: string) {
    this.#into = into
    this.#fingerprint = fingerprint
    this.#visitors = subjectVisitors(into)
    this.#states = new CopiedRows(this.#visitors.state)
    this.#identifiers = new CopiedRows(this.#visitors.identifier)
  }

  push(chunk: Buffer): void {
    this.#frames.push(chunk)
  }

  /** Throws where anything is missing. */
  end(): LogHead {
    const isWhole = this.#frames.isComplete() && this.#states.isComplete() && this.#identifiers.isComplete()
    if (!isWhole || this.#head === undefined) throw new Error('the stream of states ended too early')
    this.#visitors.end()
    return this.#head
  }

  #take(kind: Parameters<ConstructorParameters<typeof FrameReader>[0]>[0], payload: Buffer): void {
    if ((kind === 'head') !== (this.#head === undefined)) throw new Error('the stream begins in its middle')
    if (kind === 'head') this.#begin(JSON.parse(payload.toString()) as StateHead)
    else if (kind === 'states') this.#states.push(payload)
    else if (kind === 'identifiers') this.#identifiers.push(payload)
    else if (kind === 'config') {
      for (const event of JSON.parse(payload.toString()) as AssentEvent[]) this.#into.config(event)
    } else if (kind === 'shapes') {
      const shapes = JSON.parse(payload.toString()) as [number, string][]
      for (const [number, shape] of shapes) this.#into.shape(number, shape)
    }
  }

  #begin(head: StateHead): void {
    if (head.format !== 3) throw new FeedRefused('the followed node is of another version of Assent')
    if (head.fingerprint !== this.#fingerprint) {
      throw new FeedRefused(
        `the followed node has the secret key with the fingerprint ${head.fingerprint}, this one ${this.#fingerprint}: ` +
          'set ASSENT_SECRET_KEY or ASSENT_SECRET_KEY_FILE to the same key',
      )
    }
    this.#head = toHead(head)
  }
}
