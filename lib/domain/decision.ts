import type { PropertyKey, PurposeKey } from './ids.ts'
import type { DenyReason, PermitReason } from './reasons.ts'

/** May this data be used for this purpose, now? */
export type Query = {
  readonly purpose: PurposeKey
  /** The deciding node's time; integer milliseconds. */
  readonly nowMs: number
  /** Whether the node may answer at all. */
  readonly freshness: 'fresh' | 'stale' | 'recovering'
  /** Earliest instant at which the data can have been collected; null where the question names none. */
  readonly collectedAtMs: number | null
  /** Filters, runs and snapshots demand `collectedAtMs` for every purpose. */
  readonly demandsCollectedAt: boolean
  readonly property: PropertyKey | null
  /** Null where the question names none: the obligations then say which are allowed. */
  readonly categories: readonly string[] | null
  readonly recipient: string | null
  /** A regime to add; it can only tighten. */
  readonly regime: string | null
  /** What the data was collected for, where the caller knows. */
  readonly sourcePurpose: PurposeKey | null
}

export type NoticeUsed = { readonly key: string; readonly version: number; readonly locale: string | null }

/** What the answer rests on. */
export type Basis = {
  /** The deciding event: the grant or the refusal. */
  readonly seq: number | null
  readonly notice: NoticeUsed | null
  /** When that event acted from; milliseconds. */
  readonly atMs: number | null
}

/** The caller is bound by these if she uses the data. */
export type Obligations = {
  /** The only categories that may be used. */
  readonly categories: readonly string[]
  /** Only data collected from here on; milliseconds. */
  readonly collectedFromMs: number
  /** Ask again from here on: at most 24 h ahead, never past expiry; milliseconds. */
  readonly useUntilMs: number
}

export type Permit = {
  readonly allowed: true
  readonly reason: PermitReason
  readonly basis: Basis
  readonly obligations: Obligations
  /** Facts the answer took for granted: `collected_at` where the question named none. */
  readonly assumed: readonly 'collected_at'[]
}

export type Deny = {
  readonly allowed: false
  readonly reason: DenyReason
  readonly basis: Basis
}

export type Decision = Permit | Deny

/** One row of the decision table and what it saw, for `explain`. */
export type TraceRow = {
  readonly row: number
  /** What must hold. */
  readonly rule: string
  readonly outcome: 'passed' | 'failed' | 'not_reached'
  readonly saw: string
}
