import type { RegimeVersions } from '../api/regime-store.ts'
import type { RegimeDefinition } from '../domain/definitions.ts'
import type { PrismaClient } from './prisma/client.ts'
import { toUuid } from './row-ids.ts'

type Row = {
  readonly version: number
  readonly definition: RegimeDefinition
  readonly published_seq: bigint
  readonly recorded_at_ms: bigint
}

export function createRegimeVersions(prisma: PrismaClient): RegimeVersions {
  return {
    async list(organisationId, key) {
      const organisation = toUuid(organisationId)
      const rows = await prisma.$queryRaw<Row[]>`
        SELECT r.version, r.definition, r.published_seq, e.recorded_at_ms
        FROM regimes r JOIN events e ON e.organisation_id = r.organisation_id AND e.seq = r.published_seq
        WHERE r.organisation_id = ${organisation}::uuid AND r.key = ${key} ORDER BY r.version`
      return rows.map((row) => ({
        version: row.version,
        definition: row.definition,
        publishedSeq: Number(row.published_seq),
        publishedAtMs: Number(row.recorded_at_ms),
      }))
    },
  }
}
