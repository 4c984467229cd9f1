import type { Doer } from '../../auth/admin-store.ts'
import type { OrganisationId, SubjectId } from '../../domain/ids.ts'
import type { RequestFacts } from '../../domain/request-changes.ts'
import type { RequestKind } from '../../domain/request-clocks.ts'

/** A request as it is listed: who asks is sealed. */
export type RequestListed = RequestFacts & {
  readonly id: string
  /** Null while nothing is recorded of who asks. */
  readonly subjectId: SubjectId | null
  /** Of the identifier the person gave. */
  readonly namespace: string | null
  readonly proofSha256: Uint8Array | null
  /** How often it has changed. */
  readonly revision: number
}

export type RequestEvent = {
  readonly revision: number
  readonly atMs: number
  readonly actor: string
  readonly change: string
  /** No identifiers, no free text. */
  readonly detail: Readonly<Record<string, string>>
}

/** What a change leaves behind. */
export type RequestChanged = {
  readonly facts: RequestFacts
  readonly change: string
  readonly detail: Readonly<Record<string, string>>
  readonly sealedText: Uint8Array | null
  readonly subjectId?: SubjectId
  readonly proofSha256?: Uint8Array | null
}

/** After which request a page goes on. */
export type RequestPosition = { readonly isClosed: boolean; readonly answerByMs: number; readonly id: string }

/**
 * The register of what people ask an organisation for. Each change is an event that is never changed, written with the
 * request's new facts and an act; two changes of the same revision cannot both be made.
 */
export type RequestStore = {
  /** The open ones first, each part by when it must be answered. */
  list(
    organisationId: OrganisationId,
    filter: {
      readonly state?: RequestFacts['state']
      readonly kind?: RequestKind
      readonly subjectId?: SubjectId
      /** Open, and to be answered before this time. */
      readonly overdueAtMs?: number
    },
    page: { readonly after: RequestPosition | null; readonly limit: number },
  ): Promise<readonly RequestListed[]>
  count(
    organisationId: OrganisationId,
    atMs: number,
  ): Promise<{ readonly open: number; readonly overdue: number }>
  find(organisationId: OrganisationId, id: string): Promise<RequestListed | undefined>
  /** In order. */
  history(organisationId: OrganisationId, id: string): Promise<readonly RequestEvent[]>
  /** Who asks, sealed; for what is done for her, not for reading. */
  sealedIdentifier(organisationId: OrganisationId, id: string): Promise<Uint8Array | null>
  /** What was sealed with it, by revision, and who asks; writes the act `request_read`. Undefined where there is none. */
  readTexts(
    organisationId: OrganisationId,
    id: string,
    by: Doer,
  ): Promise<
    | {
        readonly identifier: Uint8Array | null
        readonly texts: readonly { readonly revision: number; readonly sealed: Uint8Array }[]
      }
    | undefined
  >
  create(
    organisationId: OrganisationId,
    request: {
      readonly facts: RequestFacts
      readonly subjectId: SubjectId | null
      readonly namespace: string | null
      readonly sealedIdentifier: Uint8Array | null
      readonly detail: Readonly<Record<string, string>>
      readonly sealedText: Uint8Array | null
    },
    by: Doer,
  ): Promise<RequestListed>
  /**
   * Applies `plan` to the request as it is now; what it throws changes nothing. `conflict` where it is not at
   * `revision` any more; null takes it as it is.
   */
  change(
    organisationId: OrganisationId,
    id: string,
    revision: number | null,
    plan: (request: RequestListed) => RequestChanged,
    by: Doer,
  ): Promise<RequestListed | 'unknown' | 'conflict'>
}
