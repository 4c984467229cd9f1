import type { OrganisationId } from '../domain/ids.ts'

/** A key that was ever made, without the key itself. */
export type KeyListed = {
  readonly id: string
  readonly name: string
  readonly prefix: string
  readonly scopes: readonly string[]
  readonly legalEntity: string | null
  /** `member:` and her id, or an API key's id; null for one that came with the installation. */
  readonly createdBy: string | null
  /** The member's address, or the key's name. */
  readonly createdByName: string | null
  readonly createdAtMs: number
  readonly replaces: string | null
  /** It is a key until then; null where it has no end. */
  readonly endsAtMs: number | null
  readonly revokedAtMs: number | null
  readonly revokedBy: string | null
  /** Beginning of the minute; null for one that was never presented to a process that keeps counts. */
  readonly lastUsedAtMs: number | null
}

/** Keys as they are read, by people and reports. Who may call is never asked here. */
export type KeyStore = {
  /** All that were ever made, the newest first. */
  list(organisationId: OrganisationId): Promise<readonly KeyListed[]>
}
