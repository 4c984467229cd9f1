import type { Logger } from 'pino'
import { createDecisionNodeApi } from './api/create-decision-node-api.ts'
import { defaultLimits } from './api/limits/key-limits.ts'
import { createRememberedFilters } from './api/remembered-filters.ts'
import { createCountsOnly } from './api/usage/counts-only.ts'
import type { Keys } from './auth/derive-keys.ts'
import { starterOrganisation } from './config/starter-purposes.ts'
import { createDecisions } from './decisions/create-decisions.ts'
import type { DecisionNodeEnv } from './env.ts'
import { createFeedSource } from './replica/create-feed-source.ts'
import { FeedRefused } from './replica/feed-client.ts'
import { createReplicaFeed } from './replica/replica-feed.ts'
import { checkMigrations } from './storage/check-migrations.ts'
import type { DatabaseAddress } from './storage/database-address.ts'
import { checkFingerprint, WrongSecretKey } from './storage/fingerprint.ts'
import { createLogSource } from './storage/ledger/log-source.ts'
import { openStateStream } from './storage/ledger/state-stream.ts'

type Options = Pick<DecisionNodeEnv, 'follows' | 'publicUrl' | 'bounds' | 'limits'> & {
  readonly keys: Keys
  /** Where the secret key came from, in words. */
  readonly secretSource: string
  readonly migrations: string
  readonly log: Logger
}

/**
 * Puts together a node that only decides. It writes nothing anywhere, and has no key but that of identifiers' digests
 * in its index. Rejects where what it follows cannot be read yet, or is not the right one (`isHopeless`).
 */
export async function wireDecisionNode(options: Options) {
  const { follows, keys, publicUrl, bounds, log } = options
  const followed =
    'database' in follows
      ? await openDatabase(follows.database, options)
      : openFeed(follows, keys.fingerprint)
  const { source, replicaSource, openState } = followed
  const close = () => Promise.all([source.close(), replicaSource.close()])
  try {
    const decisions = await createDecisions({
      source,
      lookupKey: keys.lookup,
      clock: Date.now,
      log,
      ...bounds,
    })
    const operator = decisions.organisationByKey(starterOrganisation.key)
    if (operator === undefined) {
      await decisions.close()
      throw new Error('nothing has been published there yet')
    }
    const replica = createReplicaFeed({ decisions, source: replicaSource, openState })
    const api = createDecisionNodeApi({
      decisions,
      filters: createRememberedFilters(),
      usage: createCountsOnly(decisions),
      replica,
      publicOrganisation: operator,
      publicUrl,
      limits: { ...defaultLimits, ...options.limits },
      clock: Date.now,
      log,
      follows: whom(follows),
    })
    return {
      api,
      async close(): Promise<void> {
        replica.close()
        await decisions.close()
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Whom a node follows, in words for people and without a password. */
export const whom = (follows: DecisionNodeEnv['follows']) =>
  'database' in follows ? 'the log in a database; ask the node that writes it' : follows.url

/** Whether starting again cannot help before somebody has changed a setting. */
export function isHopeless(error: unknown): boolean {
  const { code } = error as { code?: unknown }
  // SQLSTATE: wrong password or role, no such database, a right is missing.
  const isRefused = typeof code === 'string' && /^(?:28|3D)...$|^42501$/.test(code)
  return isRefused || error instanceof FeedRefused || error instanceof WrongSecretKey
}

async function openDatabase(database: DatabaseAddress, { keys, secretSource, migrations }: Options) {
  await checkMigrations(database, migrations)
  await checkFingerprint(database, keys.fingerprint, secretSource, { mayBind: false })
  return {
    source: createLogSource(database, { listens: true }),
    replicaSource: createLogSource(database),
    openState: async () => openStateStream(database, keys.fingerprint),
  }
}

function openFeed(follows: { readonly url: string; readonly key: string }, fingerprint: string) {
  const source = createFeedSource({ ...follows, fingerprint })
  const replicaSource = createFeedSource({ ...follows, fingerprint })
  return { source, replicaSource, openState: () => replicaSource.openState() }
}
