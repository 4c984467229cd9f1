import type { OrganisationId } from '../domain/ids.ts'
import type { Revision } from '../domain/revision.ts'

/** Consumers that an organisation may have. */
export const consumersMax = 100
/** Changes that wait for a consumer are counted up to here. */
export const behindMax = 1_000

/** A system that acts on the change feed, as it reports itself. */
export type ConsumerReport = {
  readonly name: string
  readonly applied: Revision
  /** Id of the API key that reports. */
  readonly reportedBy: string
  /** Null: as it was. */
  readonly description: string | null
  /** Keys of the purposes it uses data for; null: as they were. */
  readonly purposes: readonly string[] | null
}

export type Consumer = {
  readonly name: string
  readonly description: string
  readonly purposes: readonly string[]
  readonly applied: Revision
  readonly reportedBy: string
  readonly reportedAtMs: number
  /** The organisation's changes it has not applied, at most `behindMax` + 1. */
  readonly behind: number
  /** When the oldest of them was recorded; null where there is none. */
  readonly behindSinceMs: number | null
}

/** A consumer, as people are told of it. */
export type ConsumerApplied = {
  readonly name: string
  readonly description: string
  readonly hasApplied: boolean
  /** When it reported so first; null where it has not. */
  readonly appliedAtMs: number | null
}

/** Times of what was applied are kept for so long. */
export const progressDays = 14

/** Who acts on the change feed, and how far each is. */
export type Consumers = {
  /**
   * Keeps what a consumer reports. `back`: it has reported a later revision and does not say `isReset`; `full`: it is
   * new, and there are `consumersMax`. Nothing changes then. Revisions are ordered by epoch, then by sequence.
   */
  report(
    organisationId: OrganisationId,
    report: ConsumerReport,
    options: { readonly isReset: boolean },
  ): Promise<'kept' | 'back' | 'full'>
  /** By name; `head` is what they are measured against. */
  list(organisationId: OrganisationId, head: Revision): Promise<readonly Consumer[]>
  /** By name: who has applied everything up to `revision`, and when; never too early, and late by a second or two where it takes many steps at once. */
  applied(organisationId: OrganisationId, revision: Revision): Promise<readonly ConsumerApplied[]>
  /** False where there is none of this name. */
  remove(organisationId: OrganisationId, name: string): Promise<boolean>
}
