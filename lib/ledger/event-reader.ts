import type { AssentEvent, SubjectEvent } from '../domain/events.ts'
import type { OrganisationId, SubjectId } from '../domain/ids.ts'

/** Reads what was recorded, for people; decisions never do. */
export type EventReader = {
  /** A subject's events in sequence, at most the newest 1,000; empty for an unknown subject. */
  history(organisationId: OrganisationId, subjectId: SubjectId): Promise<readonly SubjectEvent[]>
  /** The newest events before `beforeSeq`, newest first. */
  newest(
    organisationId: OrganisationId,
    options: { readonly beforeSeq: number | null; readonly limit: number },
  ): Promise<readonly AssentEvent[]>
}
