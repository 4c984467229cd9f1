import type { Filters } from '../api/filter-store.ts'
import type { PrismaClient } from './prisma/client.ts'
import { toUuid } from './row-ids.ts'

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
