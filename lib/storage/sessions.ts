import type { OrganisationId } from '../domain/ids.ts'
import type { Role } from './members.ts'
import type { PrismaClient } from './prisma/client.ts'
import { toOrganisationId, toUuid } from './row-ids.ts'

export type SignedInMember = {
  readonly organisationId: OrganisationId
  readonly memberId: string
  readonly email: string
  readonly role: Role
}

/** Sessions by the SHA-256 (32 bytes) of their random id: a copy of the table signs nobody in. */
export type Sessions = {
  create(session: {
    idSha256: Uint8Array
    organisationId: OrganisationId
    memberId: string
    expiresAtMs: number
  }): Promise<void>
  /** Live ones only: expired, revoked and unknown alike are undefined. */
  find(idSha256: Uint8Array): Promise<SignedInMember | undefined>
  revoke(idSha256: Uint8Array): Promise<void>
}

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
