import { makeApiKey } from '../../auth/api-keys.ts'
import { scopes } from '../../auth/scopes.ts'
import { starterConfiguration } from '../../config/starter.ts'
import { starterOrganisation } from '../../config/starter-purposes.ts'
import type { OrganisationId } from '../../domain/ids.ts'
import { ensureOrganisation } from '../../storage/organisations.ts'
import type { RunningApi } from './start-api.ts'

/** Another organisation with the starter configuration, and a key of its own with every scope. */
export async function otherOrganisation(
  api: RunningApi,
  name = 'other',
): Promise<{ readonly organisationId: OrganisationId; readonly key: string }> {
  const definition = { ...starterOrganisation, key: name }
  const organisationId = await ensureOrganisation(api.database.serve, definition)
  const made = makeApiKey('Theirs', scopes)
  await api.ledger.publish(organisationId, [
    { act: 'organisation_published', definition },
    ...starterConfiguration('http://localhost:3000').slice(1),
    { act: 'key_created', definition: made.definition },
  ])
  return { organisationId, key: made.secret }
}
