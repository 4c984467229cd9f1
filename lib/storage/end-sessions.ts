import type { OrganisationId } from '../domain/ids.ts'
import type { Transaction } from './admin-acts.ts'
import { toUuid } from './row-ids.ts'

/** Ends all of a member's sessions, in the transaction of what makes them end. */
export async function endSessionsOf(
  tx: Transaction,
  organisationId: OrganisationId,
  memberId: string,
  atMs: number,
): Promise<void> {
  await tx.session.updateMany({
    where: { organisationId: toUuid(organisationId), memberId, revokedAt: null },
    data: { revokedAt: new Date(atMs) },
  })
}
