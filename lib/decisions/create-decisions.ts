import type { Clock } from '../domain/clock.ts'
import { combineDecisions } from '../domain/combine-decisions.ts'
import type { Query } from '../domain/decision.ts'
import { impossible } from '../domain/errors.ts'
import { explain } from '../domain/explain.ts'
import type { Identifier } from '../domain/identifier.ts'
import type { OrganisationId } from '../domain/ids.ts'
import type { LogHead } from '../domain/log-head.ts'
import type { Policy } from '../domain/policy.ts'
import type { Revision } from '../domain/revision.ts'
import { beginSpans } from './begin-spans.ts'
import { ConsentIndex } from './consent-index.ts'
import type { AppliedBatch, AppliedObserver, Decisions, KeyPrincipal } from './decisions.ts'
import type { QuestionTerms } from './index/question-plan.ts'
import type { LogSource } from './log-source.ts'
import type { OrganisationPolicy } from './organisation-policy.ts'

/** Past this age of the last contact with the log, every answer is `stale`. */
const stalenessBoundMs = 2_000
/** A clock further from the database's than this denies `stale`. */
const clockSkewBoundMs = 1_000
const pollEveryMs = 250
const readAtOnce = 10_000

/** What messages of the decision plane go to. */
type Log = {
  readonly info: (what: object, message: string) => void
  readonly warn: (what: object, message: string) => void
}

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
  let index = new ConsentIndex(options.lookupKey)
  let byKey = new Map<string, KeyPrincipal>()
  let head: LogHead = { epoch: 0, log: 0, seq: 0, hash: '', recordedAtMs: 0 }
  let isLoaded = false
  let isClockTrusted = true
  let isClosed = false
  let contactAt = Number.NEGATIVE_INFINITY
  /** What the clock said when freshness was last asked; NaN where it must be asked again. */
  let readMs = Number.NaN
  let timer: NodeJS.Timeout | undefined
  const observers = new Set<AppliedObserver>()
  const waiters = new Set<{
    readonly revision: Revision
    readonly resolve: (isReached: boolean) => void
    readonly timer: NodeJS.Timeout
  }>()

  async function load(): Promise<void> {
    isLoaded = false
    // What was is let go first: two of them may not fit.
    index = new ConsentIndex(options.lookupKey)
    const startedAt = monotonic()
    head = await source.load(index)
    log.info({ ...index.size(), ms: Math.round(monotonic() - startedAt) }, 'the index is loaded')
    indexKeys()
    contactAt = startedAt
    isLoaded = true
    wake()
  }

  function indexKeys(): void {
    byKey = new Map()
    for (const [organisationId, { policy }] of index.organisations) {
      for (const key of policy.keys.values()) byKey.set(key.sha256, { ...key, organisationId })
    }
  }

  function apply(batch: AppliedBatch): void {
    for (const { organisationId, subjectId, digest } of batch.identifiers) {
      index.name(organisationId, digest, subjectId)
    }
    let hasKeys = false
    for (const event of batch.events) {
      if (event.seq <= head.seq) continue
      if (event.seq !== head.seq + 1) impossible(`event ${event.seq} follows ${head.seq}`)
      index.apply(event)
      head = { ...head, seq: event.seq }
      hasKeys ||= event.body.act === 'key_created' || event.body.act === 'key_revoked'
    }
    if (batch.head.seq === head.seq) head = batch.head
    if (hasKeys) indexKeys()
    for (const observer of observers) observer.applied(batch)
    wake()
  }

  async function catchUp(): Promise<void> {
    const askedAt = monotonic()
    const askedAtMs = Date.now()
    const before = head
    const { head: seen, databaseNowMs, ageMs } = await source.readHead()
    const spentMs = Date.now() - askedAtMs
    isClockTrusted = Math.abs(databaseNowMs - askedAtMs - spentMs / 2) <= clockSkewBoundMs + spentMs
    readMs = Number.NaN
    const hasGoneBack =
      seen.epoch !== before.epoch ||
      seen.seq < before.seq ||
      (seen.seq === before.seq && seen.hash !== before.hash)
    if (hasGoneBack || !isLoaded) {
      log.warn({ expected: before, seen }, 'the log is not the one this index was filled from; loading again')
      for (const observer of observers) observer.dropped()
      return load()
    }
    while (head.seq < seen.seq) apply(await source.readAfter(head.seq, readAtOnce))
    contactAt = askedAt - (ageMs ?? 0)
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
      clearTimeout(waiter.timer)
      waiter.resolve(true)
    }
  }

  function isReached({ epoch, log: number, seq }: Revision): boolean {
    return isLoaded && number === head.log && epoch === head.epoch && seq <= head.seq
  }

  function isFresh(): boolean {
    return isLoaded && isClockTrusted && monotonic() - contactAt <= stalenessBoundMs
  }

  /**
   * Freshness is asked of the monotonic clock once for each reading of the other: asking both costs more than looking
   * the subject up. Whatever holds the process up moves both.
   */
  let wasFresh = false
  function freshness(): 'fresh' | 'stale' {
    if (wallMs !== readMs) {
      readMs = wallMs
      wasFresh = isFresh()
    }
    return wasFresh && isLoaded ? 'fresh' : 'stale'
  }

  function policyOf(organisationId: OrganisationId): OrganisationPolicy {
    return index.organisations.get(organisationId) ?? impossible('an organisation without policy')
  }

  const find = (organisationId: OrganisationId, { namespace, id }: Identifier) =>
    index.find(organisationId, namespace, id)

  function toQuery(terms: QuestionTerms, collectedAtMs: number | null, nowMs: number): Query {
    return {
      purpose: terms.purpose,
      nowMs,
      freshness: freshness(),
      collectedAtMs,
      demandsCollectedAt: terms.demandsCollectedAt,
      property: terms.property,
      categories: terms.categories,
      recipient: terms.recipient,
      regime: terms.regime,
      sourcePurpose: terms.sourcePurpose,
    }
  }

  /** The latest of the clock and any time seen in the log; it never falls, whatever the clock does. */
  let latestMs = 0
  /** The clock as `timeOf` last read it, wherever it stands. */
  let wallMs = Number.NaN
  const timeOf = ({ asOfMs }: Policy): number => {
    wallMs = clock()
    if (wallMs > latestMs) latestMs = wallMs
    if (head.recordedAtMs > latestMs) latestMs = head.recordedAtMs
    if (asOfMs > latestMs) latestMs = asOfMs
    return latestMs
  }
  let answered: LogHead | undefined
  let position: Revision = { epoch: 0, log: 0, seq: 0 }
  const revision = (): Revision => {
    if (answered !== head) {
      answered = head
      position = { epoch: head.epoch, log: head.log, seq: head.seq }
    }
    return position
  }

  await load()
  timer = setTimeout(poll, pollEveryMs)

  return {
    apply,
    catchUp,
    async waitFor(wanted, timeoutMs) {
      if (isReached(wanted)) return true
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          waiters.delete(waiter)
          resolve(false)
        }, timeoutMs)
        const waiter = { revision: wanted, resolve, timer }
        waiters.add(waiter)
      })
    },
    observe(observer) {
      observers.add(observer)
      return () => observers.delete(observer)
    },
    async close() {
      isClosed = true
      clearTimeout(timer)
    },
    evaluate(organisationId, question) {
      const own = policyOf(organisationId)
      const plan = own.plan(question)
      const nowMs = timeOf(own.policy)
      const query = toQuery(question, question.collectedAtMs, nowMs)
      const first = find(organisationId, question.subjects[0] ?? impossible('a question about nobody'))
      const decision =
        question.subjects.length === 1
          ? index.decide(plan, first, query)
          : combineDecisions(
              question.subjects.map((subject) => index.decide(plan, find(organisationId, subject), query)),
            )
      return { decision, revision: revision(), nowMs, isKnown: first >= 0 }
    },
    prepare(organisationId, terms) {
      return {
        begin() {
          const own = policyOf(organisationId)
          const plan = own.plan(terms)
          const nowMs = timeOf(own.policy)
          let subject = -1
          return {
            decide(namespace, bytes, start, end, collectedAtMs) {
              subject = index.findBytes(organisationId, namespace, bytes, start, end)
              return index.decide(plan, subject, toQuery(terms, collectedAtMs, nowMs))
            },
            wasKnown: () => subject >= 0,
          }
        },
      }
    },
    prepareSpans(organisationId, asked) {
      const terms = { ...asked, demandsCollectedAt: true }
      return {
        begin() {
          const own = policyOf(organisationId)
          return beginSpans(index, organisationId, own.plan(terms), toQuery(terms, null, timeOf(own.policy)))
        },
      }
    },
    explain(organisationId, question) {
      const { policy } = policyOf(organisationId)
      const nowMs = timeOf(policy)
      const query = toQuery(question, question.collectedAtMs, nowMs)
      const states = question.subjects.map((subject) => index.stateOf(find(organisationId, subject)))
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
    policy: (organisationId) => index.organisations.get(organisationId)?.policy,
    organisationByKey(key) {
      for (const [id, { policy }] of index.organisations) if (policy.organisation.key === key) return id
      return undefined
    },
    keyBySha256: (sha256) => byKey.get(sha256),
    subjectOf: (organisationId, identifier) => index.subjectId(find(organisationId, identifier)),
    state: (organisationId, subjectId) => index.stateOf(index.findById(organisationId, subjectId)),
    size: () => index.size(),
  }
}
