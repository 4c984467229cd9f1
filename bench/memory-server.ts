import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { createApi } from '../lib/api/create-api.ts'
import type { ApiDeps } from '../lib/api/deps.ts'
import { makeApiKey } from '../lib/auth/api-keys.ts'
import { createDecisions } from '../lib/decisions/create-decisions.ts'
import type { LogSource } from '../lib/decisions/log-source.ts'
import type { ConfigEvent } from '../lib/domain/events.ts'
import { IdentifierDigest } from '../lib/domain/identifier-digest.ts'
import type { EventId } from '../lib/domain/ids.ts'
import { idOf, organisationId, packedStates, startMs } from './population.ts'

/**
 * The API over an index that was filled in memory, without a database: millions of subjects in seconds, for what only
 * asks. Prints its port and a key. Each purpose of a subject was agreed to or refused at `startMs`.
 */
const subjects = Number(process.argv[2] ?? 2_000_000)
const lookupKey = randomBytes(16)
const digests = new IdentifierDigest(lookupKey)
const head = { epoch: 0, log: 0, seq: 1_000, hash: '0'.repeat(64), recordedAtMs: startMs }
const { secret, definition } = makeApiKey('Bench', ['decisions:read', 'changes:read'])

const source: LogSource = {
  async load(into) {
    const packed = packedStates(into)
    const key = {
      id: 'evt_' as EventId,
      organisationId,
      seq: 900,
      recordedAtMs: startMs,
      occurredAtMs: startMs,
    }
    into.config({ ...key, subjectId: null, body: { act: 'key_created', definition } } as ConfigEvent)
    const id = new Int32Array(4)
    for (let n = 0; n < subjects; n++) {
      for (let i = 0; i < 4; i++) id[i] = (Math.random() * 2 ** 32) | 0
      into.state(organisationId, id, 1_000, packed[n % packed.length]!)
      into.identifier(organisationId, digests.words(organisationId, 'user', idOf(n)), id)
    }
    return head
  },
  async read(_, { waitMs }) {
    await delay(waitMs)
    return { head, ageMs: 0, databaseNowMs: Date.now(), databaseNowErrorMs: 0, batches: [] }
  },
}

const log = { info: () => undefined, warn: console.error, error: console.error }
const decisions = await createDecisions({ source, lookupKey, clock: Date.now, log })
const { handler } = createApi({
  decisions,
  clock: Date.now,
  publicUrl: 'http://localhost',
  publicOrganisation: organisationId,
  internalToken: randomBytes(32).toString('hex'),
  keys: { subjectToken: randomBytes(32), snapshot: randomBytes(32) },
  log,
  // Nothing is recorded here.
  events: { history: async () => [], newest: async () => [], after: async () => [] },
} as unknown as ApiDeps)
const server = createServer(handler)
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address !== null && typeof address === 'object') console.log(`port ${address.port} key ${secret}`)
})
