import type { OrganisationId } from '../domain/ids.ts'

/** What each filter run did, by its id. */
export type Filters = {
  /** `summary` is JSON; saving an id again replaces it. */
  save(organisationId: OrganisationId, id: string, summary: object): Promise<void>
  find(organisationId: OrganisationId, id: string): Promise<object | undefined>
}
