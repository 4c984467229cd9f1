import type { FourEyes } from '../domain/approvals-needed.ts'
import type { OrganisationId } from '../domain/ids.ts'
import type { ItemKind, ReleaseItem } from '../domain/release.ts'

export const releaseStates = [
  'draft',
  'in_review',
  'approved',
  'scheduled',
  'publishing',
  'published',
  'discarded',
] as const
export type ReleaseState = (typeof releaseStates)[number]

/** One item with its count of edits; `definition` is null once it was taken out. */
export type StoredItem = {
  readonly kind: ItemKind
  readonly key: string
  readonly definition: ReleaseItem['definition'] | null
  /** From 1; whoever edits names the one she saw. */
  readonly edit: number
  /** `member:` and her id, or an API key's id; so are all such names here. */
  readonly editedBy: string
  readonly editedAtMs: number
}

/** Of the items and of what they build on, both by SHA-256 of their canonical JSON. */
export type StoredApproval = {
  readonly approver: string
  readonly sha256: string
  readonly baseSha256: string
  readonly atMs: number
  readonly isWithdrawn: boolean
}

export type StoredComment = {
  readonly id: string
  readonly atMs: number
  readonly author: string
  readonly text: string
  readonly item: { readonly kind: string; readonly key: string } | null
}

/** What approvals and publication need of the report on real questions; see `flip-reports.ts`. */
export type FlipSummary = {
  /** Of the items it was made for, and of what they build on. */
  readonly sha256: string
  readonly baseSha256: string
  readonly madeAtMs: number
  /** Whether it turns some no into a yes. */
  readonly hasNewYes: boolean
  /** Each cause of a new yes, with the time of the first report on these items that showed it. */
  readonly newYes: Readonly<Record<string, number>>
  /** So many questions turn from no to yes and from yes to no, of so many. */
  readonly allowed: number
  readonly denied: number
  readonly questions: number
}

export type PublishError = { readonly code: string; readonly message: string; readonly at: string }

export type StoredRelease = {
  readonly id: string
  readonly title: string
  readonly state: ReleaseState
  readonly author: string
  /** Everyone who ever changed an item. */
  readonly editors: readonly string[]
  readonly publishAtMs: number | null
  readonly scheduledBy: string | null
  readonly publishError: PublishError | null
  readonly flips: FlipSummary | null
  readonly submittedAtMs: number | null
  readonly publishedAtMs: number | null
  readonly firstSeq: number | null
  readonly lastSeq: number | null
  readonly createdAtMs: number
  readonly updatedAtMs: number
  /** Taken out ones too. */
  readonly items: readonly StoredItem[]
  readonly approvals: readonly StoredApproval[]
}

/** Who may approve, and whether somebody must. */
export type ApprovalTerms = {
  readonly fourEyes: FourEyes
  /** Members who are owner or officer, as `member:` and their ids. */
  readonly mayApprove: readonly string[]
  /** Who made each API key, by the key’s id: what a key edits is its maker’s work. */
  readonly keyMakers: ReadonlyMap<string, string>
  /** Questions are kept that a report can ask again; without any, none is demanded. */
  readonly hasQuestions: boolean
}

export type ReleaseAct =
  | 'release_opened'
  | 'release_renamed'
  | 'release_edited'
  | 'release_commented'
  | 'release_submitted'
  | 'release_approved'
  | 'approval_withdrawn'
  | 'changes_requested'
  | 'release_scheduled'
  | 'release_unscheduled'
  | 'release_publish_begun'
  | 'release_publish_failed'
  | 'release_discarded'
  | 'four_eyes_set'

/** What is written in one transaction, with the act that says who did it. */
export type ReleaseChange = {
  readonly release?: Partial<
    Pick<
      StoredRelease,
      | 'title'
      | 'state'
      | 'editors'
      | 'publishAtMs'
      | 'scheduledBy'
      | 'publishError'
      | 'submittedAtMs'
      | 'publishedAtMs'
      | 'firstSeq'
      | 'lastSeq'
    >
  >
  /** Put in place of the one of its kind and key. */
  readonly item?: StoredItem
  readonly approval?: Omit<StoredApproval, 'isWithdrawn' | 'atMs'>
  /** Withdraws the approvals of these members. */
  readonly withdraw?: readonly string[]
  readonly comment?: Pick<StoredComment, 'text' | 'item'>
  /** None where an edit only goes on. */
  readonly act?: { readonly act: ReleaseAct; readonly detail: Readonly<Record<string, string>> }
}

/** Who does it, and when. */
export type ReleaseDoer = { readonly actor: string; readonly atMs: number }

export type ReleaseRef = { readonly organisationId: OrganisationId; readonly id: string }

/**
 * Releases of one organisation. Of another’s, and of none, every function says the same: undefined. What is published
 * is immutable in the database too.
 */
export type ReleaseStore = {
  create(organisationId: OrganisationId, title: string, by: ReleaseDoer): Promise<StoredRelease>
  /** The newest first; `before` is the id of the last one seen. */
  list(
    organisationId: OrganisationId,
    of: { readonly states: readonly ReleaseState[]; readonly limit: number; readonly before: string | null },
  ): Promise<readonly StoredRelease[]>
  find(organisationId: OrganisationId, id: string): Promise<StoredRelease | undefined>
  comments(organisationId: OrganisationId, id: string): Promise<readonly StoredComment[]>
  /**
   * Reads the release under a lock, and writes what `decide` makes of it in the same transaction; where it throws,
   * nothing is written. Changes of one release wait for each other. Throws `release_state` where another release of
   * the organisation is being published.
   */
  change(
    organisationId: OrganisationId,
    id: string,
    by: ReleaseDoer,
    decide: (release: StoredRelease, terms: ApprovalTerms) => ReleaseChange,
  ): Promise<StoredRelease | undefined>
  keepFlips(organisationId: OrganisationId, id: string, flips: FlipSummary): Promise<void>
  terms(organisationId: OrganisationId): Promise<ApprovalTerms>
  setFourEyes(organisationId: OrganisationId, setting: FourEyes, by: ReleaseDoer): Promise<void>
  /** Addresses of members and names of keys, by the names used here; those it does not know are left out. */
  people(organisationId: OrganisationId, names: readonly string[]): Promise<Readonly<Record<string, string>>>

  /** Of all organisations, for the job: scheduled ones whose time has come. */
  due(atMs: number): Promise<readonly ReleaseRef[]>
  /** Of all organisations: when the next one after this time is due. */
  nextDueMs(afterMs: number): Promise<number | undefined>
  /** Of all organisations: all that are neither published nor discarded. */
  open(): Promise<readonly (ReleaseRef & { readonly state: ReleaseState })[]>
}
