import { AssentError } from '../domain/errors.ts'
import type { LogHead } from '../domain/log-head.ts'
import { appendBatch, type Outcome, unavailable } from './append-batch.ts'
import type { AppliedIndex } from './applied-index.ts'
import type { Call } from './call.ts'
import type { Ids } from './draft.ts'
import type { LedgerLoad } from './ledger.ts'
import type { BatchRefused, KeptAnswer, LedgerStore } from './ledger-store.ts'
import { OpenBatch } from './open-batch.ts'
import { answerFromKept, seqOf } from './repeats.ts'
import type { Sealer } from './sealer.ts'

const waitingMax = 20_000
const callsABatchMax = 500
/** So many are planned before a batch may go: the database should not wait until everything that came is planned. */
const callsAtOnce = 64
const triesMax = 5
/** So long a call waits for a batch under way before it is told to come again; it may wait twice that. */
const patienceMs = 2_000

type Sent = { readonly batch: OpenBatch; readonly outcome: Promise<Outcome> }

/**
 * Writes calls in batches, one at a time and in order, while the next one is planned and sealed on top of the one under
 * way. A batch whose predecessor was not written is thrown away, and its calls are planned anew on what is true. A
 * call is answered once its batch is committed and applied everywhere.
 */
export class BatchPipeline {
  readonly #store: LedgerStore
  readonly #index: AppliedIndex
  readonly #sealer: Sealer
  readonly #ids: Ids
  readonly #fatal: (error: unknown) => void
  /** Calls that are in no batch yet. */
  #waiting: Call[] = []
  /** Takes calls, and is sent next. */
  #open: OpenBatch | undefined
  #underWay: OpenBatch | undefined
  /** Where the log ends, as far as this writer knows; undefined where it must become the writer first. */
  #head: LogHead | undefined
  /** Resolves once everything committed is applied everywhere. */
  #applied: Promise<void> | undefined
  #isPlanning = false
  #isAppending = false
  /** Nothing is planned while calls are written one by one. */
  #isHeld = false
  #isDead = false
  #idle: (() => void)[] = []
  readonly #written = { batches: 0, events: 0, lastBatch: 0 }

  constructor(options: {
    readonly store: LedgerStore
    readonly index: AppliedIndex
    readonly sealer: Sealer
    readonly ids: Ids
    readonly fatal: (error: unknown) => void
  }) {
    this.#store = options.store
    this.#index = options.index
    this.#sealer = options.sealer
    this.#ids = options.ids
    this.#fatal = options.fatal
  }

  /** Takes a call. Throws `queue_full`. */
  submit(call: Call): void {
    if (this.#waiting.length >= waitingMax) {
      const why = 'Too many writes are waiting; nothing was written. Try again shortly.'
      throw new AssentError('queue_full', why)
    }
    this.#waiting.push(call)
    if (this.#waiting.length === 1) this.#wake()
  }

  /** How busy it is, for operators. */
  load(): LedgerLoad {
    return { queued: this.#waiting.length, ...this.#written }
  }

  /** Resolves once no call is on its way, or none will ever be answered. */
  whenIdle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idle.push(resolve)
      this.#tellIdle()
    })
  }

  /** Once every socket that has something was read, so that calls which came together are planned together. */
  #wake(): void {
    setImmediate(() => {
      void this.#plan()
      void this.#append()
    })
  }

  /** Puts waiting calls into the open batch. */
  async #plan(): Promise<void> {
    if (this.#isPlanning || this.#isHeld || this.#isDead) return
    this.#isPlanning = true
    while (this.#waiting.length > 0 && !this.#isHeld) {
      try {
        const open = this.#open ?? (await this.#begin())
        if (this.#isHeld) break
        this.#open = open
        const room = callsABatchMax - open.planned.length
        if (room <= 0) break
        const count = Math.min(room, callsAtOnce)
        for (const call of this.#waiting.splice(0, count)) this.#planIn(open, call)
        const missing = open.missingKeys()
        if (missing.length > 0) await this.#sealer.learn(this.#store, missing)
        // Meanwhile the batch before it may have failed: then these calls wait again.
        if (this.#open === open) open.seal()
      } catch (error) {
        for (const call of [...this.#takeOpen(), ...this.#waiting.splice(0)]) call.reject(unavailable(error))
      }
      void this.#append()
    }
    this.#isPlanning = false
    this.#tellIdle()
  }

  /** An empty batch on top of all that is planned so far. Becomes the writer first, where this is not yet. */
  async #begin(): Promise<OpenBatch> {
    let before = this.#underWay
    if (before === undefined) {
      this.#head ??= await this.#store.acquireLease()
      if (this.#index.revision().seq !== this.#head.seq) await this.#index.catchUp()
      before = this.#underWay
    }
    const after = before?.head() ?? this.#head
    if (after === undefined)
      throw new AssentError('log_unavailable', 'The log has no writer; nothing was written.')
    return new OpenBatch({ index: this.#index, before, after }, this.#ids, this.#sealer)
  }

  #planIn(batch: OpenBatch, call: Call): void {
    try {
      batch.add(call)
    } catch (error) {
      void this.#turnAway(call, error)
    }
  }

  /** What was answered before is answered so again, even where it would be turned away now. */
  async #turnAway(call: Call, why: unknown): Promise<void> {
    if (call.repeat === null) return call.reject(why)
    try {
      const kept = (await this.#store.findAnswers([call.repeat.digest])).get(call.repeat.digest)
      if (kept === undefined) return call.reject(why)
      await this.#reach([kept])
      answerFromKept(call, kept)
    } catch (error) {
      call.reject(unavailable(error))
    }
  }

  /** The database does not answer. Calls that were not sent need not wait until it does; those that were must. */
  #turnAllAway(): void {
    const why = 'The database does not answer; nothing was written. Try again shortly.'
    for (const call of [...this.#takeOpen(), ...this.#waiting.splice(0)]) {
      call.reject(new AssentError('log_unavailable', why))
    }
  }

  /** Sends open batches one after the other, until there is none. */
  async #append(): Promise<void> {
    if (this.#isAppending || this.#isDead) return
    this.#isAppending = true
    for (let sent = this.#send(); sent !== undefined && !this.#isDead; ) {
      const { batch } = sent
      const outcome = await sent.outcome
      this.#underWay = undefined
      if (outcome.is === 'committed') {
        this.#head = batch.head()
        if (outcome.isLost) {
          this.#retry(this.#takeOpen())
          this.#head = undefined
        }
        // The database has the next one before this one is applied here.
        sent = this.#send()
        this.#apply(batch)
      } else {
        this.#retry(this.#takeOpen())
        await this.#recover(batch, outcome)
        sent = this.#send()
      }
      if (this.#waiting.length > 0) void this.#plan()
    }
    this.#isAppending = false
    this.#tellIdle()
  }

  #send(): Sent | undefined {
    const batch = this.#open
    if (batch === undefined || batch.planned.length === 0 || !batch.isSealed()) return undefined
    this.#open = undefined
    this.#underWay = batch
    return { batch, outcome: this.#outcomeOf(batch) }
  }

  async #outcomeOf(batch: OpenBatch): Promise<Outcome> {
    if (batch.events.length === 0) return { is: 'committed', isLost: false }
    const impatience = setInterval(() => this.#turnAllAway(), patienceMs)
    try {
      return await appendBatch(this.#store, batch.toBatch())
    } finally {
      clearInterval(impatience)
    }
  }

  /** Applies a committed batch, and answers its calls once that is done everywhere. */
  #apply(batch: OpenBatch): void {
    try {
      this.#applied = batch.applyTo(this.#index) ?? this.#applied
    } catch (error) {
      this.#die(error)
      return
    }
    if (batch.events.length > 0) {
      this.#written.batches += 1
      this.#written.events += batch.events.length
      this.#written.lastBatch = batch.events.length
    }
    batch.giveWayTo(this.#index, [this.#underWay, this.#open])
    const pending = this.#applied
    if (pending === undefined) {
      batch.settle()
      return
    }
    const settle = () => {
      if (this.#applied === pending) this.#applied = undefined
      batch.settle()
      this.#tellIdle()
    }
    pending.then(settle, (error) => this.#die(error))
  }

  /** Nothing of `batch` was written; its calls are answered, or wait again. */
  async #recover(batch: OpenBatch, outcome: Exclude<Outcome, { is: 'committed' }>): Promise<void> {
    const calls = batch.planned.map(({ call }) => call)
    try {
      switch (outcome.is) {
        case 'moved':
          this.#head = undefined
          for (const call of calls) call.tries += 1
          this.#retry(calls.filter(isPatient))
          for (const call of calls) if (!isPatient(call)) call.reject(anotherWriter())
          return
        case 'repeated':
          return await this.#answerRepeated(calls, outcome.kept)
        case 'refused':
          return await this.#writeAlone(calls, outcome.error)
        case 'failed':
          this.#head = undefined
          for (const call of calls) call.reject(outcome.error)
      }
    } catch (error) {
      this.#head = undefined
      for (const call of calls) call.reject(unavailable(error))
    }
  }

  async #answerRepeated(calls: readonly Call[], kept: readonly KeptAnswer[]): Promise<void> {
    const byDigest = new Map(kept.map((answer) => [answer.digest, answer]))
    const keptFor = (call: Call) => (call.repeat === null ? undefined : byDigest.get(call.repeat.digest))
    await this.#reach(kept)
    this.#retry(calls.filter((call) => keptFor(call) === undefined))
    for (const call of calls) {
      const answer = keptFor(call)
      if (answer !== undefined) answerFromKept(call, answer)
    }
  }

  /** One of several calls is at fault: alone, the others are written. */
  async #writeAlone(calls: readonly Call[], error: BatchRefused): Promise<void> {
    if (calls.length === 1) {
      const why = 'The database refused this; nothing was written.'
      const told =
        error.cause instanceof AssentError ? error.cause : new AssentError('internal', why, { cause: error })
      return calls[0]?.reject(told)
    }
    this.#isHeld = true
    for (const call of calls) {
      try {
        const alone = await this.#begin()
        this.#planIn(alone, call)
        if (alone.planned.length === 0) continue
        const missing = alone.missingKeys()
        if (missing.length > 0) await this.#sealer.learn(this.#store, missing)
        alone.seal()
        const outcome = await this.#outcomeOf(alone)
        if (outcome.is === 'committed') {
          this.#head = outcome.isLost ? undefined : alone.head()
          this.#apply(alone)
        } else await this.#recover(alone, outcome)
      } catch (failure) {
        this.#head = undefined
        call.reject(unavailable(failure))
      }
      if (this.#isDead) return
    }
    this.#isHeld = false
  }

  /** An answer is given only where the index has what it speaks of. */
  async #reach(kept: readonly KeptAnswer[]): Promise<void> {
    const seq = Math.max(...kept.map(seqOf))
    if (this.#index.revision().seq < seq) await this.#index.catchUp()
    await this.#applied
  }

  #takeOpen(): readonly Call[] {
    const open = this.#open
    this.#open = undefined
    return open === undefined ? [] : open.planned.map(({ call }) => call)
  }

  /** Puts calls back, ahead of the others. */
  #retry(calls: readonly Call[]): void {
    this.#waiting = [...calls, ...this.#waiting]
  }

  /** What is committed could not be applied: nothing is answered from here on. */
  #die(error: unknown): void {
    this.#isDead = true
    this.#fatal(error)
    this.#tellIdle()
  }

  #tellIdle(): void {
    const isBusy =
      this.#isPlanning ||
      this.#isAppending ||
      this.#applied !== undefined ||
      this.#waiting.length > 0 ||
      (this.#open?.planned.length ?? 0) > 0
    if (isBusy && !this.#isDead) return
    for (const resolve of this.#idle.splice(0)) resolve()
  }
}

const isPatient = ({ tries }: Call) => tries < triesMax
const anotherWriter = () =>
  new AssentError('log_unavailable', 'Another writer is at work; nothing was written.')
