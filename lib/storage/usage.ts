import type { DecisionSample, UsageStore } from '../api/usage/usage-store.ts'
import type { Reason } from '../domain/reasons.ts'
import type { PrismaClient } from './prisma/client.ts'
import { toSubjectId, toUuid } from './row-ids.ts'

type CountRow = { minute: Date; key_id: string; purpose: string; reason: string; count: bigint }

/** What was asked, in rows. */
export function createUsageStore(prisma: PrismaClient): UsageStore {
  return {
    async add(id, counts, uses) {
      const column = <Value>(of: (each: (typeof counts)[number]) => Value) => counts.map(of)
      // One statement: the flush and all that comes with it are there, or nothing is. In order, so that two processes
      // whose minute ends together wait for each other in turn.
      await prisma.$executeRaw`
        WITH once AS (INSERT INTO usage_flushes (id) VALUES (${id}::uuid) ON CONFLICT DO NOTHING RETURNING id),
        rows AS MATERIALIZED (
          SELECT r.organisation_id, to_timestamp(r.minute_ms / 1000) AS minute, r.key_id, r.purpose, r.reason, r.count
          FROM unnest(
            ${column(({ organisationId }) => toUuid(organisationId))}::uuid[],
            ${column(({ minuteMs }) => minuteMs)}::double precision[], ${column(({ key }) => key)}::text[],
            ${column(({ purpose }) => purpose)}::text[], ${column(({ reason }) => reason)}::text[],
            ${column(({ count }) => count)}::bigint[]
          ) AS r (organisation_id, minute_ms, key_id, purpose, reason, count)
          WHERE EXISTS (SELECT FROM once)
        ),
        days AS (
          INSERT INTO usage_days (organisation_id, key_id, day, purpose, reason, count)
          SELECT organisation_id, key_id, date_trunc('day', minute, 'UTC'), purpose, reason, sum(count)
          FROM rows GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
          ON CONFLICT (organisation_id, key_id, day, purpose, reason)
            DO UPDATE SET count = usage_days.count + excluded.count
        ),
        firsts AS (
          INSERT INTO first_uses (organisation_id, key_id, purpose, first_at, seen_at, seen_by)
          SELECT r.organisation_id, r.key_id, r.purpose, min(r.minute),
            CASE WHEN min(k.replaces) FILTER (WHERE before.key_id IS NOT NULL OR beside.key_id IS NOT NULL) IS NOT NULL
              THEN min(r.minute) END,
            min(k.replaces) FILTER (WHERE before.key_id IS NOT NULL OR beside.key_id IS NOT NULL)
          FROM rows r
            LEFT JOIN api_keys k ON k.organisation_id = r.organisation_id AND k.id = r.key_id
            LEFT JOIN first_uses before ON before.organisation_id = r.organisation_id
              AND before.key_id = k.replaces AND before.purpose = r.purpose
            LEFT JOIN (SELECT DISTINCT organisation_id, key_id, purpose FROM rows) beside
              ON beside.organisation_id = r.organisation_id
              AND beside.key_id = k.replaces AND beside.purpose = r.purpose
          GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
          ON CONFLICT DO NOTHING
        ),
        used AS (
          INSERT INTO key_uses (organisation_id, key_id, last_used_at)
          SELECT u.organisation_id, u.key_id, to_timestamp(max(u.minute_ms) / 1000)
          FROM unnest(
            ${uses.map(({ organisationId }) => toUuid(organisationId))}::uuid[],
            ${uses.map(({ key }) => key)}::text[], ${uses.map(({ minuteMs }) => minuteMs)}::double precision[]
          ) AS u (organisation_id, key_id, minute_ms)
          WHERE EXISTS (SELECT FROM once)
          GROUP BY 1, 2 ORDER BY 1, 2
          ON CONFLICT (organisation_id, key_id)
            DO UPDATE SET last_used_at = greatest(key_uses.last_used_at, excluded.last_used_at)
        )
        INSERT INTO usage_counts (organisation_id, minute, key_id, purpose, reason, count)
        SELECT organisation_id, minute, key_id, purpose, reason, count FROM rows ORDER BY 1, 3, 2, 4, 5
        ON CONFLICT (organisation_id, minute, key_id, purpose, reason)
          DO UPDATE SET count = usage_counts.count + excluded.count`
    },
    async read(organisationId, { key, purpose, reason, fromMs, toMs, step, limit }) {
      const rows = await prisma.$queryRaw<CountRow[]>`
        SELECT date_trunc(${step}, minute, 'UTC') AS minute, key_id, purpose, reason, sum(count)::bigint AS count
        FROM usage_counts
        WHERE organisation_id = ${toUuid(organisationId)}::uuid
          AND minute >= ${new Date(fromMs)} AND minute < ${new Date(toMs)}
          AND (${key}::text IS NULL OR key_id = ${key})
          AND (${purpose}::text IS NULL OR purpose = ${purpose})
          AND (${reason}::text IS NULL OR reason = ${reason})
        GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4 LIMIT ${limit}`
      return rows.map((row) => ({
        ...{ minuteMs: row.minute.getTime(), key: row.key_id, purpose: row.purpose },
        ...{ reason: row.reason as Reason, count: Number(row.count) },
      }))
    },
    async keep(samples) {
      const column = <Value>(of: (each: DecisionSample) => Value) => samples.map(of)
      // In columns: a plan of as many rows as there are costs more than deciding them did.
      await prisma.$executeRaw`
        INSERT INTO decision_samples (id, organisation_id, decided_at, key_id, route, purpose, subject_id, allowed,
          reason, run, epoch, seq, question)
        SELECT r.id, r.organisation_id, to_timestamp(r.decided_at_ms / 1000), r.key_id, r.route, r.purpose,
          nullif(r.subject_id, '')::uuid, r.allowed, r.reason, nullif(r.run, ''), r.epoch, r.seq,
          r.question::jsonb
        FROM unnest(
          ${column(({ id }) => id)}::uuid[], ${column(({ organisationId }) => toUuid(organisationId))}::uuid[],
          ${column(({ decidedAtMs }) => decidedAtMs)}::double precision[], ${column(({ key }) => key)}::text[],
          ${column(({ route }) => route)}::text[], ${column(({ purpose }) => purpose)}::text[],
          ${column(({ subjectId }) => (subjectId === null ? '' : toUuid(subjectId)))}::text[],
          ${column(({ allowed }) => allowed)}::boolean[], ${column(({ reason }) => reason)}::text[],
          ${column(({ run }) => run ?? '')}::text[], ${column(({ revision }) => revision.epoch)}::int[],
          ${column(({ revision }) => revision.seq)}::bigint[],
          ${column(({ question }) => question && JSON.stringify(question))}::text[]
        ) AS r (id, organisation_id, decided_at_ms, key_id, route, purpose, subject_id, allowed, reason, run, epoch,
          seq, question)
        ON CONFLICT DO NOTHING`
      const replaced = samples.flatMap(({ replaces }) => replaces ?? [])
      if (replaced.length > 0) {
        // After it, so that an attempt that is repeated puts nothing back.
        await prisma.$executeRaw`DELETE FROM decision_samples WHERE id = ANY (${replaced}::uuid[])`
      }
    },
    async samples(organisationId, { run, limit }) {
      const rows = await prisma.decisionSample.findMany({
        where: { organisationId: toUuid(organisationId), ...(run === null ? {} : { run }) },
        orderBy: [{ decidedAt: 'desc' }, { id: 'asc' }],
        take: limit,
      })
      return rows.map(
        ({ id, decidedAt, keyId, route, purpose, subjectId, allowed, reason, run: own, epoch, seq }) =>
          ({
            ...{ id, decidedAtMs: decidedAt.getTime(), key: keyId, route, purpose, allowed },
            ...{ subjectId: subjectId === null ? null : toSubjectId(subjectId), reason: reason as Reason },
            ...{ run: own, revision: { epoch, log: 0, seq: Number(seq) } },
          }) satisfies Omit<DecisionSample, 'organisationId' | 'question' | 'replaces'>,
      )
    },
    async forget(beforeMs) {
      await prisma.decisionSample.deleteMany({ where: { decidedAt: { lt: new Date(beforeMs) } } })
      await prisma.$executeRaw`DELETE FROM usage_flushes WHERE flushed_at < now() - interval '1 day'`
    },
  }
}
