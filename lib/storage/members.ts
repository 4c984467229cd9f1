import { randomUUID } from 'node:crypto'
import type { OrganisationId } from '../domain/ids.ts'
import type { PrismaClient } from './prisma/client.ts'
import { toOrganisationId, toUuid } from './row-ids.ts'

export type Role = 'owner' | 'officer' | 'auditor' | 'developer'

export type Member = {
  readonly id: string
  readonly organisationId: OrganisationId
  readonly email: string
  readonly role: Role
  /** Null where she signs in elsewhere only. */
  readonly passwordHash: string | null
  readonly failedSignIns: number
  readonly lockedUntilMs: number | null
}

export type Members = {
  /** The one place that looks across organisations: who signs in has not said which is hers. */
  findByEmail(email: string): Promise<Member | undefined>
  recordFailure(id: string, lockedUntilMs: number | null): Promise<void>
  recordSuccess(id: string): Promise<void>
  create(member: {
    organisationId: OrganisationId
    email: string
    role: Role
    passwordHash: string | null
  }): Promise<{ readonly id: string }>
  count(organisationId: OrganisationId): Promise<number>
}

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
