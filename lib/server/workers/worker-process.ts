import { type ChildProcess, spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type Line, Link, lineOf } from './link.ts'
import type { FromWorker, ToWorker } from './messages.ts'

/**
 * `loading`: it fills its index. `joining`: it is given, piece by piece, what came since. `following`: it gets each
 * batch as it is applied, and writes wait for it. `serving`: the same, and it answers questions. `ending`: it was
 * killed, and writes wait for its exit.
 */
export type WorkerStage = 'loading' | 'joining' | 'following' | 'serving' | 'ending'

/** One worker process as its primary sees it, from its start to its exit. */
export class WorkerProcess {
  readonly number: number
  stage: WorkerStage = 'loading'
  /** From `following` until it is gone. */
  isWaitedFor = false
  /** The last sequence number it is known to have applied. */
  appliedSeq = 0
  /** What it must have applied before it may answer. */
  servesFromSeq = Number.POSITIVE_INFINITY
  /** Connections it was given and has not reported closed. */
  connections = 0
  /** When it was last heard from, in the fleet's ticks. */
  heardTick: number
  /** Its counts when they were last asked for. */
  metrics: readonly object[] = []
  /** Resolves when the process is gone: its sockets are closed then, and it answers nobody. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>
  /** Resolves when all that it ever said has been read, too. */
  readonly closed: Promise<void>
  readonly #child: ChildProcess
  readonly #link: Link<ToWorker, FromWorker>
  /** Batches it has not reported applied, oldest first. */
  readonly #unapplied: { readonly seq: number; readonly tick: number }[] = []
  /** Connections it has not said it took; they are still open here. */
  readonly #offered: Socket[] = []

  constructor(options: {
    readonly number: number
    readonly program: string
    readonly env: Readonly<Record<string, string>>
    readonly tick: number
    readonly take: (message: FromWorker) => void
    readonly complain: (text: string) => void
  }) {
    this.number = options.number
    this.heardTick = options.tick
    const child = spawn(process.execPath, ['--enable-source-maps', options.program], {
      env: { ...options.env } as NodeJS.ProcessEnv,
      // The channel hands over connections, the last pipe carries messages; both end with this process.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe'],
    })
    this.#child = child
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => options.complain(text.trimEnd()))
    }
    this.#link = new Link(child.stdio[4] as Duplex, options.take)
    child.on('message', () => this.#offered.shift()?.destroy())
    this.closed = new Promise((resolve) => child.once('close', () => resolve()))
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }))
      // It could not be started at all.
      child.once('error', () => {
        if (child.pid === undefined) resolve({ code: null, signal: null })
      })
    })
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  send(message: ToWorker): void {
    this.#link.write(lineOf(message))
  }

  /** Sends it a batch that ends at `seq`; it must report it applied. */
  give(line: Line, seq: number, tick: number): void {
    this.#unapplied.push({ seq, tick })
    this.#link.write(line)
  }

  /** It has applied everything up to `seq`. */
  hasApplied(seq: number): void {
    this.appliedSeq = Math.max(this.appliedSeq, seq)
    while (this.#unapplied.length > 0 && this.#unapplied[0]!.seq <= this.appliedSeq) this.#unapplied.shift()
  }

  get isUpToDate(): boolean {
    return this.#unapplied.length === 0
  }

  /** For how many ticks the oldest batch has waited for it. */
  overdue(tick: number): number {
    const oldest = this.#unapplied[0]
    return oldest === undefined ? 0 : tick - oldest.tick
  }

  /** Hands a connection over of which nothing was read. It stays open here until the worker says that it has it. */
  offer(socket: Socket): void {
    this.connections += 1
    this.#offered.push(socket)
    this.#child.send('connection', socket, { keepOpen: true }, () => undefined)
  }

  /** The connections that it was given and never took: nobody has read from them. */
  takeBack(): readonly Socket[] {
    return this.#offered.splice(0)
  }

  /** Ends it at once, whatever it does. */
  kill(): void {
    this.stage = 'ending'
    this.#child.kill('SIGKILL')
  }

  /** Asks it to end; it is killed where it does not within `graceMs`. */
  async end(graceMs: number): Promise<void> {
    this.#child.kill('SIGTERM')
    const timer = setTimeout(() => this.kill(), graceMs)
    await this.exited
    clearTimeout(timer)
  }
}
