import { impossible } from '../domain/errors.ts'
import type { AssentEvent } from '../domain/events.ts'
import type { LogHead } from '../domain/log-head.ts'
import type { FoldedState } from '../domain/pack-state.ts'
import type { Revision } from '../domain/revision.ts'
import type { AppliedBatch, AppliedObserver, Contact, LinkedBatch } from './decisions.ts'
import type { Heard, LoadTarget, LogSource } from './log-source.ts'

/** A clock further from the database's than this denies `stale`. */
const clockSkewBoundMs = 1_000
/** How long a read is held back where there is nothing: the beat at which contact is renewed. */
const beatMs = 250
/** So that applying them holds nobody up. */
const eventsMax = 1_000

/** What is filled from the log. */
export type FollowedIndex = {
  /** Begins anew with nothing. */
  clear(): LoadTarget
  /** What came with a batch, before its events. */
  name(identifiers: AppliedBatch['identifiers']): void
  apply(event: AssentEvent): void
  /** Puts a subject where her events would lead. */
  put(state: FoldedState): void
  /** All of a batch, or of a load, is there. */
  settle(): void
}

/**
 * Keeps an index in step with a log: loads it, applies what follows, and knows how old that knowledge is.
 *
 * It is loaded completely, or not at all. Each batch must follow the last by number and by hash: whatever does not,
 * because the log went back, began again or is another, drops the index and loads it. Writers of this process apply
 * their own batches through `apply`; the reading loop finds other writers'.
 */
export class LogFollower {
  readonly #source: LogSource
  readonly #index: FollowedIndex
  readonly #log: { readonly warn: (what: object, message: string) => void }
  readonly #monotonic: () => number
  readonly #stalenessBoundMs: number
  readonly #observers = new Set<AppliedObserver>()
  readonly #waiters = new Set<{ readonly revision: Revision; readonly resolve: () => void }>()
  #head: LogHead = { epoch: 0, log: 0, seq: 0, hash: '', recordedAtMs: 0 }
  #isLoaded = false
  #isClosed = false
  #loading: Promise<void> | undefined
  /** How often it was loaded, begun ones included. */
  #loads = 0
  /** The end of what was applied while there was no index; a load must reach it to be complete. */
  #neededSeq = 0
  #contactAt = Number.NEGATIVE_INFINITY
  #contactWallMs = Number.NEGATIVE_INFINITY
  #isClockTrusted = false
  #databaseClock = { nowMs: 0, errorMs: Number.POSITIVE_INFINITY, at: 0 }
  #timer: NodeJS.Timeout | undefined
  /** Grows whenever what `isFresh` says may have changed by anything but time. */
  changes = 0

  constructor(options: {
    readonly source: LogSource
    readonly index: FollowedIndex
    readonly log: { readonly warn: (what: object, message: string) => void }
    readonly monotonic: () => number
    readonly stalenessBoundMs: number
  }) {
    this.#source = options.source
    this.#index = options.index
    this.#log = options.log
    this.#monotonic = options.monotonic
    this.#stalenessBoundMs = options.stalenessBoundMs
  }

  /** The last event applied. */
  get head(): LogHead {
    return this.#head
  }

  /** False while there is nothing that could be asked. */
  get isLoaded(): boolean {
    return this.#isLoaded
  }

  isFresh(): boolean {
    return this.#isLoaded && this.#isClockTrusted && this.lagMs() <= this.#stalenessBoundMs
  }

  /** By whichever clock says more: the monotonic one may stand still while a machine sleeps. */
  lagMs(): number {
    return Math.max(this.#monotonic() - this.#contactAt, Date.now() - this.#contactWallMs)
  }

  contact(): Contact | undefined {
    if (!this.#isLoaded) return undefined
    const { nowMs, errorMs, at } = this.#databaseClock
    return {
      head: this.#head,
      ageMs: this.lagMs(),
      databaseNowMs: nowMs + this.#monotonic() - at,
      databaseNowErrorMs: errorMs,
    }
  }

  observe(observer: AppliedObserver): () => void {
    this.#observers.add(observer)
    return () => this.#observers.delete(observer)
  }

  /** Loads, then reads on by itself until it is closed. Rejects where the first load fails. */
  async start(): Promise<void> {
    await this.catchUp()
    this.#timer = setTimeout(() => void this.#follow(), 0)
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
  }

  /**
   * Throws on a gap. What comes while there is no index is left to the load under way, or the next: it is not complete
   * before it has read that far.
   */
  apply(batch: AppliedBatch): void {
    if (this.#isLoaded) this.#apply(batch)
    else this.#neededSeq = Math.max(this.#neededSeq, batch.head.seq)
  }

  /** Reads and applies what the log has, until there is no more; loads where there is nothing to go on from. */
  async catchUp(waitMs = 0): Promise<void> {
    if (!this.#isLoaded) await this.#load()
    else if (!(await this.#readOn(waitMs))) {
      this.#drop()
      await this.#load()
    }
  }

  /** Resolves true once `revision` is applied, false after `timeoutMs`. */
  async waitFor(revision: Revision, timeoutMs: number): Promise<boolean> {
    if (this.#isReached(revision)) return true
    if (timeoutMs <= 0) return false
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter)
        resolve(false)
      }, timeoutMs)
      const waiter = {
        revision,
        resolve: () => {
          clearTimeout(timer)
          resolve(true)
        },
      }
      this.#waiters.add(waiter)
    })
  }

  async #follow(): Promise<void> {
    let pauseMs = 0
    try {
      await this.catchUp(beatMs)
    } catch (error) {
      if (!this.#isClosed) this.#log.warn({ err: error }, 'the log cannot be followed')
      pauseMs = beatMs
    }
    if (!this.#isClosed) this.#timer = setTimeout(() => void this.#follow(), pauseMs)
  }

  #drop(): void {
    this.#isLoaded = false
    this.changes += 1
    for (const observer of this.#observers) observer.dropped()
  }

  #load(): Promise<void> {
    this.#loading ??= this.#loadAll().finally(() => {
      this.#loading = undefined
    })
    return this.#loading
  }

  async #loadAll(): Promise<void> {
    this.#loads += 1
    this.#neededSeq = 0
    this.#head = await this.#source.load(this.#index.clear())
    this.#index.settle()
    do {
      if (!(await this.#readOn(0))) throw new Error('the log began again while it was loaded')
    } while (this.#head.seq < this.#neededSeq)
    this.#isLoaded = true
    this.changes += 1
    this.#wake()
  }

  /** Until there is no more. False where what the source has does not follow what is here, or cannot be applied. */
  async #readOn(waitMs: number): Promise<boolean> {
    const loads = this.#loads
    /** The end that was heard of first, and when that was known; contact is dated by it once it is reached. */
    let goal: { readonly seq: number; readonly at: number } | undefined
    for (let wait = waitMs; ; wait = 0) {
      const asked = this.#head
      const heard = await this.#source.read(asked, { waitMs: wait, eventsMax })
      // It was loaded meanwhile: this is about what is no more.
      if (loads !== this.#loads) return true
      const trouble = whyNot(asked, heard) ?? this.#tryApply(heard)
      if (trouble !== undefined) {
        this.#log.warn({ here: asked, there: heard.head, trouble }, 'the index is dropped and loaded again')
        return false
      }
      const heardAt = this.#monotonic()
      this.#databaseClock = { nowMs: heard.databaseNowMs, errorMs: heard.databaseNowErrorMs, at: heardAt }
      const skewMs = Math.abs(heard.databaseNowMs - Date.now())
      this.#isClockTrusted = skewMs <= clockSkewBoundMs + heard.databaseNowErrorMs
      goal ??= { seq: heard.head.seq, at: heardAt - heard.ageMs }
      if (this.#head.seq >= goal.seq) {
        if (goal.at > this.#contactAt) {
          this.#contactAt = goal.at
          this.#contactWallMs = Date.now() - (heardAt - goal.at)
        }
        goal = undefined
      }
      this.changes += 1
      if (this.#head.seq >= heard.head.seq) return true
    }
  }

  #tryApply({ batches }: Heard): string | undefined {
    try {
      for (const batch of batches) this.#apply(batch)
    } catch (error) {
      return `an event could not be applied: ${(error as Error).message}`
    }
    const last = batches.at(-1)?.head
    const isOther = last !== undefined && last.seq === this.#head.seq && last.hash !== this.#head.hash
    return isOther ? 'what was applied here meanwhile is of another log' : undefined
  }

  /** Events already applied are passed over. */
  #apply(batch: AppliedBatch): void {
    const before = this.#head
    const events = batch.events.filter(({ seq }) => seq > before.seq)
    if (events.length === 0) return
    this.#index.name(batch.identifiers)
    // What was folded upon where this index stands need not be folded again.
    const states = events.length === batch.events.length ? batch.states : undefined
    let { seq } = before
    for (const event of events) {
      if (event.seq !== seq + 1) impossible(`event ${event.seq} follows ${seq}`)
      if (states === undefined || event.subjectId === null) this.#index.apply(event)
      seq = event.seq
    }
    for (const state of states ?? []) this.#index.put(state)
    if (batch.head.seq !== seq) impossible(`a batch that ends at ${seq} says ${batch.head.seq}`)
    this.#head = batch.head
    this.#index.settle()
    const { identifiers, head } = batch
    const linked: LinkedBatch = { events, identifiers, head, previousHash: before.hash }
    for (const observer of this.#observers) observer.applied(linked)
    this.#wake()
  }

  #wake(): void {
    for (const waiter of this.#waiters) {
      if (!this.#isReached(waiter.revision)) continue
      this.#waiters.delete(waiter)
      waiter.resolve()
    }
  }

  #isReached({ epoch, log, seq }: Revision): boolean {
    const head = this.#head
    return this.#isLoaded && log === head.log && epoch === head.epoch && seq <= head.seq
  }
}

/** Why what was heard does not follow the place it was asked about; undefined where it does. */
function whyNot(asked: LogHead, { head, batches }: Heard): string | undefined {
  if (head.log !== asked.log || head.epoch !== asked.epoch) return 'the log began again'
  if (head.seq < asked.seq) return 'the log went back'
  if (head.seq === asked.seq) return head.hash === asked.hash ? undefined : 'the log has another end'
  if (batches.length === 0) return 'the log does not give what it has'
  let last: Pick<LogHead, 'seq' | 'hash'> = asked
  for (const batch of batches) {
    if (batch.previousHash !== last.hash) return 'an event follows another than the last one here'
    if (batch.events[0]?.seq !== last.seq + 1) return 'events are missing'
    last = batch.head
  }
  return undefined
}
