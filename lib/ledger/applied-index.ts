import type { AssentEvent } from '../domain/events.ts'
import type { Identifier } from '../domain/identifier.ts'
import type { OrganisationId, SubjectId } from '../domain/ids.ts'
import type { LogHead } from '../domain/log-head.ts'
import type { FoldedState } from '../domain/pack-state.ts'
import type { Policy } from '../domain/policy.ts'
import type { Revision } from '../domain/revision.ts'
import type { SubjectState } from '../domain/state.ts'

/** The index that the ledger folds on top of, and to which it applies what was committed before it answers. */
export type AppliedIndex = {
  policy(organisationId: OrganisationId): Policy | undefined
  subjectOf(organisationId: OrganisationId, identifier: Identifier): SubjectId | undefined
  state(organisationId: OrganisationId, subjectId: SubjectId): SubjectState | undefined
  revision(): Revision
  /**
   * Applies what was committed, in sequence. When it returns, this index answers from the batch; what it then resolves
   * is that every other one of this node does too, and only then are the batch's calls answered. The next batch may be
   * applied before. A throw or a rejection ends the process.
   */
  apply(batch: {
    readonly events: readonly AssentEvent[]
    /** All their subjects, as they stand after them. */
    readonly states: readonly FoldedState[]
    readonly identifiers: readonly {
      readonly organisationId: OrganisationId
      readonly subjectId: SubjectId
      readonly digest: Uint8Array
    }[]
    readonly head: LogHead
  }): void | Promise<void>
  catchUp(): Promise<void>
}
