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
  /** At most `limit` events after `afterSeq` up to `untilSeq`, in sequence, each with the one before it. */
  after(
    organisationId: OrganisationId,
    options: { readonly afterSeq: number; readonly untilSeq: number; readonly limit: number },
  ): Promise<readonly ReadEvent[]>
}

export type ReadEvent = {
  readonly event: AssentEvent
  /** Sequence number of the organisation's event before; null for its first. */
  readonly previousSeq: number | null
}
