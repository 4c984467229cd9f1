import type { ServiceStore, Span } from '../api/service-store.ts'
import { permitReasons, type Reason } from '../domain/reasons.ts'
import { recordAct, waits } from './admin-acts.ts'
import { Prisma, type PrismaClient } from './prisma/client.ts'
import { toUuid } from './row-ids.ts'

const dayMs = 86_400_000

/** Counts by day where a whole day lies in the span, by the minute at its ends: a month is read from a thirtieth. */
function counts(organisationId: string, { fromMs, toMs }: Span): Prisma.Sql {
  const firstDayMs = Math.ceil(fromMs / dayMs) * dayMs
  const endDayMs = Math.floor(toMs / dayMs) * dayMs
  const minutes = (from: number, to: number) => Prisma.sql`
    SELECT key_id, minute AS at, purpose, reason, count FROM usage_counts
    WHERE organisation_id = ${organisationId}::uuid AND minute >= ${new Date(from)} AND minute < ${new Date(to)}`
  if (firstDayMs >= endDayMs) return minutes(fromMs, toMs)
  return Prisma.sql`${minutes(fromMs, firstDayMs)} UNION ALL ${minutes(endDayMs, toMs)} UNION ALL
    SELECT key_id, day AS at, purpose, reason, count FROM usage_days
    WHERE organisation_id = ${organisationId}::uuid
      AND day >= ${new Date(firstDayMs)} AND day < ${new Date(endDayMs)}`
}

/** What services asked, in rows. */
export function createServiceStore(prisma: PrismaClient): ServiceStore {
  return {
    async asked(organisationId, span) {
      const rows = await prisma.$queryRaw<
        { key_id: string; purpose: string; decisions: bigint; denied: bigint }[]
      >`
        SELECT key_id, purpose, sum(count)::bigint AS decisions,
          coalesce(sum(count) FILTER (WHERE reason <> ALL (${[...permitReasons]}::text[])), 0)::bigint AS denied
        FROM (${counts(toUuid(organisationId), span)}) AS asked GROUP BY 1, 2 ORDER BY 1, 2`
      return rows.map(({ key_id: key, purpose, decisions, denied }) => ({
        ...{ key, purpose, decisions: Number(decisions), denied: Number(denied) },
      }))
    },
    async lastAsked(organisationId) {
      // Key by key, each the end of its own part of the index.
      const rows = await prisma.$queryRaw<{ key_id: string; minute: Date }[]>`
        SELECT k.key_id, last.minute
        FROM (SELECT DISTINCT key_id FROM first_uses WHERE organisation_id = ${toUuid(organisationId)}::uuid) AS k
          CROSS JOIN LATERAL (
            SELECT minute FROM usage_counts u
            WHERE u.organisation_id = ${toUuid(organisationId)}::uuid AND u.key_id = k.key_id
            ORDER BY minute DESC LIMIT 1
          ) AS last`
      return new Map(rows.map(({ key_id, minute }) => [key_id, minute.getTime()]))
    },
    async questions(organisationId, key, { step, ...span }) {
      const organisation = toUuid(organisationId)
      const source =
        step === 'day'
          ? Prisma.sql`SELECT * FROM (${counts(organisation, span)}) AS each WHERE key_id = ${key}`
          : Prisma.sql`
            SELECT minute AS at, purpose, reason, count FROM usage_counts
            WHERE organisation_id = ${organisation}::uuid AND key_id = ${key}
              AND minute >= ${new Date(span.fromMs)} AND minute < ${new Date(span.toMs)}`
      const rows = await prisma.$queryRaw<{ step: Date; purpose: string; reason: string; count: bigint }[]>`
        SELECT date_trunc(${step}, at, 'UTC') AS step, purpose, reason, sum(count)::bigint AS count
        FROM (${source}) AS asked GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`
      return rows.map((row) => ({
        ...{ stepMs: row.step.getTime(), purpose: row.purpose, reason: row.reason as Reason },
        count: Number(row.count),
      }))
    },
    async unseen(organisationId) {
      const rows = await prisma.firstUse.findMany({
        where: { organisationId: toUuid(organisationId), seenAt: null },
        orderBy: [{ firstAt: 'desc' }, { keyId: 'asc' }, { purpose: 'asc' }],
      })
      return rows.map(({ keyId: key, purpose, firstAt }) => ({ key, purpose, firstAtMs: firstAt.getTime() }))
    },
    see: (organisationId, { key: keyId, purpose }, by) =>
      prisma.$transaction(async (tx) => {
        const where = { organisationId: toUuid(organisationId), keyId, purpose }
        const data = { seenAt: new Date(by.atMs), seenBy: by.actor }
        const { count } = await tx.firstUse.updateMany({ where: { ...where, seenAt: null }, data })
        if (count === 0) return (await tx.firstUse.count({ where })) > 0
        await recordAct(tx, organisationId, by, 'first_use_seen', { key: keyId, purpose })
        return true
      }, waits),
  }
}
