import type { SealedIdentifiers } from '../../ledger/known-identifiers.ts'
import type { DatabaseAddress } from '../database-address.ts'
import { toSubjectId, toUuid } from '../row-ids.ts'
import { openPool } from './connect.ts'

type Row = { digest: Buffer; namespace: string; subject_id: string; sealed: Buffer; wrapped_key: Buffer }

/** Reads identifiers along their primary key, so that a page costs the same wherever it begins. */
export function createSealedIdentifiers(
  serve: DatabaseAddress,
): SealedIdentifiers & { close(): Promise<void> } {
  const pool = openPool(serve)
  return {
    async page(organisationId, after, limit) {
      const { rows } = await pool.query<Row>({
        name: 'sealed-identifiers',
        text: `SELECT i.digest, i.namespace, i.subject_id, i.sealed, s.wrapped_key
          FROM identifiers i JOIN subjects s ON s.id = i.subject_id
          WHERE i.organisation_id = $1 AND i.digest > $2 AND i.sealed IS NOT NULL
            AND s.organisation_id = $1 AND s.wrapped_key IS NOT NULL
          ORDER BY i.digest LIMIT $3`,
        values: [toUuid(organisationId), after ?? Buffer.alloc(0), limit],
      })
      return rows.map((row) => ({
        digest: row.digest,
        namespace: row.namespace,
        subjectId: toSubjectId(row.subject_id),
        sealed: row.sealed,
        wrappedKey: row.wrapped_key,
      }))
    },
    close: () => pool.end(),
  }
}
