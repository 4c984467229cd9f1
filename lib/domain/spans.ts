import type { Piece } from './decide-over-time.ts'
import type { Decision } from './decision.ts'
import type { Reason } from './reasons.ts'

/** How many spans are told apart; a subject with more must be asked about time by time. */
export const spansMax = 4

/**
 * What `decideOverTime` says of one subject, by reasons alone, in one object that is written anew for the next:
 * a join asks about millions, and their answers would cost more than deciding.
 */
export class Spans {
  /** More than `spansMax` where they do not fit; then none is told. */
  count = 0
  readonly reasons: Reason[] = ['stale', 'stale', 'stale', 'stale']
  /** Where each begins, in milliseconds; the first at minus infinity. */
  readonly fromMs = new Float64Array(spansMax)
  /** For data whose collection time is not known, where one is demanded. */
  withoutTime: Reason = 'stale'
  /** Until when data of a permitted span may be used, the shortest of all; 0 where nothing is permitted. */
  useUntilMs = 0

  /** The same for every collection time, and for data without one. Answers true. */
  setRefusal(reason: Reason): true {
    this.count = 0
    this.useUntilMs = 0
    this.withoutTime = reason
    return this.add(Number.NEGATIVE_INFINITY, reason)
  }

  add(fromMs: number, reason: Reason): true {
    this.reasons[this.count] = reason
    this.fromMs[this.count] = fromMs
    this.count += 1
    return true
  }

  set(pieces: readonly Piece[], withoutTime: Decision): void {
    this.count = 0
    this.withoutTime = withoutTime.reason
    this.useUntilMs = 0
    if (pieces.length > spansMax) {
      this.count = pieces.length
      return
    }
    let useUntilMs = Number.POSITIVE_INFINITY
    for (const { fromMs, decision } of pieces) {
      this.add(fromMs, decision.reason)
      if (decision.allowed) useUntilMs = Math.min(useUntilMs, decision.obligations.useUntilMs)
    }
    if (Number.isFinite(useUntilMs)) this.useUntilMs = useUntilMs
  }
}
