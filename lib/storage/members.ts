import { randomUUID } from 'node:crypto'
import type { Members, Role } from '../auth/member-store.ts'
import type { PrismaClient } from './prisma/client.ts'
import { toOrganisationId, toUuid } from './row-ids.ts'

export function createMembers(prisma: PrismaClient): Members {
  return {
    async findByEmail(email) {
      const row = await prisma.member.findFirst({
        where: { email: email.toLowerCase(), removedAt: null },
        orderBy: { createdAt: 'asc' },
      })
      if (row === null) return undefined
      return {
        id: row.id,
        organisationId: toOrganisationId(row.organisationId),
        email: row.email,
        role: row.role as Role,
        passwordHash: row.passwordHash,
      }
    },
    async beginTry(id, atMs, { triesBeforeLock, firstLockMs, lockMsMax }) {
      const at = new Date(atMs)
      const counted = await prisma.$executeRaw`
        UPDATE members SET failed_sign_ins = failed_sign_ins + 1, locked_until = CASE
          WHEN failed_sign_ins + 1 >= ${triesBeforeLock}::integer THEN ${at}::timestamptz + interval '1 millisecond'
            * least(${firstLockMs}::float8 * 2 ^ least(failed_sign_ins + 1 - ${triesBeforeLock}::integer, 20), ${lockMsMax}::float8)
          END
        WHERE id = ${id}::uuid AND removed_at IS NULL AND (locked_until IS NULL OR locked_until <= ${at})`
      return counted === 1
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
    count: (organisationId) =>
      prisma.member.count({ where: { organisationId: toUuid(organisationId), removedAt: null } }),
  }
}
