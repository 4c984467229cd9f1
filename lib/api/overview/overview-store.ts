import type { OrganisationId } from '../../domain/ids.ts'

export const overviewSteps = ['day', 'week'] as const
export type OverviewStep = (typeof overviewSteps)[number]

type Span = {
  /** Days in UTC, as `2026-11-28`; both are in it. */
  readonly from: string
  readonly to: string
  readonly property: string | null
}

/** Reads what is added up while the log of evidence is made. */
export type OverviewStore = {
  /** What people said, by step and purpose; steps with nothing are missing. Weeks begin on Monday. */
  consents(
    organisationId: OrganisationId,
    asked: Span & { readonly step: OverviewStep },
  ): Promise<
    readonly { readonly at: string; readonly purpose: string; readonly act: string; readonly count: number }[]
  >
  /** Withdrawals by how long the yes had stood; `bucket` counts from below the first bound. */
  delays(
    organisationId: OrganisationId,
    asked: Span,
  ): Promise<readonly { readonly purpose: string; readonly bucket: number; readonly count: number }[]>
}
