import type { IdentifierStore } from '../ledger/identifier-reader.ts'
import type { DatabaseAddress } from './database-address.ts'
import { openPool } from './ledger/connect.ts'
import { toUuid } from './row-ids.ts'

type Row = { digest: Buffer; namespace: string; sealed: Buffer | null; wrapped_key: Buffer | null }

/** Pages by the primary key: a page costs the same wherever it lies and however rare the namespace is. */
export function createIdentifierStore(serve: DatabaseAddress): IdentifierStore & { close(): Promise<void> } {
  const pool = openPool(serve)
  return {
    async after(organisationId, namespace, { after, limit }) {
      const { rows } = await pool.query<Row>(
        `SELECT i.digest, i.namespace, CASE WHEN i.namespace = $2 THEN i.sealed END AS sealed, s.wrapped_key
         FROM (
           SELECT digest, namespace, sealed, subject_id FROM identifiers
           WHERE organisation_id = $1 AND digest > $3 ORDER BY digest LIMIT $4
         ) i
         LEFT JOIN subjects s ON i.namespace = $2 AND s.organisation_id = $1 AND s.id = i.subject_id
         ORDER BY i.digest`,
        [toUuid(organisationId), namespace, Buffer.from(after), limit],
      )
      return rows.map(({ digest, namespace: own, sealed, wrapped_key }) => ({
        ...{ digest, namespace: own, sealed, wrappedKey: wrapped_key },
      }))
    },
    close: () => pool.end(),
  }
}
