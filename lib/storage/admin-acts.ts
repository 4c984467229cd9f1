import { randomUUID } from 'node:crypto'
import type { Doer } from '../auth/admin-store.ts'
import type { OrganisationId } from '../domain/ids.ts'
import type { ReleaseAct } from '../releases/release-store.ts'
import type { PrismaClient } from './prisma/client.ts'
import { toUuid } from './row-ids.ts'

/** A transaction, or what reads and writes alike. */
export type Transaction = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0]

/** Many changes at once wait for each other. */
export const waits = { maxWait: 10_000, timeout: 10_000 }

/** Whoever changes who works for an organisation waits here for whoever else does. */
export async function lockOrganisation(tx: Transaction, organisationId: OrganisationId): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM organisations WHERE id = ${toUuid(organisationId)}::uuid FOR NO KEY UPDATE`
}

/** Writes down what was done, with what did it: `detail` holds no secrets. */
export async function recordAct(
  tx: Transaction,
  organisationId: OrganisationId,
  by: Doer,
  act:
    | 'evidence_exported'
    | 'room_opened'
    | 'room_viewed'
    | 'room_closed'
    | 'member_invited'
    | 'invitation_withdrawn'
    | 'member_joined'
    | 'role_changed'
    | 'member_removed'
    | 'sessions_ended'
    | 'own_sessions_ended'
    | 'signed_in'
    | 'sign_in_failed'
    | 'signed_out'
    | 'second_factor_added'
    | 'second_factor_removed'
    | 'sign_in_settings_changed'
    // Who looked at a person, and what was done for one. `subject` is her random id.
    | 'person_viewed'
    | 'person_not_found'
    | 'person_exported'
    | 'evidence_viewed'
    | 'consent_recorded'
    | 'age_recorded'
    | 'subjects_linked'
    | 'subjects_unlinked'
    | 'request_received'
    | 'request_changed'
    | 'request_read'
    | 'first_use_seen'
    | 'looks_taken'
    | ReleaseAct
    | 'task_done',
  detail: Readonly<Record<string, string>>,
): Promise<void> {
  const { actor, atMs } = by
  await tx.adminAct.create({
    data: {
      ...{ id: randomUUID(), organisationId: toUuid(organisationId), at: new Date(atMs) },
      ...{ actor, act, detail },
    },
  })
}
