import type { SnippetStore } from '../api/snippet-store.ts'
import type { PrismaClient } from './prisma/client.ts'
import { toUuid } from './row-ids.ts'

export function createSnippets(prisma: PrismaClient): SnippetStore {
  return {
    async see(organisationId, { property, origin, seenAtMs }) {
      const key = { organisationId: toUuid(organisationId), property, origin }
      const seenAt = new Date(seenAtMs)
      await prisma.snippetSighting.upsert({
        where: { organisationId_property_origin: key },
        create: { ...key, seenAt },
        update: { seenAt },
      })
    },
    async list(organisationId) {
      const rows = await prisma.snippetSighting.findMany({
        where: { organisationId: toUuid(organisationId) },
        orderBy: { seenAt: 'desc' },
        take: 200,
      })
      return rows.map(({ property, origin, seenAt }) => ({ property, origin, seenAtMs: seenAt.getTime() }))
    },
    async hasQuestions(organisationId) {
      const found = await prisma.usageCount.findFirst({
        where: { organisationId: toUuid(organisationId) },
        select: { count: true },
      })
      return found !== null
    },
  }
}
