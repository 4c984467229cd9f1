import { randomUUID } from 'node:crypto'
import type { Members, Role } from '../auth/member-store.ts'
import type { PrismaClient } from './prisma/client.ts'
import { toOrganisationId, toUuid } from './row-ids.ts'

export function createMembers(prisma: PrismaClient): Members {
  return {
    async findByEmail(email) {
      const row = await prisma.member.findFirst({
        where: { email: email.toLowerCase() },
        orderBy: { createdAt: 'asc' },
      })
      if (row === null) return undefined
      return {
        id: row.id,
        organisationId: toOrganisationId(row.organisationId),
        email: row.email,
        role: row.role as Role,
        passwordHash: row.passwordHash,
        failedSignIns: row.failedSignIns,
        lockedUntilMs: row.lockedUntil === null ? null : row.lockedUntil.getTime(),
      }
    },
    async recordFailure(id, lockedUntilMs) {
      const lockedUntil = lockedUntilMs === null ? null : new Date(lockedUntilMs)
      await prisma.member.update({ where: { id }, data: { failedSignIns: { increment: 1 }, lockedUntil } })
    },
    async recordSuccess(id) {
      await prisma.member.update({ where: { id }, data: { failedSignIns: 0, lockedUntil: null } })
    },
    async create({ organisationId, email, role, passwordHash }) {
      const id = randomUUID()
      await prisma.member.create({
        data: { id, organisationId: toUuid(organisationId), email: email.toLowerCase(), role, passwordHash },
      })
      return { id }
    },
    count: (organisationId) => prisma.member.count({ where: { organisationId: toUuid(organisationId) } }),
  }
}
