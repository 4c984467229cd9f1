import { randomBytes } from 'node:crypto'
import { deriveKeys, type Keys } from '../../../auth/derive-keys.ts'
import { starterConfiguration } from '../../../config/starter.ts'
import { starterOrganisation } from '../../../config/starter-purposes.ts'
import { createDecisions } from '../../../decisions/create-decisions.ts'
import type { Decisions } from '../../../decisions/decisions.ts'
import type { OrganisationId } from '../../../domain/ids.ts'
import type { AppliedIndex } from '../../../ledger/applied-index.ts'
import { createLedger } from '../../../ledger/create-ledger.ts'
import type { ConsentCommand, Ledger } from '../../../ledger/ledger.ts'
import type { LedgerStore } from '../../../ledger/ledger-store.ts'
import { randomIds } from '../../../ledger/random-ids.ts'
import type { DatabaseAddress } from '../../database-address.ts'
import { ensureOrganisation } from '../../organisations.ts'
import { createLedgerStore } from '../ledger-store.ts'
import { createLogSource } from '../log-source.ts'

export type RunningLedger = {
  readonly ledger: Ledger
  readonly decisions: Decisions
  readonly organisationId: OrganisationId
  readonly keys: Keys
  close(): Promise<void>
}

/** Ledger and decisions over a test database, with the starter configuration. `wrapStore` and `wrapIndex` may inject faults. */
export async function startLedger(
  serve: DatabaseAddress,
  options: {
    readonly keys?: Keys
    readonly clock?: () => number
    readonly wrapStore?: (store: LedgerStore) => LedgerStore
    readonly wrapIndex?: (index: AppliedIndex) => AppliedIndex
    readonly fatal?: (error: unknown) => void
  } = {},
): Promise<RunningLedger> {
  const keys = options.keys ?? deriveKeys(randomBytes(32))
  const clock = options.clock ?? Date.now
  const source = createLogSource(serve)
  const organisationId = await ensureOrganisation(serve, starterOrganisation)
  const decisions = await createDecisions({
    source,
    lookupKey: keys.lookup,
    clock,
    log: { info: () => undefined, warn: () => undefined },
  })
  const store = createLedgerStore(serve)
  const ledger = createLedger({
    store: options.wrapStore?.(store) ?? store,
    index: options.wrapIndex?.(decisions) ?? decisions,
    keys,
    clock,
    ids: randomIds,
    fatal:
      options.fatal ??
      ((error) => {
        throw error
      }),
  })
  if (decisions.policy(organisationId) === undefined) {
    await ledger.publish(organisationId, starterConfiguration('http://localhost:3000'))
  }
  return {
    ledger,
    decisions,
    organisationId,
    keys,
    async close() {
      await decisions.close()
      await ledger.close()
      await source.close()
    },
  }
}

/** A yes to AI training from `user:alice` under the starter notice. */
export function aConsent(
  organisationId: OrganisationId,
  changes: Partial<ConsentCommand> = {},
): ConsentCommand {
  return {
    organisationId,
    subject: { namespace: 'user', id: 'alice' },
    property: 'demo',
    notice: { key: 'starter', version: 1, locale: 'en' },
    regime: null,
    country: null,
    actor: 'subject',
    occurredAtMs: null,
    imported: false,
    namesGpcConflict: false,
    evidence: { method: 'form' },
    choices: [{ purpose: 'ai_training', act: 'grant' }],
    ...changes,
  }
}
