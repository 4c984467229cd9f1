import type { Role, Sessions } from '../auth/member-store.ts'
import type { PrismaClient } from './prisma/client.ts'
import { toOrganisationId, toUuid } from './row-ids.ts'

export function createSessions(prisma: PrismaClient, clock: () => number = Date.now): Sessions {
  return {
    async create({ idSha256, organisationId, memberId, expiresAtMs }) {
      await prisma.session.create({
        data: {
          idSha256: new Uint8Array(idSha256),
          organisationId: toUuid(organisationId),
          memberId,
          createdAt: new Date(clock()),
          expiresAt: new Date(expiresAtMs),
        },
      })
    },
    async find(idSha256) {
      const row = await prisma.session.findFirst({
        where: { idSha256: new Uint8Array(idSha256), revokedAt: null, expiresAt: { gt: new Date(clock()) } },
        include: { member: true },
      })
      if (row === null) return undefined
      return {
        organisationId: toOrganisationId(row.organisationId),
        memberId: row.memberId,
        email: row.member.email,
        role: row.member.role as Role,
      }
    },
    async revoke(idSha256) {
      await prisma.session.updateMany({
        where: { idSha256: new Uint8Array(idSha256), revokedAt: null },
        data: { revokedAt: new Date(clock()) },
      })
    },
  }
}
