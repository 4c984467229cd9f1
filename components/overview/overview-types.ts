/** What `GET /v1/overview/consents` and `…/coverage` tell, as far as the overview shows it. */
export type Said = 'granted' | 'refused' | 'withdrawn' | 'objected' | 'expired'

export type PurposeSeries = {
  readonly purpose: string
  readonly points: readonly ({ readonly at: string } & Readonly<Record<Said, number>>)[]
  readonly totals: Readonly<Record<Said, number>> & {
    readonly asked: number
    readonly granted_rate: number | null
    readonly refused_rate: number | null
  }
}

export type ConsentsOverview = {
  readonly from: string
  readonly to: string
  readonly step: 'day' | 'week'
  readonly series: readonly PurposeSeries[]
  readonly withdraw_delays: {
    readonly bounds_ms: readonly number[]
    readonly purposes: readonly { readonly purpose: string; readonly counts: readonly number[] }[]
  }
  readonly is_current: boolean
}

export type CoverageState =
  | 'granted'
  | 'ends_within_90_days'
  | 'ends_within_60_days'
  | 'ends_within_30_days'
  | 'superseded'
  | 'run_out'
  | 'void'
  | 'refused'
  | 'open'

export type Coverage = {
  readonly purpose: string
  readonly regimes: readonly string[]
  readonly subjects: number
  readonly never_asked: number
  readonly states: Readonly<Record<CoverageState, number>>
}
