import type { Role, Sessions } from '../auth/member-store.ts'
import type { PrismaClient } from './prisma/client.ts'
import { isUuid, toOrganisationId, toUuid } from './row-ids.ts'

/** A session's `last_seen_at` is this exact, so that not every page writes. */
const seenEveryMs = 60_000

export function createSessions(prisma: PrismaClient, clock: () => number = Date.now): Sessions {
  return {
    async create({ idSha256, organisationId, memberId, expiresAtMs }) {
      await prisma.session.create({
        data: {
          idSha256: new Uint8Array(idSha256),
          organisationId: toUuid(organisationId),
          memberId,
          createdAt: new Date(clock()),
          lastSeenAt: new Date(clock()),
          expiresAt: new Date(expiresAtMs),
        },
      })
    },
    async find(idSha256) {
      const row = await prisma.session.findFirst({
        where: {
          idSha256: new Uint8Array(idSha256),
          revokedAt: null,
          expiresAt: { gt: new Date(clock()) },
          member: { removedAt: null },
        },
        include: { member: true },
      })
      if (row === null) return undefined
      if (clock() - row.lastSeenAt.getTime() >= seenEveryMs) {
        await prisma.session.updateMany({ where: { id: row.id }, data: { lastSeenAt: new Date(clock()) } })
      }
      return {
        sessionId: row.id,
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
    async list(organisationId, memberId) {
      const rows = await prisma.session.findMany({
        where: { ...live(clock()), organisationId: toUuid(organisationId), memberId },
        orderBy: { lastSeenAt: 'desc' },
      })
      return rows.map(({ id, createdAt, lastSeenAt, expiresAt }) => ({
        ...{ id, createdAtMs: createdAt.getTime(), lastSeenAtMs: lastSeenAt.getTime() },
        expiresAtMs: expiresAt.getTime(),
      }))
    },
    async end(organisationId, memberId, id) {
      if (!isUuid(id)) return false
      const { count } = await prisma.session.updateMany({
        where: { ...live(clock()), organisationId: toUuid(organisationId), memberId, id },
        data: { revokedAt: new Date(clock()) },
      })
      return count === 1
    },
    async endOthers(organisationId, memberId, keptId) {
      const { count } = await prisma.session.updateMany({
        where: {
          ...live(clock()),
          organisationId: toUuid(organisationId),
          memberId,
          id: { not: keptId },
        },
        data: { revokedAt: new Date(clock()) },
      })
      return count
    },
  }
}

const live = (atMs: number) => ({ revokedAt: null, expiresAt: { gt: new Date(atMs) } })
