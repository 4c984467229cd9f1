import type { NoticeRef } from '../../domain/events.ts'
import type { OrganisationId, SubjectId } from '../../domain/ids.ts'

export type EvidenceSource = 'event' | 'act'

/** Which rows; what is null or empty asks for any. */
export type EvidenceFilter = {
  readonly fromMs: number | null
  /** Left out itself. */
  readonly toMs: number | null
  readonly actor: string | null
  readonly purpose: string | null
  readonly property: string | null
  readonly kinds: readonly string[]
}

/** A row's place in the order of time: unique in an organisation. */
export type EvidencePlace = {
  readonly atMs: number
  readonly source: EvidenceSource
  readonly position: number
}

/** A row of the log. What there is none of is null. */
export type EvidenceRow = EvidencePlace & {
  /** `evt_` or `act_` and 32 hex digits. */
  readonly id: string
  readonly kind: string
  readonly actor: string | null
  readonly purpose: string | null
  readonly property: string | null
  readonly subject: SubjectId | null
  readonly notice: NoticeRef | null
  /** The event's body, or the act's detail. */
  readonly detail: Readonly<Record<string, unknown>>
  /** Of events: when it was said, and the hashes that chain them, in hex. */
  readonly event: {
    readonly epoch: number
    readonly occurredAtMs: number
    readonly leaf: string
    readonly previousHash: string
    readonly hash: string
  } | null
}

export type EvidenceFacet = {
  readonly source: EvidenceSource
  readonly kind: string
  readonly actor: string
  readonly purpose: string
  readonly property: string
  readonly count: number
}

/** Reads the log of evidence. */
export type EvidenceReader = {
  /** At most `limit` rows beyond `after` in this order; from its beginning without it. */
  page(
    organisationId: OrganisationId,
    filter: EvidenceFilter,
    options: {
      readonly order: 'newest' | 'oldest'
      readonly after: EvidencePlace | null
      readonly limit: number
    },
  ): Promise<readonly EvidenceRow[]>
  /** The row with this id, whether or not it is in the log yet; undefined for another organisation's, too. */
  find(organisationId: OrganisationId, id: string): Promise<EvidenceRow | undefined>
  /** What there is to filter by, with how many rows each has. */
  facets(organisationId: OrganisationId): Promise<readonly EvidenceFacet[]>
  /** What members (by `member:` and id) and API keys (by id) are called. */
  names(organisationId: OrganisationId): Promise<ReadonlyMap<string, string>>
  /** Writes down that the log was exported. */
  recordExport(
    organisationId: OrganisationId,
    by: { readonly actor: string; readonly atMs: number },
    detail: Readonly<Record<string, string>>,
  ): Promise<void>
}
