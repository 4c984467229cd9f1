import { behindMax, type Consumer, type Consumers, consumersMax } from '../api/consumer-store.ts'
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

/** Many new ones at once wait for each other. */
const waits = { maxWait: 10_000, timeout: 10_000 }

export function createConsumers(prisma: PrismaClient): Consumers {
  return {
    async report(organisationId, report, { isReset }) {
      const organisation = toUuid(organisationId)
      const { name, applied, reportedBy, description, purposes } = report
      const { epoch, log, seq } = applied
      const move = (db: Pick<PrismaClient, '$executeRaw'>) => db.$executeRaw`
        UPDATE consumers SET epoch = ${epoch}, log = ${log}, seq = ${seq}, reported_by = ${reportedBy},
          reported_at = now(), description = coalesce(${description}, description),
          purposes = coalesce(${purposes}::text[], purposes)
        WHERE organisation_id = ${organisation}::uuid AND name = ${name}
          AND (${isReset} OR (epoch, seq) <= (${epoch}, ${seq}))`
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
