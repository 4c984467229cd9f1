import { once } from 'node:events'
import type { Writable } from 'node:stream'
import type { Decisions } from '../decisions/decisions.ts'
import { AssentError } from '../domain/errors.ts'
import { formatRevision, type Revision } from '../domain/revision.ts'
import type { ReadEvent } from '../ledger/event-reader.ts'
import { changeBody } from './change-feed.ts'
import type { Place } from './limits/key-limits.ts'

/** A reader hears at least once a second how far the log is. */
const heartbeatMs = 750
/** A reader that takes nothing for so long is gone. */
const stalledMs = 60_000

export type StreamOptions = {
  readonly decisions: Pick<Decisions, 'revision' | 'waitFor' | 'isReady' | 'lagMs'>
  /** At most a page of changes after `afterSeq`, up to `untilSeq`. */
  readonly read: (afterSeq: number, untilSeq: number) => Promise<readonly ReadEvent[]>
  /** Changes in a page. */
  readonly limit: number
  readonly from: Revision
  /** Throws where the reader may read no more; asked before each page. */
  readonly assertAllowed: () => void
  readonly place: Pick<Place, 'hold' | 'room'>
}

/**
 * Writes every change after `from` as Server-Sent Events until the reader goes away. One page at a time is read, and
 * the next only once the reader has taken it, so a slow one costs no memory. Waiting ends with the write that it waits
 * for: nothing polls.
 *
 * `change` has the change's revision as its id and names the change before it. `head`, at least once a second, says
 * that every change in `(from, to]` was sent before it, and how far and how late this node is; `stale` is the same from
 * a node that may be behind. `end` says why nothing follows. Rejects where the log cannot be read or the reader is
 * gone.
 */
export async function streamChanges(sink: Writable, options: StreamOptions): Promise<void> {
  const { decisions, read, limit, from, assertAllowed, place } = options
  let [told, to, toldAt] = [from.seq, from.seq, Number.NEGATIVE_INFINITY]
  while (!sink.destroyed) {
    const head = decisions.revision()
    if (head.epoch !== from.epoch || head.log !== from.log || head.seq < to) {
      throw new AssentError('revision_unknown', 'This log began again: what was sent may not stand.')
    }
    assertAllowed()
    let text = ''
    if (head.seq > to) {
      const page = await read(to, head.seq)
      to = page.length === limit ? page.at(-1)!.event.seq : head.seq
      for (const each of page)
        text += eventText('change', { ...head, seq: each.event.seq }, changeBody(each, head))
    }
    if (performance.now() - toldAt >= heartbeatMs) {
      text += headText(decisions, { ...from, seq: told }, { ...head, seq: to })
      told = to
      toldAt = performance.now()
    }
    await send(sink, text, place)
    await place.room()
    if (to >= decisions.revision().seq) {
      await decisions.waitFor({ ...head, seq: to + 1 }, Math.max(1, toldAt + heartbeatMs - performance.now()))
    }
  }
}

/** The last event of a stream that ends for a reason. */
export function endText(error: AssentError): string {
  return `event: end\ndata: ${JSON.stringify({ code: error.code, detail: error.message })}\n\n`
}

function headText(decisions: StreamOptions['decisions'], from: Revision, to: Revision): string {
  return eventText(decisions.isReady() ? 'head' : 'stale', to, {
    from: formatRevision(from),
    to: formatRevision(to),
    head: formatRevision(decisions.revision()),
    lag_ms: Math.round(decisions.lagMs()),
  })
}

function eventText(name: string, id: Revision, data: object): string {
  return `id: ${formatRevision(id)}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`
}

async function send(sink: Writable, text: string, place: StreamOptions['place']): Promise<void> {
  if (text === '' || sink.write(text, place.hold(text.length)) || sink.destroyed) return
  const givingUp = AbortSignal.timeout(stalledMs)
  const given = { signal: givingUp }
  await Promise.race([once(sink, 'drain', given), once(sink, 'close', given)]).catch((cause: unknown) => {
    throw new Error('the reader has stopped reading', { cause })
  })
}
