import type { Changed, MemberAdmin } from '../auth/admin-store.ts'
import type { Role } from '../auth/member-store.ts'
import type { OrganisationId } from '../domain/ids.ts'
import { lockOrganisation, recordAct, type Transaction, waits } from './admin-acts.ts'
import { endSessionsOf } from './end-sessions.ts'
import type { PrismaClient } from './prisma/client.ts'
import { isUuid, toUuid } from './row-ids.ts'

type Row = { id: string; email: string; role: string; created_at: Date; last_seen_at: Date | null }

export function createMemberAdmin(prisma: PrismaClient): MemberAdmin {
  /** Under the organisation's lock, for a member who is there; `isLastOwner` where nobody else is an owner. */
  async function change<Outcome>(
    organisationId: OrganisationId,
    id: string,
    act: (tx: Transaction, member: { email: string; role: string; isLastOwner: boolean }) => Promise<Outcome>,
  ): Promise<Outcome | 'unknown'> {
    if (!isUuid(id)) return 'unknown'
    return prisma.$transaction(async (tx) => {
      await lockOrganisation(tx, organisationId)
      const where = { organisationId: toUuid(organisationId), removedAt: null }
      const member = await tx.member.findFirst({ where: { ...where, id } })
      if (member === null) return 'unknown'
      const owners = await tx.member.count({ where: { ...where, role: 'owner' } })
      return act(tx, { ...member, isLastOwner: member.role === 'owner' && owners === 1 })
    }, waits)
  }

  return {
    async list(organisationId) {
      const rows = await prisma.$queryRaw<Row[]>`
        SELECT m.id, m.email, m.role, m.created_at, max(s.last_seen_at) AS last_seen_at
        FROM members m LEFT JOIN sessions s ON s.member_id = m.id AND s.organisation_id = m.organisation_id
        WHERE m.organisation_id = ${toUuid(organisationId)}::uuid AND m.removed_at IS NULL
        GROUP BY m.id ORDER BY m.email`
      return rows.map((row) => ({
        id: row.id,
        email: row.email,
        role: row.role as Role,
        createdAtMs: row.created_at.getTime(),
        lastSeenAtMs: row.last_seen_at?.getTime() ?? null,
      }))
    },
    changeRole: (organisationId, id, role, by) =>
      change<Changed>(organisationId, id, async (tx, member) => {
        if (member.role === role) return 'changed'
        if (member.isLastOwner) return 'last_owner'
        const where = { organisationId: toUuid(organisationId), id }
        await tx.member.updateMany({ where, data: { role } })
        await recordAct(tx, organisationId, by, 'role_changed', {
          ...{ member: id, email: member.email, from: member.role, to: role },
        })
        return 'changed'
      }),
    remove: (organisationId, id, by) =>
      change<Changed>(organisationId, id, async (tx, { email, role, isLastOwner }) => {
        if (isLastOwner) return 'last_owner'
        await tx.member.updateMany({
          where: { organisationId: toUuid(organisationId), id },
          data: {
            ...{ removedAt: new Date(by.atMs), passwordHash: null },
            ...{ identityIssuer: null, identitySubject: null },
          },
        })
        await tx.secondFactor.deleteMany({ where: { organisationId: toUuid(organisationId), memberId: id } })
        await endSessionsOf(tx, organisationId, id, by.atMs)
        await recordAct(tx, organisationId, by, 'member_removed', { member: id, email, role })
        return 'changed'
      }),
    endSessions: (organisationId, id, by) =>
      change<'changed' | 'unknown'>(organisationId, id, async (tx, { email }) => {
        await endSessionsOf(tx, organisationId, id, by.atMs)
        await recordAct(tx, organisationId, by, 'sessions_ended', { member: id, email })
        return 'changed'
      }),
  }
}
