import type { Clock } from '../domain/clock.ts'
import { combineDecisions } from '../domain/combine-decisions.ts'
import { decide } from '../domain/decide.ts'
import type { Query } from '../domain/decision.ts'
import { impossible } from '../domain/errors.ts'
import { explain } from '../domain/explain.ts'
import type { Identifier } from '../domain/identifier.ts'
import { digestKey, IdentifierDigest } from '../domain/identifier-digest.ts'
import type { OrganisationId } from '../domain/ids.ts'
import type { LogHead } from '../domain/log-head.ts'
import type { Policy } from '../domain/policy.ts'
import type { Revision } from '../domain/revision.ts'
import type { SubjectState } from '../domain/state.ts'
import type { AppliedBatch, Decisions, KeyPrincipal, Question } from './decisions.ts'
import type { LogSource } from './log-source.ts'
import { OrganisationIndex } from './organisation-index.ts'

/** Past this age of the last contact with the log, every answer is `stale`. */
const stalenessBoundMs = 2_000
/** A clock further from the database's than this denies `stale`. */
const clockSkewBoundMs = 1_000
const pollEveryMs = 250
const readAtOnce = 10_000

/** What messages of the decision plane go to. */
type Log = { readonly warn: (what: object, message: string) => void }

/**
 * Loads everything and follows the log by polling its head. Writers of this process apply their own batches before
 * they answer; the poll finds other writers', and notices a log that went back, which drops and reloads the index.
 */
export async function createDecisions(options: {
  readonly source: LogSource
  /** 16 bytes: the key of identifier digests. */
  readonly lookupKey: Uint8Array
  readonly clock: Clock
  readonly log: Log
  /** Milliseconds that only grow. */
  readonly monotonic?: () => number
}): Promise<Decisions> {
  const { source, clock, log } = options
  const monotonic = options.monotonic ?? (() => performance.now())
  const digests = new IdentifierDigest(options.lookupKey)
  let organisations = new Map<OrganisationId, OrganisationIndex>()
  let byKey = new Map<string, KeyPrincipal>()
  let head: LogHead = { epoch: 0, log: 0, seq: 0, hash: '', recordedAtMs: 0 }
  let isLoaded = false
  let isClockTrusted = true
  let isClosed = false
  let contactAt = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  const waiters = new Set<{ revision: Revision; resolve: (isReached: boolean) => void }>()

  async function load(): Promise<void> {
    isLoaded = false
    const loaded = new Map<OrganisationId, OrganisationIndex>()
    const startedAt = monotonic()
    const at = (organisationId: OrganisationId) => {
      const index = loaded.get(organisationId) ?? new OrganisationIndex()
      loaded.set(organisationId, index)
      return index
    }
    head = await source.load({
      config: (event) => at(event.organisationId).apply(event),
      state: (organisationId, state) => void at(organisationId).states.set(state.subjectId, state),
      identifier: ({ organisationId, subjectId, digest }) =>
        void at(organisationId).subjects.set(digestKey(digest), subjectId),
    })
    organisations = loaded
    indexKeys()
    contactAt = startedAt
    isLoaded = true
    wake()
  }

  function indexKeys(): void {
    byKey = new Map()
    for (const [organisationId, { policy }] of organisations) {
      for (const key of policy?.keys.values() ?? []) byKey.set(key.sha256, { ...key, organisationId })
    }
  }

  function apply(batch: AppliedBatch): void {
    for (const { organisationId, subjectId, digest } of batch.identifiers) {
      indexOf(organisationId).subjects.set(digestKey(digest), subjectId)
    }
    let hasKeys = false
    for (const event of batch.events) {
      if (event.seq <= head.seq) continue
      if (event.seq !== head.seq + 1) impossible(`event ${event.seq} follows ${head.seq}`)
      indexOf(event.organisationId).apply(event)
      head = { ...head, seq: event.seq }
      hasKeys ||= event.body.act === 'key_created' || event.body.act === 'key_revoked'
    }
    if (batch.head.seq === head.seq) head = batch.head
    if (hasKeys) indexKeys()
    wake()
  }

  function indexOf(organisationId: OrganisationId): OrganisationIndex {
    const known = organisations.get(organisationId)
    if (known !== undefined) return known
    const index = new OrganisationIndex()
    organisations.set(organisationId, index)
    return index
  }

  async function catchUp(): Promise<void> {
    const askedAt = monotonic()
    const askedAtMs = Date.now()
    const before = head
    const { head: seen, databaseNowMs } = await source.readHead()
    const spentMs = Date.now() - askedAtMs
    isClockTrusted = Math.abs(databaseNowMs - askedAtMs - spentMs / 2) <= clockSkewBoundMs + spentMs
    const hasGoneBack =
      seen.epoch !== before.epoch ||
      seen.seq < before.seq ||
      (seen.seq === before.seq && seen.hash !== before.hash)
    if (hasGoneBack || !isLoaded) {
      log.warn({ expected: before, seen }, 'the log is not the one this index was filled from; loading again')
      return load()
    }
    while (head.seq < seen.seq) apply(await source.readAfter(head.seq, readAtOnce))
    contactAt = askedAt
  }

  async function poll(): Promise<void> {
    try {
      await catchUp()
    } catch (error) {
      log.warn({ err: error }, 'the log cannot be reached')
    }
    if (!isClosed) timer = setTimeout(poll, pollEveryMs)
  }

  function wake(): void {
    for (const waiter of waiters) {
      if (!isReached(waiter.revision)) continue
      waiters.delete(waiter)
      waiter.resolve(true)
    }
  }

  function isReached({ epoch, log: number, seq }: Revision): boolean {
    return isLoaded && number === head.log && epoch === head.epoch && seq <= head.seq
  }

  function isFresh(): boolean {
    return isLoaded && isClockTrusted && monotonic() - contactAt <= stalenessBoundMs
  }

  function stateOf(organisationId: OrganisationId, identifier: Identifier): SubjectState | undefined {
    const index = organisations.get(organisationId)
    const subjectId = index?.subjects.get(digests.key(organisationId, identifier))
    return subjectId === undefined ? undefined : index?.states.get(subjectId)
  }

  function toQuery(question: Question, nowMs: number): Query {
    return {
      purpose: question.purpose,
      nowMs,
      freshness: isFresh() ? 'fresh' : 'stale',
      collectedAtMs: question.collectedAtMs,
      demandsCollectedAt: question.demandsCollectedAt,
      property: question.property,
      categories: question.categories,
      recipient: question.recipient,
      regime: question.regime,
      sourcePurpose: question.sourcePurpose,
    }
  }

  /** The latest of the clock and any time seen in the log; it never falls, whatever the clock does. */
  let latestMs = 0
  const timeOf = (policy: Policy | undefined) => {
    latestMs = Math.max(latestMs, clock(), head.recordedAtMs, policy?.asOfMs ?? 0)
    return latestMs
  }
  const revision = (): Revision => ({ epoch: head.epoch, log: head.log, seq: head.seq })

  await load()
  timer = setTimeout(poll, pollEveryMs)

  return {
    apply,
    catchUp,
    async waitFor(wanted, timeoutMs) {
      if (isReached(wanted)) return true
      return new Promise((resolve) => {
        const waiter = { revision: wanted, resolve }
        waiters.add(waiter)
        setTimeout(() => {
          if (waiters.delete(waiter)) resolve(false)
        }, timeoutMs)
      })
    },
    async close() {
      isClosed = true
      clearTimeout(timer)
    },
    evaluate(organisationId, question) {
      const policy = organisations.get(organisationId)?.policy ?? impossible('an organisation without policy')
      const nowMs = timeOf(policy)
      const query = toQuery(question, nowMs)
      const first = stateOf(organisationId, question.subjects[0] ?? impossible('a question about nobody'))
      const decision =
        question.subjects.length === 1
          ? decide(policy, first, query)
          : combineDecisions(
              question.subjects.map((subject) => decide(policy, stateOf(organisationId, subject), query)),
            )
      return { decision, revision: revision(), nowMs, isKnown: first !== undefined }
    },
    explain(organisationId, question) {
      const policy = organisations.get(organisationId)?.policy ?? impossible('an organisation without policy')
      const nowMs = timeOf(policy)
      const query = toQuery(question, nowMs)
      const states = question.subjects.map((subject) => stateOf(organisationId, subject))
      const explained = states.map((state) => explain(policy, state, query))
      return {
        decision: combineDecisions(explained.map(({ decision }) => decision)),
        trace: explained[0]?.trace ?? impossible('a question about nobody'),
        revision: revision(),
        nowMs,
        isKnown: states[0] !== undefined,
      }
    },
    revision,
    isReady: isFresh,
    lagMs: () => monotonic() - contactAt,
    policy: (organisationId) => organisations.get(organisationId)?.policy,
    organisationByKey(key) {
      for (const [id, { policy }] of organisations) if (policy?.organisation.key === key) return id
      return undefined
    },
    keyBySha256: (sha256) => byKey.get(sha256),
    subjectOf: (organisationId, identifier) =>
      organisations.get(organisationId)?.subjects.get(digests.key(organisationId, identifier)),
    state: (organisationId, subjectId) => organisations.get(organisationId)?.states.get(subjectId),
  }
}
