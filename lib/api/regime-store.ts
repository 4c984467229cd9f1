import type { RegimeDefinition } from '../domain/definitions.ts'
import type { OrganisationId } from '../domain/ids.ts'

export type PublishedRegime = {
  readonly version: number
  readonly definition: RegimeDefinition
  readonly publishedSeq: number
  readonly publishedAtMs: number
}

/** Every version of each regime; the table only grows. */
export type RegimeVersions = {
  /** Oldest first; empty for a regime nobody published, and for another organisation's. */
  list(organisationId: OrganisationId, key: string): Promise<readonly PublishedRegime[]>
}
