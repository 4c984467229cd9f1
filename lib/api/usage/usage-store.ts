import type { KeptQuestion } from '../../decisions/flips/kept-question.ts'
import type { OrganisationId, PurposeKey, SubjectId } from '../../domain/ids.ts'
import type { Reason } from '../../domain/reasons.ts'
import type { Revision } from '../../domain/revision.ts'

/** So many decisions of one kind in one minute. */
export type UsageCount = {
  readonly organisationId: OrganisationId
  /** Id of the API key that asked. */
  readonly key: string
  readonly purpose: PurposeKey
  readonly reason: Reason
  /** Beginning of the minute. */
  readonly minuteMs: number
  readonly count: number
}

/** A key that was presented. */
export type KeyUse = {
  readonly organisationId: OrganisationId
  readonly key: string
  /** Beginning of the minute. */
  readonly minuteMs: number
}

/** One answer that is kept. */
export type DecisionSample = {
  /** A UUID. */
  readonly id: string
  readonly organisationId: OrganisationId
  readonly decidedAtMs: number
  readonly key: string
  readonly route: string
  readonly purpose: PurposeKey
  readonly subjectId: SubjectId | null
  readonly allowed: boolean
  readonly reason: Reason
  readonly run: string | null
  readonly revision: Revision
  /** As it may be asked again; null where it was too long to be kept. */
  readonly question: KeptQuestion | null
  /** The answer of its kind whose place it takes. */
  readonly replaces: string | null
}

export const usageSteps = ['minute', 'hour', 'day'] as const

export type UsageQuery = {
  readonly key: string | null
  readonly purpose: string | null
  readonly reason: string | null
  /** From here on, in milliseconds. */
  readonly fromMs: number
  /** Up to here, itself not. */
  readonly toMs: number
  readonly step: (typeof usageSteps)[number]
  readonly limit: number
}

/** What was asked: counts for good, single answers for a time. */
export type UsageStore = {
  /**
   * Adds counts to those that stand, by the minute and by the day, and notes first uses of purposes and last uses of
   * keys; what comes again under the same `id`, a UUID, is added once.
   */
  add(id: string, counts: readonly UsageCount[], uses: readonly KeyUse[]): Promise<void>
  /** Counts of an organisation, oldest first, each for a step that begins at `minuteMs` in UTC. */
  read(
    organisationId: OrganisationId,
    query: UsageQuery,
  ): Promise<readonly Omit<UsageCount, 'organisationId'>[]>
  /** Keeps answers, and removes those whose place they take; one that comes again is kept once. */
  keep(samples: readonly DecisionSample[]): Promise<void>
  /** The answers given in a run, or all that are kept, newest first. */
  samples(
    organisationId: OrganisationId,
    query: { readonly run: string | null; readonly limit: number },
  ): Promise<readonly Omit<DecisionSample, 'organisationId' | 'question' | 'replaces'>[]>
  /** Removes answers given before `beforeMs`, and what was needed to add counts once. */
  forget(beforeMs: number): Promise<void>
}
