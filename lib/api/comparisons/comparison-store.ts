import type { Understanding } from '../../domain/compare-layouts.ts'
import type { OrganisationId } from '../../domain/ids.ts'

/** What people did later who answered in one version of an experience: no yes and no is told apart. */
export type CountedLayout = {
  readonly experience: string
  readonly version: number
  /** How long ago they had to answer to be counted, in hours; the same time is looked at after it. */
  readonly hours: number
  readonly answers: number
  /** Of these: those who said the opposite of something they had answered, in that time. */
  readonly changed: number
}

/** What one person said who was asked what she had answered in one version of an experience. */
export type HeardBack = {
  readonly comparison: string
  readonly experience: string
  readonly version: number
  readonly outcome: Understanding
}

export type ComparisonStore = {
  /**
   * Counts people by the version in which they first answered, of those named, after an event; each person once. Throws
   * `not_ready` where that takes too long.
   */
  count(
    organisationId: OrganisationId,
    of: {
      readonly versions: readonly { readonly key: string; readonly version: number }[]
      readonly afterSeq: number
      readonly hours: readonly number[]
      readonly nowMs: number
    },
  ): Promise<readonly CountedLayout[]>
  /** Counts one answer of somebody who was asked back. Nothing else is kept of it. */
  heard(organisationId: OrganisationId, said: HeardBack): Promise<void>
  /** What was said in a comparison by those who were asked back. */
  heardIn(
    organisationId: OrganisationId,
    comparison: string,
  ): Promise<readonly (HeardBack & { readonly answers: number })[]>
}
