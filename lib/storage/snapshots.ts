import type { Snapshots } from '../api/snapshot-store.ts'
import type { PrismaClient } from './prisma/client.ts'
import { toUuid } from './row-ids.ts'

export function createSnapshots(prisma: PrismaClient): Snapshots {
  return {
    async save(organisationId, { id, purpose, signature }) {
      await prisma.snapshot.create({
        data: { id, organisationId: toUuid(organisationId), purpose, signature },
      })
    },
    async findSignature(organisationId, purpose, id) {
      const row = await prisma.snapshot.findFirst({
        where: { id, purpose, organisationId: toUuid(organisationId) },
      })
      return row?.signature
    },
  }
}
