import { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { AppliedBatch, Decisions } from '../../decisions/decisions.ts'
import type { LogSource } from '../../decisions/log-source.ts'
import type { LogHead } from '../../domain/log-head.ts'
import { Link } from './link.ts'
import { type Beginning, type FromWorker, fromSent, type ToWorker } from './messages.ts'

const eventsMax = 1_000

/** What a worker hears from its primary and says to it. */
export type PrimaryLink = {
  /** Resolves with the first message. */
  readonly beginning: Promise<Beginning>
  send(message: FromWorker): void
  /** The log as a worker follows it: loaded from the database, then as fresh as the primary's contact with it. */
  source(database: LogSource): LogSource
  /** Asks the primary for all that came since the index was loaded, and applies from then on what it sends. */
  join(decisions: Decisions): void
  onMetrics(tell: () => Promise<readonly object[]>): void
}

/**
 * The worker's end of the pipe at `fd`. `ended` is called when the primary is gone, `fatal` where what it sends cannot
 * be applied: either way the process must end.
 */
export function linkToPrimary(fd: number, ended: () => void, fatal: (error: unknown) => void): PrimaryLink {
  const socket = new Socket({ fd, readable: true, writable: true })
  socket.on('close', ended)
  let begin: (beginning: Beginning) => void
  const beginning = new Promise<Beginning>((resolve) => {
    begin = resolve
  })
  let decisions: Decisions | undefined
  let database: LogSource | undefined
  /** The last place that the index has reached. */
  let head: LogHead | undefined
  let tellMetrics: (() => Promise<readonly object[]>) | undefined
  let contactAsked: ((ageMs: number) => void) | undefined

  const link = new Link<FromWorker, ToWorker>(socket, (message) => {
    switch (message.kind) {
      case 'begin':
        begin(message.beginning)
        break
      case 'apply':
        apply(fromSent(message.batch))
        break
      case 'read_on':
        readOn().catch(fatal)
        break
      case 'contact':
        contactAsked?.(message.ageMs)
        break
      case 'tell_metrics':
        tellMetrics?.().then((metrics) => link.send({ kind: 'metrics', metrics }), fatal)
    }
  })

  /** What cannot be applied is thrown to the process, which ends. */
  function apply(batch: AppliedBatch): void {
    if (decisions === undefined || head === undefined) throw new Error('a batch came before its index')
    decisions.apply(batch)
    if (batch.head.seq > head.seq) head = batch.head
    link.send({ kind: 'applied', seq: batch.head.seq })
  }

  async function readOn(): Promise<void> {
    if (decisions === undefined || database === undefined || head === undefined)
      throw new Error('asked to read early')
    for (;;) {
      const { head: end, batches } = await database.read(head, { waitMs: 0, eventsMax })
      for (const batch of batches) {
        decisions.apply(batch)
        head = batch.head
      }
      if (batches.length === 0 || head.seq >= end.seq) break
    }
    link.send({ kind: 'loaded', head })
  }

  return {
    beginning,
    send: (message) => link.send(message),
    source(given) {
      database = given
      return {
        async load(into) {
          head = await given.load(into)
          return head
        },
        /**
         * How old the primary's knowledge is, asked and answered over the pipe on which its batches come: what it knew
         * when it answered is applied here before the answer is read. A log that went back is the primary's to notice:
         * it ends all workers then.
         */
        async read(after, { waitMs }) {
          await delay(waitMs, undefined, { ref: false })
          const askedAt = performance.now()
          const ageMs = await new Promise<number>((resolve) => {
            contactAsked = resolve
            link.send({ kind: 'ask_contact' })
          })
          return {
            head: after,
            batches: [],
            ageMs: ageMs + performance.now() - askedAt,
            databaseNowMs: Date.now(),
            databaseNowErrorMs: 0,
          }
        },
      }
    },
    join(filled) {
      decisions = filled
      if (head !== undefined) link.send({ kind: 'loaded', head })
    },
    onMetrics(tell) {
      tellMetrics = tell
    },
  }
}
