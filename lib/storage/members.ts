import { randomUUID } from 'node:crypto'
import type { Member, Members, Role } from '../auth/member-store.ts'
import { recordAct } from './admin-acts.ts'
import type { Prisma, PrismaClient } from './prisma/client.ts'
import { isUuid, toOrganisationId, toUuid } from './row-ids.ts'

export function createMembers(prisma: PrismaClient): Members {
  const findAll = async (where: Prisma.MemberWhereInput): Promise<readonly Member[]> => {
    const rows = await prisma.member.findMany({
      where: { ...where, removedAt: null },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
      include: { organisation: { select: { name: true } }, secondFactor: { select: { confirmedAt: true } } },
    })
    return rows.map((row) => ({
      id: row.id,
      organisationId: toOrganisationId(row.organisationId),
      organisationName: row.organisation.name,
      email: row.email,
      role: row.role as Role,
      passwordHash: row.passwordHash,
      identity:
        row.identityIssuer === null || row.identitySubject === null
          ? null
          : { issuer: row.identityIssuer, subject: row.identitySubject },
      hasSecondFactor: row.secondFactor !== null && row.secondFactor.confirmedAt !== null,
    }))
  }

  return {
    findByEmail: (email) => findAll({ email: email.toLowerCase() }),
    findByIdentity: ({ issuer, subject }) => findAll({ identityIssuer: issuer, identitySubject: subject }),
    findByIds: (ids) => findAll({ id: { in: [...ids] } }),
    find: async (organisationId, id) =>
      isUuid(id) ? (await findAll({ organisationId: toUuid(organisationId), id }))[0] : undefined,
    async sharedMost() {
      const rows = await prisma.$queryRaw<{ most: number | null }[]>`
        SELECT max(n)::integer AS most
        FROM (SELECT count(*) AS n FROM members WHERE removed_at IS NULL GROUP BY email) each_address`
      return rows[0]?.most ?? 0
    },
    async beginTry(organisationId, id, atMs, { triesBeforeLock, firstLockMs, lockMsMax }) {
      const at = new Date(atMs)
      const [counted] = await prisma.$queryRaw<{ locked_until: Date | null }[]>`
        UPDATE members SET failed_sign_ins = failed_sign_ins + 1, locked_until = CASE
          WHEN failed_sign_ins + 1 >= ${triesBeforeLock}::integer THEN ${at}::timestamptz + interval '1 millisecond'
            * least(${firstLockMs}::float8 * 2 ^ least(failed_sign_ins + 1 - ${triesBeforeLock}::integer, 20), ${lockMsMax}::float8)
          END
        WHERE organisation_id = ${toUuid(organisationId)}::uuid AND id = ${id}::uuid AND removed_at IS NULL
          AND (locked_until IS NULL OR locked_until <= ${at})
        RETURNING locked_until`
      return counted && { lockedUntil: counted.locked_until }
    },
    async takeBack(organisationId, id, { lockedUntil }) {
      await prisma.$executeRaw`
        UPDATE members SET failed_sign_ins = greatest(failed_sign_ins - 1, 0),
          locked_until = CASE WHEN locked_until IS DISTINCT FROM ${lockedUntil}::timestamptz THEN locked_until END
        WHERE organisation_id = ${toUuid(organisationId)}::uuid AND id = ${id}::uuid`
    },
    async recordSuccess(organisationId, id) {
      const where = { organisationId: toUuid(organisationId), id }
      await prisma.member.updateMany({ where, data: { failedSignIns: 0, lockedUntil: null } })
    },
    async recordFailure(organisationId, id, why, atMs) {
      // Who it was is not known; whom it was tried as is.
      await recordAct(prisma, organisationId, { actor: 'unknown', atMs }, 'sign_in_failed', {
        member: id,
        why,
      })
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
