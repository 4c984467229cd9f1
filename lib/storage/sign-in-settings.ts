import type { SignInSettingsStore } from '../auth/second-factor-store.ts'
import { recordAct, waits } from './admin-acts.ts'
import type { PrismaClient } from './prisma/client.ts'
import { toUuid } from './row-ids.ts'

export function createSignInSettings(prisma: PrismaClient): SignInSettingsStore {
  return {
    async read(organisationId) {
      const where = { organisationId: toUuid(organisationId) }
      const [settings, members] = await Promise.all([
        prisma.signInSettings.findUnique({ where }),
        prisma.member.findMany({
          where: { ...where, removedAt: null },
          orderBy: { email: 'asc' },
          include: { secondFactor: { select: { confirmedAt: true } } },
        }),
      ])
      return {
        requireSecondFactor: settings?.requireSecondFactor ?? false,
        members: members.map(({ id, email, secondFactor, identitySubject }) => ({
          ...{ id, email, hasSecondFactor: secondFactor !== null && secondFactor.confirmedAt !== null },
          isKnownToProvider: identitySubject !== null,
        })),
      }
    },
    async requireSecondFactor(organisationId, isRequired, by) {
      await prisma.$transaction(async (tx) => {
        const where = { organisationId: toUuid(organisationId) }
        await tx.signInSettings.upsert({
          where,
          create: { ...where, requireSecondFactor: isRequired },
          update: { requireSecondFactor: isRequired },
        })
        await recordAct(tx, organisationId, by, 'sign_in_settings_changed', {
          require_second_factor: String(isRequired),
        })
      }, waits)
    },
  }
}
