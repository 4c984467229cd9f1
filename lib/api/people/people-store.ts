import type { Doer } from '../../auth/admin-store.ts'
import type { OrganisationId, SubjectId } from '../../domain/ids.ts'
import type { ViewReason } from '../../domain/view-reasons.ts'

/** What a member says before she sees a person. */
export type Reason = { readonly reason: ViewReason; readonly note: string }

/** What is written down of someone's looking at a person, or of what she did for one. */
export type PersonAct =
  | 'person_not_found'
  | 'person_exported'
  | 'evidence_viewed'
  | 'consent_recorded'
  | 'age_recorded'
  | 'subjects_linked'
  | 'subjects_unlinked'

/** Who looked at whom, and why. */
export type PeopleStore = {
  /** Writes the act `person_viewed`; where it is a member, lets her look from `by.atMs` on. */
  view(
    organisationId: OrganisationId,
    subjectId: SubjectId,
    why: Reason | null,
    by: Doer & { readonly memberId: string | null },
  ): Promise<void>
  /** When this member last gave a reason for this subject, since `sinceMs`; undefined where she did not. */
  viewSince(
    organisationId: OrganisationId,
    subjectId: SubjectId,
    memberId: string,
    sinceMs: number,
  ): Promise<(Reason & { readonly atMs: number }) | undefined>
  /** `detail` holds no identifiers. */
  act(
    organisationId: OrganisationId,
    act: PersonAct,
    detail: Readonly<Record<string, string>>,
    by: Doer,
  ): Promise<void>
}
