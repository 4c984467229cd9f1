import type { OrganisationId } from '../domain/ids.ts'

/** What was signed of each snapshot that was sent whole. */
export type Snapshots = {
  save(
    organisationId: OrganisationId,
    snapshot: { readonly id: string; readonly purpose: string; readonly signature: string },
  ): Promise<void>
  /** The compact JWS; undefined for what was never sent whole, and for another organisation's. */
  findSignature(organisationId: OrganisationId, purpose: string, id: string): Promise<string | undefined>
}
