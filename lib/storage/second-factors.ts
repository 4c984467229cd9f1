import type { SecondFactorStore } from '../auth/second-factor-store.ts'
import type { OrganisationId } from '../domain/ids.ts'
import { recordAct, type Transaction, waits } from './admin-acts.ts'
import { endSessionsOf } from './end-sessions.ts'
import type { PrismaClient } from './prisma/client.ts'
import { isUuid, toUuid } from './row-ids.ts'

export function createSecondFactorStore(prisma: PrismaClient): SecondFactorStore {
  const keyOf = (organisationId: OrganisationId, memberId: string) => ({
    organisationId: toUuid(organisationId),
    memberId,
  })
  return {
    async find(organisationId, memberId) {
      const where = keyOf(organisationId, memberId)
      const [row, recoveryCodesLeft] = await Promise.all([
        prisma.secondFactor.findFirst({ where }),
        prisma.recoveryCode.count({ where: { ...where, usedAt: null } }),
      ])
      if (row === null) return undefined
      return {
        secretSealed: row.secretSealed,
        confirmedAtMs: row.confirmedAt?.getTime() ?? null,
        lastStep: row.lastStep === null ? null : Number(row.lastStep),
        recoveryCodesLeft,
      }
    },
    async begin(organisationId, memberId, secretSealed, atMs) {
      const at = new Date(atMs)
      const begun = await prisma.$executeRaw`
        INSERT INTO second_factors (organisation_id, member_id, secret_sealed, begun_at)
        VALUES (${toUuid(organisationId)}::uuid, ${memberId}::uuid, ${secretSealed}, ${at})
        ON CONFLICT (member_id) DO UPDATE SET secret_sealed = excluded.secret_sealed, begun_at = excluded.begun_at
          WHERE second_factors.confirmed_at IS NULL
            AND second_factors.organisation_id = excluded.organisation_id`
      return begun === 1
    },
    confirm: (organisationId, memberId, { secretSealed, step, recoveryCodes }, by) =>
      prisma.$transaction(async (tx) => {
        const key = keyOf(organisationId, memberId)
        // Whoever is signing in without it waits, and then finds it there.
        if (!(await lockMember(tx, organisationId, memberId))) return false
        const { count } = await tx.secondFactor.updateMany({
          where: { ...key, secretSealed, confirmedAt: null },
          data: { confirmedAt: new Date(by.atMs), lastStep: step },
        })
        if (count === 0) return false
        const data = recoveryCodes.map((code) => ({ ...key, codeSha256: new Uint8Array(code) }))
        await tx.recoveryCode.createMany({ data })
        await endSessionsOf(tx, organisationId, memberId, by.atMs)
        await recordAct(tx, organisationId, by, 'second_factor_added', { member: memberId })
        return true
      }, waits),
    async takeStep(organisationId, memberId, step) {
      const { count } = await prisma.secondFactor.updateMany({
        where: { ...keyOf(organisationId, memberId), confirmedAt: { not: null }, lastStep: { lt: step } },
        data: { lastStep: step },
      })
      return count === 1
    },
    async takeRecoveryCode(organisationId, memberId, codeSha256, atMs) {
      const { count } = await prisma.recoveryCode.updateMany({
        where: { ...keyOf(organisationId, memberId), codeSha256: new Uint8Array(codeSha256), usedAt: null },
        data: { usedAt: new Date(atMs) },
      })
      return count === 1
    },
    async remove(organisationId, memberId, by) {
      if (!isUuid(memberId)) return 'unknown'
      return prisma.$transaction(async (tx) => {
        if (!(await lockMember(tx, organisationId, memberId))) return 'unknown'
        const { count } = await tx.secondFactor.deleteMany({ where: keyOf(organisationId, memberId) })
        if (count === 0) return 'none'
        await endSessionsOf(tx, organisationId, memberId, by.atMs)
        await recordAct(tx, organisationId, by, 'second_factor_removed', { member: memberId })
        return 'removed'
      }, waits)
    },
  }
}

async function lockMember(tx: Transaction, organisationId: OrganisationId, id: string): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM members
    WHERE organisation_id = ${toUuid(organisationId)}::uuid AND id = ${id}::uuid AND removed_at IS NULL FOR UPDATE`
  return rows.length === 1
}
