import type { AssentClient } from './client.ts'

export type FlipCount = { readonly questions: number; readonly weight: number }
export type FlipItem = { readonly kind: string; readonly key: string }
export type FlipService = { readonly key: string; readonly name: string | null }

/** One question whose answer would change; `subject` is null for those who may not see people. */
export type FlipExample = {
  readonly subject: string | null
  readonly asked_at: string
  readonly key: string
  readonly route: string
  /** Whether the answer changes for the data asked about, or only for data collected from now on. */
  readonly data: 'asked' | 'new'
  readonly purpose: string
  readonly property: string | null
  readonly categories: readonly string[] | null
  readonly recipient: string | null
  readonly regime: string | null
  readonly source_purpose: string | null
  readonly collected_at: string | null
  readonly before: string
  readonly after: string
}

export type FlipCause = FlipCount & {
  readonly purpose: string
  readonly item: FlipItem
  readonly before: string
  readonly after: string
  readonly services: readonly (FlipService & FlipCount)[]
  readonly examples: readonly FlipExample[]
}

export type StoppedService = FlipService &
  FlipCount & {
    readonly purpose: string
    readonly item: FlipItem
    readonly before: string
    readonly after: string
    readonly examples: readonly FlipExample[]
  }

/** What a release would change in the answers to the questions of the last 30 days. */
export type FlipReport = {
  readonly sample: FlipCount & {
    readonly asked: number
    readonly from: string | null
    readonly to: string | null
  }
  readonly allowed: FlipCount & { readonly causes: readonly FlipCause[] }
  readonly denied: FlipCount & { readonly services: readonly StoppedService[] }
  readonly unchanged: { readonly allowed: FlipCount; readonly denied: FlipCount }
  readonly flows: readonly (FlipCount & { readonly before: string; readonly after: string })[]
}

/** A report while it is made, and once it is; `state` is `none` where none was ever begun. */
export type ReleaseFlips = {
  readonly state: 'none' | 'running' | 'done' | 'failed'
  /** Of the release as it is, on top of what is in force. */
  readonly is_current: boolean
  readonly done: number
  readonly total: number
  readonly error: string | null
  readonly sha256: string | null
  /** Where the log stood. */
  readonly seq: number | null
  readonly started_by: string | null
  readonly started_at: string | null
  readonly finished_at: string | null
  readonly report: FlipReport | null
}

export const releaseFlips = (api: Pick<AssentClient, 'call'>, release: string) =>
  api.call<ReleaseFlips>('GET', `/v1/releases/${encodeURIComponent(release)}/flips`)
