import { randomUUID } from 'node:crypto'
import type { Answer, Decisions, Question } from '../../decisions/decisions.ts'
import { type DigestOf, keepQuestion } from '../../decisions/flips/kept-question.ts'
import type { Clock } from '../../domain/clock.ts'
import { AssentError } from '../../domain/errors.ts'
import type { OrganisationId, PurposeKey } from '../../domain/ids.ts'
import type { Reason } from '../../domain/reasons.ts'
import { KeyUses } from './key-uses.ts'
import type { Place } from './kind-sample.ts'
import { otherPurpose, UsageCounts } from './usage-counts.ts'
import type { DecisionSample, KeyUse, UsageCount, UsageStore } from './usage-store.ts'

const minuteMs = 60_000
const tickMs = 1_000
const samplesAtOnce = 2_000
/** Beyond so many rows not stored yet, counts stay where they are counted: the next minute has them too. */
const rowsWaitingMax = 200_000
const samplesWaitingMax = 50_000
const dayMs = 86_400_000
/** Of each kind of answer (a key, a purpose, a reason) so many a day are kept by each process. */
const keptOfKindDaily = 20

type Caller = { readonly organisationId: OrganisationId; readonly name: string }

/** Why an answer is kept: by its share of all, or as one of its kind. */
export type Drawn = 'share' | 'kind'

/** Notes what is asked and answered, off the way of the answer. */
export type Usage = {
  /**
   * Counts one answer; keeps it where it is sampled, and always where `run` is named. Throws `queue_full` where a run's
   * answers come faster than they are stored: what must be kept is not given out unkept.
   */
  decided(
    caller: Caller,
    route: string,
    asked: { readonly question: Question; readonly run: string | null },
    answer: Pick<Answer, 'decision' | 'revision' | 'nowMs'>,
  ): void
  /**
   * Counts one of many answers given together; says whether it is one to `keep`. `isSpread` asks also for the share of
   * single answers that is kept whatever their kind.
   */
  counted(caller: Caller, purpose: PurposeKey, reason: Reason, isSpread: boolean): Drawn | null
  /** Keeps an answer that was just counted, and drawn. */
  keep(
    caller: Caller,
    route: string,
    question: Question,
    answer: Pick<Answer, 'decision' | 'revision' | 'nowMs'>,
    drawn: Drawn,
  ): void
  readonly counts: UsageCounts
  /** Which keys were presented. */
  readonly uses: KeyUses
  /** Stores what waits; rejects where the database cannot be reached, and keeps it then. */
  flush(): Promise<void>
  /** Stores what waits a last time. */
  close(): Promise<void>
}

/**
 * Counts by key, purpose, reason and minute are always kept: in memory until the minute is over, then in the database,
 * and for as long in memory as the database is away. A minute's counts are those between two ticks, which come when the
 * minute ends and the process has time for it.
 */
export function createUsage(options: {
  readonly decisions: Pick<Decisions, 'policy' | 'subjectOf'>
  readonly store: Pick<UsageStore, 'add' | 'keep' | 'forget'>
  readonly clock: Clock
  /** Share of single answers that are kept: 0 to 1. */
  readonly sampleRate: number
  /** Single answers are forgotten after so many days. */
  readonly sampleDays: number
  readonly log: { readonly warn: (what: object, message: string) => void }
  /** How a text that no registry has is kept. */
  readonly digestOf: DigestOf
  /** So many answers of each kind are kept a day: 20 without it. */
  readonly keptOfKind?: number
  /** From 0 up to 1. */
  readonly random?: () => number
}): Usage {
  const { decisions, store, clock, sampleRate, sampleDays, digestOf, log } = options
  const random = options.random ?? Math.random
  const isPurpose = (organisationId: OrganisationId, purpose: PurposeKey) =>
    decisions.policy(organisationId)?.purposes.has(purpose) ?? false
  const counts = new UsageCounts(isPurpose, options.keptOfKind ?? keptOfKindDaily, random)
  const uses = new KeyUses()
  const batches: {
    readonly id: string
    readonly rows: readonly UsageCount[]
    readonly used: readonly KeyUse[]
  }[] = []
  let samples: DecisionSample[] = []
  let untilSample = gap()
  let minute = Math.floor(clock() / minuteMs)
  let storing: Promise<void> = Promise.resolve()
  let isClosed = false

  /** Answers up to the next that is kept, itself included: geometrically spread, as if each were drawn for. */
  function gap(): number {
    if (sampleRate <= 0) return Number.POSITIVE_INFINITY
    return sampleRate >= 1 ? 1 : 1 + Math.floor(Math.log(1 - random()) / Math.log(1 - sampleRate))
  }

  function isNextKept(): boolean {
    if (--untilSample > 0) return false
    untilSample = gap()
    return true
  }

  function note(
    { organisationId, name }: Caller,
    route: string,
    { question, run }: Parameters<Usage['decided']>[2],
    { decision, revision, nowMs }: Parameters<Usage['decided']>[3],
    place: Place,
  ): void {
    const policy = decisions.policy(organisationId)
    // Nobody is known while the index is being loaded.
    const [subject, ...others] = question.subjects.map((identifier) =>
      policy === undefined ? null : (decisions.subjectOf(organisationId, identifier) ?? null),
    )
    samples.push({
      ...{ ...place, organisationId, decidedAtMs: nowMs, key: name, route, run },
      // What callers make up is not kept as they wrote it.
      purpose: isPurpose(organisationId, question.purpose) ? question.purpose : otherPurpose,
      ...{ subjectId: subject ?? null, allowed: decision.allowed, reason: decision.reason, revision },
      question: keepQuestion({ organisationId, policy }, question, digestOf, others),
    })
  }

  function counted(
    { organisationId, name }: Caller,
    purpose: PurposeKey,
    reason: Reason,
    isSpread: boolean,
  ): Drawn | null {
    const isOfKind = counts.count(organisationId, name, purpose, reason)
    if (isSpread && isNextKept()) return 'share'
    return isOfKind ? 'kind' : null
  }

  const anywhere = (): Place => ({ id: randomUUID(), replaces: null })

  function keep(...[caller, route, question, answer, drawn]: Parameters<Usage['keep']>): void {
    if (samples.length >= samplesWaitingMax) return
    const { organisationId, name } = caller
    const { reason } = answer.decision
    const place =
      drawn === 'share' ? anywhere() : counts.place(organisationId, name, question.purpose, reason)
    if (place !== undefined) note(caller, route, { question, run: null }, answer, place)
  }

  async function storeWaiting(): Promise<void> {
    for (let first = batches[0]; first !== undefined; first = batches[0]) {
      await store.add(first.id, first.rows, first.used)
      batches.shift()
    }
    while (samples.length > 0) {
      const some = samples.slice(0, samplesAtOnce)
      await store.keep(some)
      samples = samples.slice(some.length)
    }
  }

  function take(): void {
    const waiting = batches.reduce((sum, { rows }) => sum + rows.length, 0)
    if (waiting < rowsWaitingMax) {
      const rows = counts.take(minute * minuteMs)
      const used = uses.take(minute * minuteMs)
      if (rows.length > 0 || used.length > 0) batches.push({ id: randomUUID(), rows, used })
    }
    minute = Math.floor(clock() / minuteMs)
  }

  /** One after another: two at once would store a batch twice, or out of turn. */
  function flush(): Promise<void> {
    storing = storing.catch(() => undefined).then(storeWaiting)
    return storing
  }

  const warn = (err: unknown) => log.warn({ err }, 'what was asked could not be stored; it is kept')
  const ticking = setInterval(() => {
    counts.makeRoom()
    if (Math.floor(clock() / minuteMs) !== minute) take()
    if (batches.length > 0 || samples.length > 0) flush().catch(warn)
  }, tickMs)
  ticking.unref()
  const forget = () => store.forget(clock() - sampleDays * dayMs).catch(warn)
  const forgetting = setInterval(forget, 3_600_000)
  forgetting.unref()

  return {
    counts,
    uses,
    decided(caller, route, asked, answer) {
      const { question, run } = asked
      if (run !== null) {
        if (samples.length >= samplesWaitingMax) {
          throw new AssentError('queue_full', 'Answers of runs come faster than they are stored.')
        }
        note(caller, route, asked, answer, anywhere())
      }
      const drawn = counted(caller, question.purpose, answer.decision.reason, run === null)
      if (run === null && drawn !== null) keep(caller, route, question, answer, drawn)
    },
    counted,
    keep,
    flush() {
      take()
      return flush()
    },
    async close() {
      if (isClosed) return
      isClosed = true
      clearInterval(ticking)
      clearInterval(forgetting)
      take()
      await flush().catch(warn)
    },
  }
}
