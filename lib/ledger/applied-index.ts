import type { AssentEvent } from '../domain/events.ts'
import type { Identifier } from '../domain/identifier.ts'
import type { OrganisationId, SubjectId } from '../domain/ids.ts'
import type { LogHead } from '../domain/log-head.ts'
import type { Policy } from '../domain/policy.ts'
import type { Revision } from '../domain/revision.ts'
import type { SubjectState } from '../domain/state.ts'

/** The index that the ledger folds on top of, and to which it applies what was committed before it answers. */
export type AppliedIndex = {
  policy(organisationId: OrganisationId): Policy | undefined
  subjectOf(organisationId: OrganisationId, identifier: Identifier): SubjectId | undefined
  state(organisationId: OrganisationId, subjectId: SubjectId): SubjectState | undefined
  revision(): Revision
  apply(batch: {
    readonly events: readonly AssentEvent[]
    readonly identifiers: readonly {
      readonly organisationId: OrganisationId
      readonly subjectId: SubjectId
      readonly digest: Uint8Array
    }[]
    readonly head: LogHead
  }): void
  catchUp(): Promise<void>
}
