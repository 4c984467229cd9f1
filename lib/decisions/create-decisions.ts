import type { Clock } from '../domain/clock.ts'
import { combineDecisions } from '../domain/combine-decisions.ts'
import { isDisallowed } from '../domain/content-usage.ts'
import { decideSpans } from '../domain/decide-spans.ts'
import type { Decision, Query } from '../domain/decision.ts'
import { AssentError, impossible } from '../domain/errors.ts'
import { explain } from '../domain/explain.ts'
import type { Identifier } from '../domain/identifier.ts'
import type { OrganisationId } from '../domain/ids.ts'
import type { LogHead } from '../domain/log-head.ts'
import type { Policy } from '../domain/policy.ts'
import type { Revision } from '../domain/revision.ts'
import { beginSpans } from './begin-spans.ts'
import { ConsentIndex } from './consent-index.ts'
import { countConsents, countCoverage, scanRecall, sharedByKey } from './count-consents.ts'
import type { Answer, Decisions, KeyPrincipal, Question } from './decisions.ts'
import { LogFollower } from './follow-log.ts'
import type { QuestionTerms } from './index/question-plan.ts'
import type { LogSource } from './log-source.ts'
import type { OrganisationPolicy } from './organisation-policy.ts'

const stale: Decision = { allowed: false, reason: 'stale', basis: { seq: null, notice: null, atMs: null } }

type Mutable<Of> = { -readonly [Name in keyof Of]: Of[Name] }

const keyActs: ReadonlySet<string> = new Set(['key_created', 'key_expires', 'key_revoked'])

/** How often it says how far loading is. */
const tellEveryMs = 1_000

/** A time that says nothing. */
const beginning = { asOfMs: 0 }

/** What messages of the decision plane go to. */
type Log = {
  readonly info: (what: object, message: string) => void
  readonly warn: (what: object, message: string) => void
}

/** A yes is none where whoever published the content disallows it; a no keeps its own reason. */
function heedPublisher(decision: Decision, { purpose, contentUsage }: Question): Decision {
  if (contentUsage === undefined || !decision.allowed || !isDisallowed(purpose, contentUsage)) return decision
  return { allowed: false, reason: 'content_usage_disallowed', basis: decision.basis }
}

/**
 * Loads everything and follows the log; see `LogFollower`. Rejects where the first load fails: nothing is known then,
 * not even who may ask.
 */
export async function createDecisions(options: {
  readonly source: LogSource
  /** 16 bytes: the key of identifier digests. */
  readonly lookupKey: Uint8Array
  readonly clock: Clock
  readonly log: Log
  /** Past this age of the last contact with the log, every answer is `stale`. */
  readonly stalenessBoundMs?: number
  /** How long a question waits for the revision it names. */
  readonly atLeastWaitMs?: number
  /** Milliseconds that only grow. */
  readonly monotonic?: () => number
}): Promise<Decisions> {
  const { clock, log } = options
  const monotonic = options.monotonic ?? (() => performance.now())
  let index = new ConsentIndex(options.lookupKey)
  let byKey = new Map<string, KeyPrincipal>()
  let hasNewKeys = true
  let clearedAt = 0
  let progress: NodeJS.Timeout | undefined

  const follower = new LogFollower({
    source: options.source,
    log,
    monotonic,
    stalenessBoundMs: options.stalenessBoundMs ?? 2_000,
    index: {
      clear() {
        // What was is let go first: two of them may not fit.
        index = new ConsentIndex(options.lookupKey)
        clearedAt = monotonic()
        hasNewKeys = true
        clearInterval(progress)
        progress = setInterval(() => log.info(index.size(), 'the index is being loaded'), tellEveryMs).unref()
        return index
      },
      name(identifiers) {
        for (const { organisationId, subjectId, digest } of identifiers) {
          index.name(organisationId, digest, subjectId)
        }
      },
      apply(event) {
        index.apply(event)
        hasNewKeys ||= keyActs.has(event.body.act)
      },
      put: (state) => index.put(state),
      settle() {
        clearInterval(progress)
        if (!hasNewKeys) return
        hasNewKeys = false
        byKey = new Map()
        for (const [organisationId, { policy }] of index.organisations) {
          for (const key of policy.keys.values()) byKey.set(key.sha256, { ...key, organisationId })
        }
      },
    },
  })

  /**
   * Freshness is asked of the monotonic clock once for each reading of the other: asking both costs more than looking
   * the subject up. Whatever holds the process up moves both.
   */
  let readMs = Number.NaN
  let readChanges = -1
  let wasFresh = false
  let lagMs = Number.POSITIVE_INFINITY
  function freshness(): 'fresh' | 'stale' {
    if (wallMs !== readMs || readChanges !== follower.changes) {
      readMs = wallMs
      readChanges = follower.changes
      wasFresh = follower.isFresh()
      lagMs = Math.round(follower.lagMs())
    }
    return wasFresh ? 'fresh' : 'stale'
  }

  /** What is answered while there is no index. */
  function knowingNothing(): Answer {
    return {
      decision: stale,
      revision: revision(),
      nowMs: clock(),
      lagMs: Math.round(follower.lagMs()),
      isKnown: false,
    }
  }

  function policyOf(organisationId: OrganisationId): OrganisationPolicy {
    return index.organisations.get(organisationId) ?? impossible('an organisation without policy')
  }

  const find = (organisationId: OrganisationId, { namespace, id }: Identifier) =>
    index.find(organisationId, namespace, id)

  function toQuery(terms: QuestionTerms, collectedAtMs: number | null, nowMs: number): Mutable<Query> {
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
  const timeOf = ({ asOfMs }: Pick<Policy, 'asOfMs'>): number => {
    wallMs = clock()
    // Where the clock cannot be trusted everything is denied; it must not move what is answered afterwards.
    if (wallMs > latestMs && freshness() === 'fresh') latestMs = wallMs
    if (follower.head.recordedAtMs > latestMs) latestMs = follower.head.recordedAtMs
    if (asOfMs > latestMs) latestMs = asOfMs
    return latestMs
  }
  let answered: LogHead | undefined
  let position: Revision = { epoch: 0, log: 0, seq: 0 }
  const revision = (): Revision => {
    const { head } = follower
    if (answered !== head) {
      answered = head
      position = { epoch: head.epoch, log: head.log, seq: head.seq }
    }
    return position
  }
  /** Writers fold upon this: a partial index would be taken for the whole truth. */
  const complete = (): ConsentIndex => {
    if (follower.isLoaded) return index
    throw new AssentError('not_ready', 'The index is being loaded.')
  }

  const counting = {
    index: complete,
    timeOf: (policy: Policy) => timeOf(policy),
    revision,
  }
  const consents = sharedByKey((organisationId: OrganisationId) => countConsents(organisationId, counting))
  const coverage = sharedByKey((organisationId: OrganisationId) => countCoverage(organisationId, counting))

  await follower.start()
  log.info({ ...index.size(), ms: Math.round(monotonic() - clearedAt) }, 'the index is loaded')

  return {
    apply: (batch) => follower.apply(batch),
    catchUp: () => follower.catchUp(),
    waitFor: (wanted, timeoutMs) => follower.waitFor(wanted, timeoutMs),
    atLeastWaitMs: options.atLeastWaitMs ?? 1_000,
    observe: (observer) => follower.observe(observer),
    contact: () => follower.contact(),
    async close() {
      clearInterval(progress)
      follower.close()
    },
    evaluate(organisationId, question) {
      if (!follower.isLoaded) return knowingNothing()
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
      return {
        decision: heedPublisher(decision, question),
        revision: revision(),
        nowMs,
        lagMs,
        isKnown: first >= 0,
      }
    },
    prepare(organisationId, terms) {
      return {
        begin() {
          const own = policyOf(organisationId)
          const plan = own.plan(terms)
          const nowMs = timeOf(own.policy)
          // One for all: nothing keeps it, and all but the collection time is fixed.
          const query = toQuery(terms, null, nowMs)
          return {
            nowMs,
            findMany: (namespace, bytes, ids, into) =>
              index.findMany(organisationId, namespace, bytes, ids, into),
            decideFound(subject, collectedAtMs) {
              query.collectedAtMs = collectedAtMs
              return index.decide(plan, subject, query)
            },
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
    spansOf(organisationId, terms, subjectId) {
      const { policy } = policyOf(organisationId)
      const nowMs = timeOf(policy)
      const state = index.stateOf(index.findById(organisationId, subjectId))
      if (state === undefined) return undefined
      const spans = decideSpans(policy, state, toQuery(terms, null, nowMs))
      return { spans, revision: revision(), nowMs }
    },
    explain(organisationId, question) {
      const { policy } = policyOf(organisationId)
      const nowMs = timeOf(policy)
      const query = toQuery(question, question.collectedAtMs, nowMs)
      const states = question.subjects.map((subject) => index.stateOf(find(organisationId, subject)))
      const explained = states.map((state) => explain(policy, state, query))
      return {
        decision: heedPublisher(combineDecisions(explained.map(({ decision }) => decision)), question),
        trace: explained[0]?.trace ?? impossible('a question about nobody'),
        revision: revision(),
        nowMs,
        lagMs,
        isKnown: states[0] !== undefined,
      }
    },
    revision,
    isReady: () => follower.isFresh(),
    lagMs: () => follower.lagMs(),
    policy: (organisationId) =>
      follower.isLoaded ? index.organisations.get(organisationId)?.policy : undefined,
    organisationByKey(key) {
      for (const [id, { policy }] of index.organisations) if (policy.organisation.key === key) return id
      return undefined
    },
    keyBySha256(sha256) {
      const key = byKey.get(sha256)
      if (key === undefined || key.endsAtMs === null) return key
      // A clock that was set back gives it no more time, and one that runs ahead takes its own.
      const nowMs = Math.max(timeOf(beginning), wallMs)
      return nowMs < key.endsAtMs ? key : undefined
    },
    subjectOf: (organisationId, identifier) => complete().subjectId(find(organisationId, identifier)),
    state: (organisationId, subjectId) => complete().stateOf(index.findById(organisationId, subjectId)),
    countConsents: consents,
    countCoverage: coverage,
    async countRecall(organisationId, scope, beforeSeq) {
      const recalled = {
        scope,
        ...(beforeSeq === undefined
          ? { beforeSeq: Number.POSITIVE_INFINITY, isPreview: true }
          : { beforeSeq, isPreview: false }),
      }
      const scan = await scanRecall(organisationId, { index: complete, timeOf }, recalled)
      return { ...scan.result(), revision: revision() }
    },
    async recalledSubjects(organisationId, { scope, seq }, page) {
      const recalled = { scope, beforeSeq: seq, isPreview: false }
      const scan = await scanRecall(organisationId, { index: complete, timeOf }, recalled, page)
      return scan.ids()
    },
    size: () => index.size(),
  }
}
