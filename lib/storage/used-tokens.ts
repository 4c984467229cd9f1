import type { UsedTokens } from '../auth/second-factor-store.ts'
import type { PrismaClient } from './prisma/client.ts'

export function createUsedTokens(prisma: PrismaClient): UsedTokens {
  return {
    async use(tokenSha256, expiresAtMs, nowMs) {
      await prisma.usedToken.deleteMany({ where: { expiresAt: { lt: new Date(nowMs) } } })
      const { count } = await prisma.usedToken.createMany({
        data: [{ tokenSha256: new Uint8Array(tokenSha256), expiresAt: new Date(expiresAtMs) }],
        skipDuplicates: true,
      })
      return count === 1
    },
  }
}
