import type { OverviewStore } from '../api/overview/overview-store.ts'
import type { PrismaClient } from './prisma/client.ts'
import { toUuid } from './row-ids.ts'

export function createOverviewStore(prisma: PrismaClient): OverviewStore {
  return {
    consents: (organisationId, { from, to, property, step }) => prisma.$queryRaw`
      SELECT to_char(date_trunc(${step}, day::timestamp), 'YYYY-MM-DD') AS at, purpose, act, sum(count)::double precision AS count
      FROM consent_days
      WHERE organisation_id = ${toUuid(organisationId)}::uuid AND day BETWEEN ${from}::date AND ${to}::date
        AND (${property}::text IS NULL OR property = ${property})
      GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
    delays: (organisationId, { from, to, property }) => prisma.$queryRaw`
      SELECT purpose, bucket::integer AS bucket, sum(count)::double precision AS count
      FROM withdraw_delays
      WHERE organisation_id = ${toUuid(organisationId)}::uuid AND day BETWEEN ${from}::date AND ${to}::date
        AND (${property}::text IS NULL OR property = ${property})
      GROUP BY 1, 2 ORDER BY 1, 2`,
  }
}
