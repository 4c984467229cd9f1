import { AssentApiError } from './client.ts'

const firstPauseMs = 50
const longestPauseMs = 5_000

/** Whether the same call may be answered later: nobody answered, or the server says not now. */
export function isTransient(error: unknown): error is AssentApiError {
  if (!(error instanceof AssentApiError)) return false
  if (error.code === 'idempotency_key_in_use') return true
  return error.code === 'unreachable' || error.status === 429 || error.status >= 500
}

/** The pause before attempt `n` (from 1): doubled each time, at most 5 s, drawn so that callers do not come in step. */
export function pauseMs(n: number, error?: AssentApiError): number {
  const drawn = Math.min(longestPauseMs, firstPauseMs * 2 ** (n - 1)) * (0.5 + Math.random() / 2)
  return Math.max(drawn, error?.retryAfterMs ?? 0)
}

/**
 * Repeats what may be repeated until it is answered or `totalMs` is over; `attempt` is told what is left of it. Rejects
 * with the last error. Only for calls that change nothing, or that carry an idempotency key.
 */
export async function retrying<T>(totalMs: number, attempt: (leftMs: number) => Promise<T>): Promise<T> {
  const endsAt = performance.now() + totalMs
  for (let n = 1; ; n++) {
    try {
      return await attempt(Math.max(1, endsAt - performance.now()))
    } catch (error) {
      if (!isTransient(error)) throw error
      const waitMs = pauseMs(n, error)
      if (performance.now() + waitMs >= endsAt) throw error
      await pause(waitMs)
    }
  }
}

/** Resolves after `ms`, or at once when `signal` is aborted. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const end = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal?.addEventListener('abort', end, { once: true })
  })
}
