import type { FlipReport } from '../decisions/flips/flip-report.ts'
import type { OrganisationId } from '../domain/ids.ts'

/** A report while it is made, and once it is. */
export type StoredFlipReport = {
  /** A UUID. */
  readonly id: string
  readonly release: string
  /** Of the items it is made for, and of what they build on; both as an approval's. */
  readonly sha256: string
  readonly baseSha256: string
  readonly state: 'running' | 'done' | 'failed'
  /** Days that were looked at, of so many. */
  readonly done: number
  readonly total: number
  /** In words, where it failed. */
  readonly error: string | null
  readonly report: FlipReport | null
  /** Where the log stood when it began. */
  readonly seq: number
  /** `member:` and her id, an API key's id, or `assent`. */
  readonly startedBy: string
  readonly startedAtMs: number
  readonly finishedAtMs: number | null
}

/** Reports on releases; one that is made never changes. Of another organisation’s release there are none. */
export type FlipReportStore = {
  /** Begins one; whichever is running for its release has failed then, with the words `because`. */
  begin(organisationId: OrganisationId, report: StoredFlipReport, because: string): Promise<void>
  progress(organisationId: OrganisationId, id: string, done: number): Promise<void>
  /** Ends one that is running; any other stays as it is, and false is answered. */
  end(
    organisationId: OrganisationId,
    id: string,
    end: { readonly report: FlipReport } | { readonly error: string },
    atMs: number,
  ): Promise<boolean>
  latest(organisationId: OrganisationId, release: string): Promise<StoredFlipReport | undefined>
  /** Of all organisations: what a process that ended was making has failed. */
  abandon(because: string, atMs: number): Promise<void>
}
