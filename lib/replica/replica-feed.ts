import type { Readable } from 'node:stream'
import type { Contact, Decisions } from '../decisions/decisions.ts'
import type { LogSource } from '../decisions/log-source.ts'
import { AssentError } from '../domain/errors.ts'
import type { Revision } from '../domain/revision.ts'
import { LogTail } from './log-tail.ts'
import { batchJson, pageJson } from './pages.ts'

/** How long a reader who has more than this node waits for it to catch up. */
const aheadMs = 1_000
const eventsMax = 1_000
const statesAtOnce = 2

/** What a node gives to those that follow it. */
export type ReplicaFeed = {
  /**
   * A page of what follows `after`, as JSON (`Page`); held back at most `waitMs` where there is nothing. It says how old
   * it is and leaves the judgement to the reader. Throws `not_ready`.
   */
  page(after: Revision, waitMs: number): Promise<string>
  /**
   * Gives everything as of one moment, in frames, to `write`, which must read it to its end or destroy it. Throws
   * `rate_limited` beyond two at a time, and where it cannot be had.
   */
  state(write: (stream: Readable) => Promise<void>): Promise<void>
  close(): void
}

/**
 * Readers who are nearly up to date are served from memory, where each batch lies as JSON once for all of them; the
 * others from `source`, which is the database or the node that this one follows. States never pass through the index:
 * they are copied from where this node has them from.
 */
export function createReplicaFeed(options: {
  readonly decisions: Pick<Decisions, 'contact' | 'observe' | 'waitFor'>
  readonly source: Pick<LogSource, 'read'>
  readonly openState: () => Promise<Readable>
  readonly monotonic?: () => number
}): ReplicaFeed {
  const { decisions, source } = options
  const monotonic = options.monotonic ?? (() => performance.now())
  const tail = new LogTail(monotonic)
  const stop = decisions.observe(tail)
  let states = 0

  return {
    async page(after, waitMs) {
      const arrivedAt = monotonic()
      tail.expectReader()
      const place = known(decisions).head
      if (place.epoch === after.epoch && place.log === after.log) {
        if (after.seq > place.seq) await decisions.waitFor(after, aheadMs)
        await decisions.waitFor({ ...after, seq: after.seq + 1 }, waitMs)
      }
      const contact = known(decisions)
      const { head } = contact
      const isFurther = head.epoch === after.epoch && head.log === after.log && head.seq > after.seq
      const batches = isFurther ? tail.after(after.seq) : []
      if (batches !== undefined) return pageJson(contact, monotonic() - arrivedAt, batches)
      const heard = await source
        .read({ ...head, seq: after.seq }, { waitMs: 0, eventsMax })
        .catch((cause) => {
          throw new AssentError('not_ready', 'This node cannot read so far back now.', { cause })
        })
      return pageJson(heard, monotonic() - arrivedAt, heard.batches.map(batchJson))
    },
    async state(write) {
      if (states >= statesAtOnce) {
        throw new AssentError('rate_limited', 'As many replicas as may are being filled; try again shortly.')
      }
      states += 1
      try {
        await write(await options.openState())
      } finally {
        states -= 1
      }
    },
    close: () => stop(),
  }
}

/** Throws `not_ready` while there is no index. */
function known(decisions: Pick<Decisions, 'contact'>): Contact {
  const contact = decisions.contact()
  if (contact === undefined) throw new AssentError('not_ready', 'This node is being loaded.')
  return contact
}
