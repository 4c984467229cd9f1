import type { Socket } from 'node:net'
import type { AppliedBatch, AppliedObserver, Decisions } from '../../decisions/decisions.ts'
import type { LogHead } from '../../domain/log-head.ts'
import { Backlog } from './backlog.ts'
import { DepartedCounts } from './departed-counts.ts'
import { lineOf } from './link.ts'
import { type Beginning, type FromWorker, toSent } from './messages.ts'
import { Waiting } from './waiting.ts'
import { WorkerProcess } from './worker-process.ts'

const tickMs = 100
/** A batch that a worker has not applied after so many ticks has it killed. */
const fenceTicks = 5
/** So has silence once it has loaded: it asks for the age of our contact four times a second. */
const silenceTicks = 50
const restartMs = { min: 250, max: 30_000 }
/** One that lived for so many ticks is replaced without waiting longer than the time before. */
const steadyTicks = 600
const endMs = 5_000
const metricsMs = 1_000
/** Older than any bound: the primary cannot answer truly now, for whatever reason. */
const neverMs = 1e12

type Log = Record<'info' | 'warn' | 'error', (what: object, message: string) => void>

export type FleetOptions = {
  readonly wanted: number
  readonly program: string
  readonly env: Readonly<Record<string, string>>
  readonly log: Log
}

/** What the workers are started over: the primary's own index, and where to leave connections nobody has read. */
export type FleetStart = {
  readonly primary: Pick<Decisions, 'revision' | 'isReady' | 'lagMs'>
  readonly beginning: Beginning
  readonly takeBack: (socket: Socket) => void
}

/**
 * The worker processes of a node, as its primary keeps them.
 *
 * `reached(seq)` resolves only when every worker that answers questions has applied everything up to `seq`, or is gone:
 * one that does not report a batch applied within half a second is killed, and its exit awaited. A worker is waited for
 * before it answers its first question, and each that ends is replaced. Time is counted in ticks of this process, so
 * that whatever holds the primary up does not have its workers killed.
 */
export class Fleet {
  readonly wanted: number
  /** To be told of all that the primary's index applies. */
  readonly observer: AppliedObserver
  /** Resolves when the first worker serves. */
  readonly begun: Promise<void>
  readonly #options: FleetOptions
  readonly #workers = new Set<WorkerProcess>()
  readonly #backlog = new Backlog()
  readonly #waiting = new Waiting()
  readonly #departed = new DepartedCounts()
  readonly #metricsAwaited = new Map<WorkerProcess, () => void>()
  #start: FleetStart | undefined
  #sentSeq = 0
  #tick = 0
  #timer: NodeJS.Timeout | undefined
  #isStopping = false
  #setBegun: () => void = () => undefined

  constructor(options: FleetOptions) {
    this.#options = options
    this.wanted = options.wanted
    this.observer = { applied: (batch) => this.#broadcast(batch), dropped: () => this.#drop() }
    this.begun = new Promise((resolve) => {
      this.#setBegun = resolve
    })
  }

  /** Starts the workers, once the primary's index is loaded. */
  start(over: FleetStart): void {
    this.#start = over
    this.#timer = setInterval(() => this.#watch(), tickMs)
    for (let number = 1; number <= this.wanted; number++) this.#spawn(over, number, restartMs.min)
  }

  live(): number {
    return this.#serving().length
  }

  /** Open connections by the worker's number. */
  connections(): readonly (readonly [worker: number, connections: number])[] {
    return this.#serving().map(({ number, connections }) => [number, connections])
  }

  /** Resolves once nobody here answers from before `seq`; undefined where that is so already. */
  reached(seq: number): Promise<void> | undefined {
    return this.#waiting.until(seq, this.#lowest())
  }

  /** Gives a connection of which nothing was read to the least busy worker; false where none serves. */
  handOver(socket: Socket): boolean {
    const [first, ...others] = this.#serving()
    if (first === undefined) return false
    others.reduce((least, each) => (each.connections < least.connections ? each : least), first).offer(socket)
    return true
  }

  /** What each worker counted, and what those that ended had. One that does not answer is left at what it last said. */
  async metrics(): Promise<readonly (readonly object[])[]> {
    await Promise.all(this.#serving().map((worker) => this.#askMetrics(worker)))
    return [this.#departed.all(), ...[...this.#workers].map(({ metrics }) => metrics)]
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    clearInterval(this.#timer)
    await Promise.all([...this.#workers].map((worker) => worker.end(endMs)))
  }

  #serving(): WorkerProcess[] {
    return [...this.#workers].filter(({ stage }) => stage === 'serving')
  }

  #spawn(over: FleetStart, number: number, waitMs: number): void {
    const { log, program, env } = this.#options
    const bornTick = this.#tick
    const worker = new WorkerProcess({
      number,
      program,
      env,
      tick: bornTick,
      take: (message) => this.#take(worker, message),
      complain: (text) => log.error({ worker: number, text }, 'a worker wrote'),
    })
    this.#workers.add(worker)
    worker.send({ kind: 'begin', beginning: over.beginning })
    log.info({ worker: number, process: worker.pid }, 'a worker begins')
    void worker.closed.then(() => worker.takeBack().forEach(over.takeBack))
    void worker.exited.then(({ code, signal }) => {
      this.#workers.delete(worker)
      this.#departed.add(worker.metrics)
      this.#metricsAwaited.get(worker)?.()
      this.#settle()
      if (this.#isStopping) return
      log.error(
        { worker: number, process: worker.pid, code, signal },
        'a worker ended; another takes its place',
      )
      const isSteady = this.#tick - bornTick >= steadyTicks
      const nextMs = isSteady ? restartMs.min : Math.min(waitMs * 2, restartMs.max)
      setTimeout(() => {
        if (!this.#isStopping) this.#spawn(over, number, nextMs)
      }, waitMs)
    })
  }

  #take(worker: WorkerProcess, message: FromWorker): void {
    worker.heardTick = this.#tick
    if (worker.stage === 'ending') return
    switch (message.kind) {
      case 'loaded':
        this.#admit(worker, message.head)
        break
      case 'applied':
        this.#hasApplied(worker, message.seq)
        break
      case 'ask_contact': {
        const { isReady, lagMs } = this.#primary()
        worker.send({ kind: 'contact', ageMs: isReady() ? lagMs() : neverMs })
        break
      }
      case 'connection_closed':
        worker.connections -= 1
        break
      case 'metrics':
        worker.metrics = message.metrics
        this.#metricsAwaited.get(worker)?.()
        break
      case 'log':
        this.#options.log[message.level]({ worker: worker.number, ...message.what }, message.message)
    }
  }

  /** A worker has loaded its index up to `head`. */
  #admit(worker: WorkerProcess, head: LogHead): void {
    const primary = this.#primary()
    const { epoch, log } = primary.revision()
    if (!primary.isReady()) this.#fence(worker, 'there is nobody to follow now')
    else if (head.epoch !== epoch || head.log !== log) this.#fence(worker, 'it loaded another log')
    else {
      worker.hasApplied(head.seq)
      this.#join(worker)
    }
  }

  /** Gives a worker more of what it lacks; with the last of it, writes begin to wait for it. */
  #join(worker: WorkerProcess): void {
    const headSeq = this.#primary().revision().seq
    const missing = this.#backlog.after(worker.appliedSeq, headSeq)
    worker.stage = 'joining'
    if (missing === undefined) {
      worker.send({ kind: 'read_on' })
      return
    }
    for (const { line, seq } of missing.batches) worker.give(line, seq, this.#tick)
    if (!missing.isAll) return
    worker.stage = 'following'
    worker.isWaitedFor = true
    worker.servesFromSeq = headSeq
    this.#hasApplied(worker, worker.appliedSeq)
  }

  #hasApplied(worker: WorkerProcess, seq: number): void {
    worker.hasApplied(seq)
    if (worker.stage === 'joining' && worker.isUpToDate) this.#join(worker)
    if (worker.stage === 'following' && worker.appliedSeq >= worker.servesFromSeq) {
      worker.stage = 'serving'
      this.#options.log.info({ worker: worker.number, seq: worker.appliedSeq }, 'a worker serves')
      this.#setBegun()
      if ([...this.#workers].every(({ isWaitedFor }) => isWaitedFor)) this.#backlog.clear()
    }
    this.#settle()
  }

  #broadcast(batch: AppliedBatch): void {
    const { seq } = batch.head
    const first = batch.events[0]
    if (first === undefined || seq <= this.#sentSeq) return
    const line = lineOf({ kind: 'apply', batch: toSent(batch) })
    let isLoading = false
    for (const worker of this.#workers) {
      if (worker.stage === 'following' || worker.stage === 'serving') worker.give(line, seq, this.#tick)
      else isLoading ||= worker.stage !== 'ending'
    }
    if (isLoading) this.#backlog.add({ firstSeq: first.seq, seq, events: batch.events.length, line })
    this.#sentSeq = seq
  }

  /** The log is another one than the workers follow. */
  #drop(): void {
    this.#backlog.clear()
    this.#sentSeq = 0
    for (const worker of this.#workers) this.#fence(worker, 'the log is another one')
  }

  /** The last sequence number that everybody who answers has applied. */
  #lowest(): number {
    let lowest = Number.POSITIVE_INFINITY
    for (const worker of this.#workers) if (worker.isWaitedFor) lowest = Math.min(lowest, worker.appliedSeq)
    return lowest
  }

  #settle(): void {
    this.#waiting.advance(this.#lowest())
  }

  #watch(): void {
    this.#tick += 1
    // What has arrived meanwhile is read before anybody is judged.
    setImmediate(() => {
      for (const worker of this.#workers) {
        if (worker.stage === 'ending') continue
        if (worker.overdue(this.#tick) > fenceTicks) this.#fence(worker, 'it does not apply what was written')
        else if (worker.stage !== 'loading' && this.#tick - worker.heardTick > silenceTicks) {
          this.#fence(worker, 'it is silent')
        }
      }
    })
  }

  /** Ends a worker at once. Writes go on waiting for it until it is gone. */
  #fence(worker: WorkerProcess, why: string): void {
    if (worker.stage === 'ending') return
    this.#options.log.warn({ worker: worker.number, process: worker.pid, why }, 'a worker is fenced')
    worker.kill()
  }

  #askMetrics(worker: WorkerProcess): Promise<void> {
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer)
        this.#metricsAwaited.delete(worker)
        resolve()
      }
      const timer = setTimeout(finish, metricsMs)
      this.#metricsAwaited.set(worker, finish)
      worker.send({ kind: 'tell_metrics' })
    })
  }

  #primary(): FleetStart['primary'] {
    if (this.#start === undefined) throw new Error('the workers were not started')
    return this.#start.primary
  }
}
