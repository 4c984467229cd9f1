import type { KeyStore } from '../api/key-store.ts'
import type { PrismaClient } from './prisma/client.ts'
import { toUuid } from './row-ids.ts'

type Row = {
  id: string
  name: string
  prefix: string
  scopes: string[]
  legal_entity: string | null
  created_by: string | null
  created_by_name: string | null
  created_at_ms: bigint
  replaces: string | null
  ends_at: Date | null
  revoked_at_ms: bigint | null
  revoked_by: string | null
  last_used_at: Date | null
}

/** Keys with what the log says of when they were made and revoked. */
export function createKeyStore(prisma: PrismaClient): KeyStore {
  return {
    async list(organisationId) {
      const rows = await prisma.$queryRaw<Row[]>`
        SELECT k.id, k.name, k.prefix, k.scopes, k.legal_entity, k.created_by,
          coalesce(m.email, maker.name) AS created_by_name, made.recorded_at_ms AS created_at_ms, k.replaces,
          k.ends_at, revoked.recorded_at_ms AS revoked_at_ms, k.revoked_by, u.last_used_at
        FROM organisations o
          JOIN api_keys k ON k.organisation_id = o.id
          JOIN events made ON made.log = o.log AND made.seq = k.created_seq
          LEFT JOIN events revoked ON revoked.log = o.log AND revoked.seq = k.revoked_seq
          LEFT JOIN members m ON m.organisation_id = o.id AND 'member:' || m.id::text = k.created_by
          LEFT JOIN api_keys maker ON maker.organisation_id = o.id AND maker.id = k.created_by
          LEFT JOIN key_uses u ON u.organisation_id = o.id AND u.key_id = k.id
        WHERE o.id = ${toUuid(organisationId)}::uuid
        ORDER BY k.created_seq DESC`
      return rows.map((row) => ({
        ...{ id: row.id, name: row.name, prefix: row.prefix, scopes: row.scopes, replaces: row.replaces },
        ...{ legalEntity: row.legal_entity, createdBy: row.created_by, createdByName: row.created_by_name },
        createdAtMs: Number(row.created_at_ms),
        endsAtMs: row.ends_at?.getTime() ?? null,
        revokedAtMs: row.revoked_at_ms === null ? null : Number(row.revoked_at_ms),
        revokedBy: row.revoked_by,
        lastUsedAtMs: row.last_used_at?.getTime() ?? null,
      }))
    },
  }
}
