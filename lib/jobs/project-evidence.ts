import { setTimeout as delay } from 'node:timers/promises'
import type { EvidenceProjection, EvidenceStep } from './evidence-projection.ts'

type Log = Readonly<Record<'info' | 'warn', (what: object, message: string) => void>>

/** Of each source at a time: some hundred milliseconds' worth. */
const stepMax = 5_000
/** Acts are not announced: how late one may be in the log, where nobody reads. */
const pollMs = 1_000
/** After a step that failed. */
const retryMs = 2_000
const progressMs = 10_000

export type EvidenceFollower = {
  /**
   * Resolves true once everything that was committed before the call is in the log of evidence, false where that takes
   * longer than `timeoutMs`.
   */
  settle(timeoutMs: number): Promise<boolean>
  /** How late the log is: events that it lacks, and milliseconds since it last lacked none. */
  lag(): { readonly events: number; readonly ms: number }
  /** The event that it reaches. */
  seq(): number
  close(): Promise<void>
}

/**
 * Follows events and acts into the log of evidence, beside whatever writes them: nobody's consent waits for it. It begins
 * where it stopped. What fails is tried again, and counts as lag.
 */
export function followEvidence(options: {
  readonly projection: EvidenceProjection
  readonly log: Log
  readonly stepMax?: number
}): EvidenceFollower {
  const { projection, log } = options
  const limit = options.stepMax ?? stepMax
  const closing = new AbortController()
  let last: EvidenceStep = { added: 0, seq: 0, eventsBehind: 0, actsWait: true }
  let currentAt = performance.now()
  let toldAt = performance.now()
  let isRenewed = false
  /** Whoever waits for a round that begins from now on. */
  let waiting: (() => void)[] = []
  let wake: () => void = () => undefined

  /** Steps until nothing is left. */
  async function round(): Promise<void> {
    if (!isRenewed) await projection.renew()
    isRenewed = true
    do {
      last = await projection.step(limit)
      if (performance.now() - toldAt >= progressMs && last.eventsBehind > 0) {
        toldAt = performance.now()
        log.info({ seq: last.seq, behind: last.eventsBehind }, 'the log of evidence is catching up')
      }
    } while ((last.eventsBehind > 0 || last.actsWait) && !closing.signal.aborted)
    currentAt = performance.now()
  }

  async function follow(): Promise<void> {
    while (!closing.signal.aborted) {
      const served = waiting
      waiting = []
      let pauseMs = pollMs
      try {
        await round()
        for (const resolve of served) resolve()
      } catch (error) {
        if (closing.signal.aborted) return
        waiting.push(...served)
        pauseMs = retryMs
        log.warn({ err: error }, 'the log of evidence could not be moved on')
      }
      // Whoever came meanwhile asks for another round, unless the last one failed.
      if (waiting.length > 0 && pauseMs === pollMs) continue
      const woken = new Promise<void>((resolve) => {
        wake = resolve
      })
      const timer = new AbortController()
      const signal = AbortSignal.any([closing.signal, timer.signal])
      await Promise.race([delay(pauseMs, undefined, { signal }).catch(() => undefined), woken])
      timer.abort()
    }
  }
  const following = follow()

  return {
    settle(timeoutMs) {
      return new Promise((resolve) => {
        const timer = setTimeout(() => resolve(false), timeoutMs)
        waiting.push(() => {
          clearTimeout(timer)
          resolve(true)
        })
        wake()
      })
    },
    lag: () => ({
      events: last.eventsBehind,
      ms: Math.max(0, Math.round(performance.now() - currentAt)),
    }),
    seq: () => last.seq,
    async close() {
      closing.abort()
      await following
      await projection.close()
    },
  }
}
