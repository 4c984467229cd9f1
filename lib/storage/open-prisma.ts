import { PrismaPg } from '@prisma/adapter-pg'
import type { DatabaseAddress } from './database-address.ts'
import { PrismaClient } from './prisma/client.ts'

/** Prisma over a pool of its own; for administrative rows only: decisions and the log use neither. */
export function openPrisma(serve: DatabaseAddress): PrismaClient {
  return new PrismaClient({ adapter: new PrismaPg({ ...serve, max: 5 }) })
}
