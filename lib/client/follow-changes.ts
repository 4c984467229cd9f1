import { AssentApiError, type AssentClient } from './client.ts'
import { isTransient, pause, pauseMs } from './retry.ts'
import { type Position, readRevision } from './revision.ts'

/** One thing that was recorded. `subject` is a random id; null where it is about configuration. */
export type Change = {
  readonly revision: string
  /** The organisation's change before it; null for its first. */
  readonly previous: string | null
  readonly id: string
  readonly act: string
  readonly subject: string | null
  readonly recorded_at: string
  readonly occurred_at: string
  readonly [member: string]: unknown
}

/** All that was recorded in `(from, to]`. */
export type ChangePage = {
  readonly from: string
  readonly to: string
  readonly head: string
  readonly changes: readonly Change[]
}

export type FollowOptions = {
  /** The last revision seen; everything from the beginning with `0:0`. */
  readonly after: string
  /** Ends the following, without an error. */
  readonly signal?: AbortSignal | undefined
  /** Told of every failure that is waited out. */
  readonly onTrouble?: ((error: AssentApiError) => void) | undefined
  /** How long the server may hold an empty page back, in seconds, at most 30. */
  readonly waitSeconds?: number
}

const pageMax = 1_000
/** What an answer may take longer than the server was asked to wait. */
const graceMs = 5_000

/**
 * Follows the change feed page by page until `signal`, and proves that it missed nothing: each page begins where the
 * last one ended, each change names the one before. What a server or a network does for a while is waited out, with
 * growing pauses. Rejects with `feed_gap` where the proof fails, with `revision_unknown` where the log began again (its
 * follower must begin again too), and where the key may not follow.
 */
export async function* followChanges(
  call: AssentClient['call'],
  options: FollowOptions,
): AsyncGenerator<ChangePage, void, void> {
  const chain = new FeedChain(options.after)
  const { signal, waitSeconds = 25 } = options
  for (let failures = 0; !signal?.aborted; ) {
    let page: ChangePage
    try {
      page = await call<ChangePage>(
        'GET',
        `/v1/changes?after=${encodeURIComponent(chain.after)}&limit=${pageMax}&wait=${waitSeconds}`,
        undefined,
        { signal, timeoutMs: waitSeconds * 1_000 + graceMs },
      )
    } catch (error) {
      if (signal?.aborted) return
      if (!isTransient(error)) throw error
      options.onTrouble?.(error)
      failures += 1
      await pause(pauseMs(failures, error), signal)
      continue
    }
    failures = 0
    chain.add(page)
    yield page
  }
}

/** Where a reader of the feed stands, and the proof that nothing lies between what it has read. */
export class FeedChain {
  readonly #begin: Position
  #after: string
  #at: Position
  /** The last change read; undefined before the first. */
  #last: string | undefined

  constructor(after: string) {
    const at = readRevision(after)
    if (at === undefined) throw new AssentApiError(400, 'parameter_invalid', `${after} is no revision.`)
    this.#begin = at
    this.#after = after
    this.#at = at
  }

  /** The revision up to which everything was read. */
  get after(): string {
    return this.#after
  }

  get at(): Position {
    return this.#at
  }

  /** Throws `feed_gap` where the page is not what follows. */
  add(page: ChangePage): void {
    const [from, to] = [readRevision(page.from), readRevision(page.to)]
    if (from === undefined || to === undefined || !Array.isArray(page.changes)) throw gap('no page')
    // From the beginning of whatever log there is.
    const isStart = this.#at.seq === 0 && from.seq === 0
    if (page.from !== this.#after && !isStart) throw gap(`${page.from} does not follow ${this.#after}`)
    if (to.log !== from.log || to.seq < from.seq) throw gap(`a page from ${page.from} to ${page.to}`)
    let { seq } = from
    for (const { revision, previous } of page.changes) {
      const own = readRevision(revision)
      const isInOrder = own !== undefined && own.log === from.log && own.seq > seq && own.seq <= to.seq
      if (!isInOrder || !this.#follows(previous)) throw gap(`${revision} names ${previous} before it`)
      this.#last = revision
      seq = own.seq
    }
    this.#after = page.to
    this.#at = to
  }

  #follows(previous: string | null): boolean {
    if (this.#last !== undefined) return previous === this.#last
    // The first change read: nothing may lie between where the reading began and it.
    return previous === null || (readRevision(previous)?.seq ?? Number.POSITIVE_INFINITY) <= this.#begin.seq
  }
}

function gap(what: string): AssentApiError {
  return new AssentApiError(0, 'feed_gap', `The change feed has a gap: ${what}.`)
}
