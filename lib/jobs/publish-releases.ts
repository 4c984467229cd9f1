import type { Clock } from '../domain/clock.ts'

/** However far the next one is, what the log says is compared this often. */
const everyMs = 60_000

/**
 * Publishes scheduled releases when they are due, in the process that writes the log. It keeps nothing: what is due
 * stands in the database, so a restart loses no time but its own. One run at a time.
 */
export function createPublishJob(options: {
  readonly releases: { reconcile(): Promise<void>; publishDue(): Promise<void> }
  readonly nextDueMs: (afterMs: number) => Promise<number | undefined>
  readonly clock: Clock
  readonly log: { readonly error: (what: object, message: string) => void }
}) {
  const { releases, nextDueMs, clock, log } = options
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let isClosed = false

  async function once(): Promise<void> {
    await releases.reconcile()
    await releases.publishDue()
  }

  function run(): Promise<void> {
    running ??= once().finally(() => {
      running = undefined
    })
    return running
  }

  async function runAndWait(): Promise<void> {
    let waitMs = everyMs
    const beganMs = clock()
    try {
      await run()
      // What has failed is tried again with the next round, not at once.
      const dueMs = await nextDueMs(beganMs)
      if (dueMs !== undefined) waitMs = Math.min(Math.max(dueMs - clock(), 1_000), everyMs)
    } catch (error) {
      log.error({ err: error }, 'releases could not be looked after')
    }
    if (isClosed) return
    clearTimeout(timer)
    timer = setTimeout(() => void runAndWait(), waitMs)
    timer.unref()
  }

  return {
    /** Compares with the log, publishes what is due. Calls at once share a run. */
    run,
    start: () => void runAndWait(),
    /** Something was scheduled: looks when it is due. */
    wake(): void {
      if (timer === undefined || isClosed) return
      clearTimeout(timer)
      timer = setTimeout(() => void runAndWait(), 0)
      timer.unref()
    },
    async close(): Promise<void> {
      isClosed = true
      clearTimeout(timer)
      await running?.catch(() => undefined)
    },
  }
}
