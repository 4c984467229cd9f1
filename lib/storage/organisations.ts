import { randomUUID } from 'node:crypto'
import type { OrganisationDefinition } from '../domain/definitions.ts'
import type { OrganisationId } from '../domain/ids.ts'
import type { DatabaseAddress } from './database-address.ts'
import { connect } from './ledger/connect.ts'
import { toOrganisationId } from './row-ids.ts'

/** The organisation with this key; made where there is none. Its definition counts once it is published. */
export async function ensureOrganisation(
  serve: DatabaseAddress,
  definition: OrganisationDefinition,
): Promise<OrganisationId> {
  const client = await connect(serve)
  try {
    await client.query(
      'INSERT INTO organisations (id, key, name, definition) VALUES ($1, $2, $3, $4) ON CONFLICT (key) DO NOTHING',
      [randomUUID(), definition.key, definition.name, definition],
    )
    const { rows } = await client.query<{ id: string }>('SELECT id FROM organisations WHERE key = $1', [
      definition.key,
    ])
    return toOrganisationId(rows[0]!.id)
  } finally {
    await client.end()
  }
}
