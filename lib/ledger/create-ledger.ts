import { createHmac, randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../domain/clock.ts'
import { AssentError } from '../domain/errors.ts'
import { IdentifierDigest } from '../domain/identifier-digest.ts'
import type { OrganisationId } from '../domain/ids.ts'
import type { LogHead } from '../domain/log-head.ts'
import type { AppliedIndex } from './applied-index.ts'
import { Draft, type Ids } from './draft.ts'
import type { Idempotency, Ledger, RecordedConsents } from './ledger.ts'
import { type Batch, BatchRefused, CommitUnknown, type KeptAnswer, type LedgerStore } from './ledger-store.ts'
import { planConsents } from './plan-consents.ts'
import { planLink, planUnlink } from './plan-link.ts'
import { planPublish } from './plan-publish.ts'
import { chainHash, freshBytes, leafOf, seal } from './seal.ts'
import { SubjectKeys } from './subject-keys.ts'

const queuedMax = 20_000
const callsABatchMax = 500
const triesMax = 5

/** The keys the writer uses; see `deriveKeys`. */
export type LedgerKeys = {
  readonly lookup: Uint8Array
  readonly wrap: Uint8Array
  readonly organisationSeal: Uint8Array
  readonly idempotency: Uint8Array
  readonly idempotencyName: Uint8Array
}

/** One call on its way: what it adds to the log, and who waits for it. */
type Call = {
  readonly plan: (draft: Draft) => object
  readonly nowMs: number
  readonly repeat: { readonly organisationId: OrganisationId; readonly idempotency: Idempotency } | null
  readonly resolve: (answer: {
    readonly outcome: object
    readonly seq: number
    readonly isReplay: boolean
  }) => void
  readonly reject: (error: unknown) => void
  tries: number
}

type Planned = { readonly call: Call; readonly outcome: object; readonly seq: number }

/**
 * The one writer of a log, as `Ledger` promises. It becomes the writer with its first batch, and again after the
 * database was away. `fatal` is called where a committed batch cannot be applied: the process must end then, so
 * that it never answers from before a withdrawal it acknowledged.
 */
export function createLedger(options: {
  readonly store: LedgerStore
  readonly index: AppliedIndex
  readonly keys: LedgerKeys
  readonly clock: Clock
  readonly ids: Ids
  readonly fatal: (error: unknown) => void
}): Ledger {
  const { store, index, keys, clock, ids } = options
  const digests = new IdentifierDigest(keys.lookup)
  const names = new IdentifierDigest(keys.idempotencyName)
  const subjectKeys = new SubjectKeys(keys.wrap)
  const queue: Call[] = []
  const underWay = new Set<string>()
  let head: LogHead | undefined
  let draining: Promise<void> | undefined
  let isClosed = false

  function submit(plan: Call['plan'], repeat: Call['repeat']) {
    if (isClosed) throw new AssentError('log_unavailable', 'The server is stopping; nothing was written.')
    if (queue.length >= queuedMax) {
      throw new AssentError(
        'queue_full',
        'Too many writes are waiting; nothing was written. Try again shortly.',
      )
    }
    return new Promise<Parameters<Call['resolve']>[0]>((resolve, reject) => {
      queue.push({ plan, repeat, nowMs: clock(), resolve, reject, tries: 0 })
      // The rest of this turn's calls join the same batch.
      draining ??= Promise.resolve().then(drain)
    })
  }

  async function drain(): Promise<void> {
    while (queue.length > 0) await write(queue.splice(0, callsABatchMax))
    draining = undefined
  }

  /** Writes calls in one batch. Never rejects: every call is answered, or waits in the queue again. */
  async function write(calls: readonly Call[]): Promise<void> {
    try {
      head ??= await store.acquireLease()
      if (index.revision().seq !== head.seq) await index.catchUp()
      const fresh = await answerRepeated(calls)
      const draft = new Draft(index, ids, head)
      const planned = plan(draft, fresh)
      if (draft.events.length === 0) return settle(planned)
      const batch = await toBatch(draft, planned, head)
      const outcome = await append(batch)
      if (outcome === 'moved') {
        head = undefined
        await index.catchUp()
        return again(planned.map(({ call }) => call))
      }
      const last = batch.events.at(-1)!
      head = {
        ...head,
        seq: last.event.seq,
        hash: Buffer.from(last.hash).toString('hex'),
        recordedAtMs: last.event.recordedAtMs,
      }
      try {
        index.apply({ events: draft.events.map(({ event }) => event), identifiers: batch.subjects, head })
      } catch (error) {
        return options.fatal(error)
      }
      subjectKeys.trim()
      settle(planned)
    } catch (error) {
      if (error instanceof BatchRefused && calls.length > 1) {
        // One of them is at fault; alone, the others are written.
        for (const call of calls) await write([call])
        return
      }
      if (!(error instanceof BatchRefused)) head = undefined
      const told = toldOf(error)
      for (const call of calls) call.reject(told)
    }
  }

  /** Puts calls back, ahead of the others. */
  function again(calls: readonly Call[]): void {
    for (const call of [...calls].reverse()) {
      call.tries += 1
      if (call.tries < triesMax) queue.unshift(call)
      else call.reject(new AssentError('log_unavailable', 'Another writer is at work; nothing was written.'))
    }
  }

  /** Answers the calls that were made before; the rest is new. */
  async function answerRepeated(calls: readonly Call[]): Promise<readonly Call[]> {
    const digests = calls.flatMap(({ repeat }) => (repeat === null ? [] : [digestOf(repeat)]))
    if (digests.length === 0) return calls
    const kept = await store.findAnswers(digests)
    return calls.filter((call) => {
      if (call.repeat === null) return true
      const { idempotency } = call.repeat
      const answer = kept.get(digestOf(call.repeat))
      if (answer === undefined) return true
      if (Buffer.compare(answer.fingerprint, fingerprintOf(idempotency)) === 0) {
        const { seq, ...outcome } = JSON.parse(answer.outcome) as { seq: number }
        call.resolve({ outcome, seq, isReplay: true })
      } else {
        const why = 'This idempotency key was used for another request.'
        call.reject(new AssentError('idempotency_key_reused', why))
      }
      return false
    })
  }

  function plan(draft: Draft, calls: readonly Call[]): readonly Planned[] {
    return calls.flatMap((call) => {
      const own = draft.begin(call.nowMs)
      try {
        const outcome = call.plan(own)
        draft.absorb(own)
        return [{ call, outcome, seq: own.seq }]
      } catch (error) {
        call.reject(error)
        return []
      }
    })
  }

  async function toBatch(draft: Draft, planned: readonly Planned[], after: LogHead): Promise<Batch> {
    const wrapped = new Map(draft.subjects.map(({ subjectId }) => [subjectId, subjectKeys.create(subjectId)]))
    const missing = [...draft.states.keys()].filter((subjectId) => !subjectKeys.isKnown(subjectId))
    if (missing.length > 0) {
      for (const [subjectId, key] of await store.subjectKeys(missing)) subjectKeys.learn(subjectId, key)
    }
    let previousHash: Uint8Array = Buffer.from(after.hash, 'hex')
    const events = draft.events.map(({ event, evidence }) => {
      const salt = freshBytes(32)
      const leaf = leafOf(event, after, salt)
      const hash = chainHash(previousHash, leaf)
      const key = event.subjectId === null ? keys.organisationSeal : subjectKeys.get(event.subjectId)
      const sealed = seal(
        key,
        Buffer.from(JSON.stringify({ salt: Buffer.from(salt).toString('base64'), evidence })),
      )
      const committed = { event, leaf, previousHash, hash, sealed }
      previousHash = hash
      return committed
    })
    return {
      id: randomUUID(),
      after,
      events,
      subjects: draft.subjects.map(({ organisationId, subjectId, identifier }) => ({
        organisationId,
        subjectId,
        wrappedKey: wrapped.get(subjectId)!,
        namespace: identifier.namespace,
        digest: digests.bytes(organisationId, identifier),
        sealedIdentifier: seal(subjectKeys.get(subjectId), Buffer.from(identifier.id)),
      })),
      states: [...draft.states.values()],
      answers: planned.flatMap(({ call, outcome, seq }): KeptAnswer[] => {
        if (call.repeat === null) return []
        const fingerprint = fingerprintOf(call.repeat.idempotency)
        return [{ digest: digestOf(call.repeat), fingerprint, outcome: JSON.stringify({ ...outcome, seq }) }]
      }),
    }
  }

  /** Appends, and where the connection died at COMMIT reads the outcome back before anyone is answered. */
  async function append(batch: Batch): Promise<'committed' | 'moved'> {
    try {
      return await store.append(batch)
    } catch (error) {
      if (!(error instanceof CommitUnknown)) throw error
    }
    for (let tries = 0; ; tries++) {
      try {
        if (await store.hasCommitted(batch.id)) return 'committed'
        throw new AssentError('log_unavailable', 'The database was cut off; nothing was written.')
      } catch (error) {
        if (error instanceof AssentError && error.cause === undefined) throw error
        await delay(Math.min(50 * 2 ** tries, 2_000))
      }
    }
  }

  function settle(planned: readonly Planned[]): void {
    for (const { call, outcome, seq } of planned) call.resolve({ outcome, seq, isReplay: false })
  }

  function digestOf({
    organisationId,
    idempotency: { principal, key },
  }: NonNullable<Call['repeat']>): string {
    const digest = names.bytes(organisationId, { namespace: 'idempotency', id: `${principal}\0${key}` })
    return Buffer.from(digest).toString('hex')
  }

  function fingerprintOf({ request }: Idempotency): Uint8Array {
    return createHmac('sha256', keys.idempotency).update(request).digest()
  }

  const at = (seq: number) => ({ ...index.revision(), seq })
  const forgetting = setInterval(() => void store.forget().catch(() => undefined), 3_600_000)
  forgetting.unref()

  return {
    async recordConsents(command, idempotency) {
      const { organisationId } = command
      const name = idempotency === null ? null : nameOf(organisationId, idempotency)
      if (name !== null && underWay.has(name)) {
        throw new AssentError('idempotency_key_in_use', 'A request with this idempotency key is under way.')
      }
      if (name !== null) underWay.add(name)
      try {
        const repeat = idempotency === null ? null : { organisationId, idempotency }
        const { outcome, seq, isReplay } = await submit((draft) => planConsents(draft, command), repeat)
        const recorded = outcome as Omit<RecordedConsents, 'revision' | 'isReplay'>
        return { ...recorded, revision: at(seq), isReplay }
      } finally {
        if (name !== null) underWay.delete(name)
      }
    },
    async recordGpc(organisationId, subject, property) {
      const { outcome, seq } = await submit((draft) => {
        const known = draft.subjectOf(organisationId, subject)
        const state = known === undefined ? undefined : draft.state(organisationId, known)
        if (state !== undefined && state.gpc !== null) return { isNew: false }
        const subjectId = draft.subjectFor(organisationId, subject)
        const linked = state?.links.flatMap(({ other, untilMs }) => (untilMs === null ? [other] : [])) ?? []
        for (const id of [subjectId, ...linked]) {
          draft.appendToSubject(organisationId, id, {
            body: { act: 'gpc_opted_out', property, regime: null },
            occurredAtMs: null,
            evidence: { method: id === subjectId ? 'sec-gpc' : 'link' },
          })
        }
        return { isNew: true }
      }, null)
      return { revision: at(seq), isNew: (outcome as { isNew: boolean }).isNew }
    },
    async recordFact(organisationId, subject, body) {
      const { seq } = await submit((draft) => {
        const subjectId = draft.subjectFor(organisationId, subject)
        draft.appendToSubject(organisationId, subjectId, { body, occurredAtMs: null, evidence: {} })
        return {}
      }, null)
      return { revision: at(seq) }
    },
    async linkSubjects(organisationId, a, b) {
      const { seq } = await submit((draft) => planLink(draft, organisationId, a, b), null)
      return { revision: at(seq) }
    },
    async unlinkSubjects(organisationId, a, b) {
      const { seq } = await submit((draft) => planUnlink(draft, organisationId, a, b), null)
      return { revision: at(seq) }
    },
    async publish(organisationId, bodies) {
      const { outcome, seq } = await submit((draft) => planPublish(draft, organisationId, bodies), null)
      return { revision: at(seq), firstSeq: (outcome as { firstSeq: number }).firstSeq }
    },
    async close() {
      isClosed = true
      clearInterval(forgetting)
      await draining
      await store.close()
    },
  }
}

const nameOf = (organisationId: OrganisationId, { principal, key }: Idempotency) =>
  `${organisationId}\0${principal}\0${key}`

/** A failed batch's error as its callers are told of it. */
function toldOf(error: unknown): AssentError {
  if (error instanceof AssentError) return error
  if (!(error instanceof BatchRefused)) {
    const message = 'The log cannot be written now; nothing was written.'
    return new AssentError('log_unavailable', message, { cause: error })
  }
  if (error.cause instanceof AssentError) return error.cause
  return new AssentError('internal', 'The database refused this; nothing was written.', { cause: error })
}
