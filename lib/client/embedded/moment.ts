/** The same moment on both clocks of this process: `monoMs` only grows, `wallMs` also goes on while a machine sleeps. */
export type Moment = { readonly monoMs: number; readonly wallMs: number }

export const momentNow = (): Moment => ({ monoMs: performance.now(), wallMs: Date.now() })

/** How long ago at most; a clock that was set back does not make it less. */
export function sinceMs(then: Moment, now: Moment): number {
  return Math.max(now.monoMs - then.monoMs, now.wallMs - then.wallMs)
}
