import type { OrganisationId } from '../domain/ids.ts'
import type { PrismaClient } from './prisma/client.ts'
import { toUuid } from './row-ids.ts'

/** What each filter run did, by its id. */
export type Filters = {
  /** `summary` is JSON; saving an id again replaces it. */
  save(organisationId: OrganisationId, id: string, summary: object): Promise<void>
  find(organisationId: OrganisationId, id: string): Promise<object | undefined>
}

export function createFilters(prisma: PrismaClient): Filters {
  return {
    async save(organisationId, id, summary) {
      await prisma.filter.upsert({
        where: { id, organisationId: toUuid(organisationId) },
        create: { id, organisationId: toUuid(organisationId), summary },
        update: { summary },
      })
    },
    async find(organisationId, id) {
      const row = await prisma.filter.findFirst({ where: { id, organisationId: toUuid(organisationId) } })
      return row === null ? undefined : (row.summary as object)
    },
  }
}
