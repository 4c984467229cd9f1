import type { Resolution, SpanRecord } from './resolve-spans.ts'

/** The server takes times up to five seconds ahead of its clock; what may lie beyond is left to it. */
const aheadMaxMs = 3_000
/** Nodes' clocks may differ by a second, so an answer is given up that much before it runs out. */
const marginMs = 1_000
/** A record that took longer to come does not say clearly enough what "now" was for it. */
const tookMaxMs = 2_000
/** What runs out sooner was not worth keeping, and will not be the next time. */
const lifeMinMs = 10_000

/** What is kept of a person under one question's terms. */
export type SpanEntry = {
  /** Of the log, at which it was decided or later. */
  readonly seq: number
  readonly cell: SubjectCell | null
  readonly reasons: readonly string[]
  readonly fromMs: readonly number[]
  readonly withoutTime: string
  /** 0 where nothing is permitted. */
  readonly useUntilMs: number
  /** The server must be asked about each piece of data: resolving again would say no more. */
  readonly isForServer: boolean
}

/** One person, however many ids and questions lead to her. */
export type SubjectCell = {
  readonly subject: string
  /** The last change about her; 0 before the first. */
  changedSeq: number
  entries: number
}

/** The times between which the server's clock stands now. */
export type ServerTime = { readonly earliestMs: number; readonly latestMs: number }

/**
 * What a record says of a person, without the span that only says that the future has not come. `isForServer` where it
 * says too little, or holds for too short a time; undefined where there is no record, or a clock was set meanwhile.
 */
export function readSpans(
  record: SpanRecord,
  resolution: Resolution,
): Omit<SpanEntry, 'seq' | 'cell'> | undefined {
  const { reasons, fromMs, withoutTime, useUntilMs } = record
  if (record.isInvalid) return undefined
  if (record.isTooMany || reasons.length === 0) {
    return { reasons: [], fromMs: [], withoutTime, useUntilMs, isForServer: true }
  }
  if (resolution.received.monoMs - resolution.sent.monoMs > tookMaxMs) return undefined
  const { decidedAtMs } = resolution
  const last = reasons.length - 1
  const isClock = last > 0 && reasons[last] === 'collected_at_required' && fromMs[last]! > decidedAtMs
  const count = isClock ? last : reasons.length
  // Nothing else begins in the future; where it seems so, a clock was set.
  if (fromMs[count - 1]! > decidedAtMs + tookMaxMs + marginMs) return undefined
  return {
    reasons: reasons.slice(0, count),
    fromMs: fromMs.slice(0, count),
    withoutTime,
    useUntilMs,
    isForServer: useUntilMs !== 0 && useUntilMs < decidedAtMs + lifeMinMs,
  }
}

/** The reason for data collected at `collectedAtMs`; undefined where the server must be asked. */
export function reasonAt(entry: SpanEntry, collectedAtMs: number, time: ServerTime): string | undefined {
  if (!isInTime(entry, time) || !(collectedAtMs <= time.earliestMs + aheadMaxMs)) return undefined
  let n = entry.fromMs.length - 1
  while (n > 0 && entry.fromMs[n]! > collectedAtMs) n -= 1
  return certain(entry.reasons[n]!)
}

/** The reason for data of this very moment. */
export function reasonNow(entry: SpanEntry, time: ServerTime): string | undefined {
  return isInTime(entry, time) ? certain(entry.reasons.at(-1)!) : undefined
}

/** The reason for data whose collection time is not known, under a purpose that demands one. */
export function reasonWithoutTime(entry: SpanEntry, time: ServerTime): string | undefined {
  return isInTime(entry, time) ? certain(entry.withoutTime) : undefined
}

/** Past the end of what is permitted every answer may be another. */
function isInTime({ useUntilMs, isForServer }: SpanEntry, { latestMs }: ServerTime): boolean {
  return !isForServer && (useUntilMs === 0 || latestMs + marginMs < useUntilMs)
}

/** An assessment that replaces consent ends on a day that no record tells. */
function certain(reason: string): string | undefined {
  return reason === 'compatible_use' ? undefined : reason
}
