import {
  behindMax,
  type Consumer,
  type Consumers,
  consumersMax,
  progressDays,
} from '../api/consumer-store.ts'
import type { PrismaClient } from './prisma/client.ts'
import { toUuid } from './row-ids.ts'

type Row = {
  name: string
  description: string
  purposes: string[]
  epoch: number
  log: number
  seq: bigint
  reported_by: string
  reported_at: Date
  behind: number
  behind_since: bigint | null
}

type Applied = { name: string; description: string; applied_at: Date | null }

/** Many new ones at once wait for each other. */
const waits = { maxWait: 10_000, timeout: 10_000 }

export function createConsumers(prisma: PrismaClient): Consumers {
  return {
    async report(organisationId, report, { isReset }) {
      const organisation = toUuid(organisationId)
      const { name, applied, reportedBy, description, purposes } = report
      const { epoch, log, seq } = applied
      // Where it was is kept when it goes on; of many steps, about one a second.
      const move = (db: Pick<PrismaClient, '$executeRaw'>) => db.$executeRaw`
        WITH before AS (
          SELECT * FROM consumers WHERE organisation_id = ${organisation}::uuid AND name = ${name}
            AND (${isReset} OR (epoch, seq) <= (${epoch}, ${seq})) FOR UPDATE
        ), kept AS (
          INSERT INTO consumer_progress (organisation_id, name, epoch, log, seq, at)
          SELECT organisation_id, name, b.epoch, b.log, b.seq, b.advanced_at FROM before b
          WHERE NOT ${isReset} AND (b.epoch, b.seq) < (${epoch}, ${seq}) AND (
            b.advanced_at <= now() - interval '1 second' OR (
              SELECT count(*) < 10 FROM consumer_progress p
              WHERE p.organisation_id = b.organisation_id AND p.name = b.name
                AND p.at > b.advanced_at - interval '10 seconds'))
          ON CONFLICT DO NOTHING
        ), dropped AS (
          DELETE FROM consumer_progress p WHERE p.organisation_id = ${organisation}::uuid AND p.name = ${name}
            AND (${isReset} OR p.at < now() - make_interval(days => ${progressDays + 1}::integer))
        )
        UPDATE consumers c SET epoch = ${epoch}, log = ${log}, seq = ${seq}, reported_by = ${reportedBy},
          reported_at = now(), description = coalesce(${description}, c.description),
          purposes = coalesce(${purposes}::text[], c.purposes),
          advanced_at = CASE WHEN (b.epoch, b.log, b.seq) = (${epoch}, ${log}, ${seq})
            THEN c.advanced_at ELSE now() END
        FROM before b WHERE c.organisation_id = b.organisation_id AND c.name = b.name`
      if ((await move(prisma)) === 1) return 'kept'
      return prisma.$transaction(async (tx) => {
        // Whoever adds one waits here for whoever adds another, and then sees it.
        await tx.$queryRaw`SELECT 1 FROM organisations WHERE id = ${organisation}::uuid FOR NO KEY UPDATE`
        if ((await move(tx)) === 1) return 'kept'
        const all = await tx.consumer.findMany({
          where: { organisationId: organisation },
          select: { name: true },
        })
        if (all.some((each) => each.name === name)) return 'back'
        if (all.length >= consumersMax) return 'full'
        await tx.consumer.create({
          data: {
            ...{ organisationId: organisation, name, epoch, log, seq, reportedBy },
            description: description ?? '',
            purposes: [...(purposes ?? [])],
          },
        })
        return 'kept'
      }, waits)
    },
    async list(organisationId, head) {
      const rows = await prisma.$queryRaw<Row[]>`
        SELECT c.*, b.behind, b.behind_since FROM consumers c CROSS JOIN LATERAL (
          SELECT count(*)::integer AS behind, min(recorded_at_ms) AS behind_since FROM (
            SELECT e.recorded_at_ms FROM events e
            WHERE e.organisation_id = c.organisation_id AND e.seq <= ${head.seq}
              AND e.seq > CASE WHEN c.epoch = ${head.epoch} AND c.log = ${head.log} THEN c.seq ELSE 0 END
            ORDER BY e.seq LIMIT ${behindMax + 1}
          ) waiting
        ) b
        WHERE c.organisation_id = ${toUuid(organisationId)}::uuid ORDER BY c.name`
      return rows.map(toConsumer)
    },
    async applied(organisationId, { epoch, log, seq }) {
      const rows = await prisma.$queryRaw<Applied[]>`
        SELECT c.name, c.description,
          CASE WHEN c.epoch = ${epoch} AND c.log = ${log} AND c.seq >= ${seq} THEN coalesce((
            SELECT min(p.at) FROM consumer_progress p
            WHERE p.organisation_id = c.organisation_id AND p.name = c.name
              AND p.epoch = ${epoch} AND p.log = ${log} AND p.seq >= ${seq}
          ), c.advanced_at) END AS applied_at
        FROM consumers c WHERE c.organisation_id = ${toUuid(organisationId)}::uuid ORDER BY c.name`
      return rows.map(({ name, description, applied_at }) => ({
        ...{ name, description, hasApplied: applied_at !== null },
        appliedAtMs: applied_at === null ? null : applied_at.getTime(),
      }))
    },
    async remove(organisationId, name) {
      const { count } = await prisma.consumer.deleteMany({
        where: { organisationId: toUuid(organisationId), name },
      })
      return count === 1
    },
  }
}

function toConsumer(row: Row): Consumer {
  return {
    name: row.name,
    description: row.description,
    purposes: row.purposes,
    applied: { epoch: row.epoch, log: row.log, seq: Number(row.seq) },
    reportedBy: row.reported_by,
    reportedAtMs: row.reported_at.getTime(),
    behind: row.behind,
    behindSinceMs: row.behind_since === null ? null : Number(row.behind_since),
  }
}
