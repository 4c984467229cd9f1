import type { SubjectId } from '../../domain/ids.ts'
import type { Reason } from '../../domain/reasons.ts'

/** So many kept questions, and about how many asked ones they stand for. */
export type FlipCount = { readonly questions: number; readonly weight: number }

/** What in a release changes an answer. */
export type FlipItem = { readonly kind: string; readonly key: string }

/** One question whose answer would change. A text that no registry has is `unknown`. */
export type FlipExample = {
  /** The first subject's random id; null where nobody was known, and for those who may not see people. */
  readonly subject: SubjectId | null
  /** When it was asked; milliseconds. */
  readonly at: number
  /** The API key's id. */
  readonly key: string
  readonly route: string
  /** Whether the answer changes for the data asked about, or only for data collected from now on. */
  readonly data: 'asked' | 'new'
  readonly purpose: string
  readonly property: string | null
  readonly categories: readonly string[] | null
  readonly recipient: string | null
  readonly regime: string | null
  readonly source: string | null
  /** When the data was collected; milliseconds. */
  readonly collected: number | null
  readonly before: Reason
  readonly after: Reason
}

/** A service: an API key; `name` is null where it was revoked. */
export type FlipService = { readonly key: string; readonly name: string | null }

/** Answers about one purpose that become yes for one reason: from what, by which item. */
export type FlipCause = FlipCount & {
  readonly purpose: string
  readonly item: FlipItem
  readonly before: Reason
  readonly after: Reason
  readonly services: readonly (FlipService & FlipCount)[]
  readonly examples: readonly FlipExample[]
}

/** Answers to one service about one purpose that become no for one reason. */
export type StoppedService = FlipService &
  FlipCount & {
    readonly purpose: string
    readonly item: FlipItem
    readonly before: Reason
    readonly after: Reason
    readonly examples: readonly FlipExample[]
  }

/** What a release would change in the answers to questions that were asked. Most first, everywhere. */
export type FlipReport = {
  /** `asked`: all questions of those days. `from` and `to` are the first and last day with a kept question, in UTC. */
  readonly sample: FlipCount & {
    readonly asked: number
    readonly from: string | null
    readonly to: string | null
  }
  /** No today, yes under the release. */
  readonly allowed: FlipCount & { readonly causes: readonly FlipCause[] }
  /** Yes today, no under the release. */
  readonly denied: FlipCount & { readonly services: readonly StoppedService[] }
  readonly unchanged: { readonly allowed: FlipCount; readonly denied: FlipCount }
  /** Which reason becomes which, where a no becomes a yes or a yes a no. */
  readonly flows: readonly (FlipCount & { readonly before: Reason; readonly after: Reason })[]
}
