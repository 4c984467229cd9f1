import type { Span } from '../domain/decide-spans.ts'
import type { Decision, TraceRow } from '../domain/decision.ts'
import type { AssentEvent } from '../domain/events.ts'
import type { Identifier } from '../domain/identifier.ts'
import type { OrganisationId, PropertyKey, PurposeKey, SubjectId } from '../domain/ids.ts'
import type { LogHead } from '../domain/log-head.ts'
import type { FoldedState } from '../domain/pack-state.ts'
import type { Policy, StandingKey } from '../domain/policy.ts'
import type { RecallScope } from '../domain/recall.ts'
import type { Revision } from '../domain/revision.ts'
import type { Spans } from '../domain/spans.ts'
import type { SubjectState } from '../domain/state.ts'

/** One question, parsed. */
export type Question = {
  /** All must be permitted; the first is the one the answer speaks of. Never empty. */
  readonly subjects: readonly Identifier[]
  readonly purpose: PurposeKey
  /** Milliseconds, the earliest instant the given time can mean; null where none was given. */
  readonly collectedAtMs: number | null
  readonly demandsCollectedAt: boolean
  readonly property: PropertyKey | null
  readonly categories: readonly string[] | null
  readonly recipient: string | null
  readonly regime: string | null
  readonly sourcePurpose: PurposeKey | null
  /** With what `Content-Usage` fields or rules it was published (IETF AIPREF); absent or empty: nothing was said. */
  readonly contentUsage?: readonly string[]
}

export type Answer = {
  readonly decision: Decision
  readonly revision: Revision
  readonly nowMs: number
  /** Age of the newest contact with the log, in whole milliseconds; infinite where there was none. */
  readonly lagMs: number
  /** Whether the index knows the first subject. Never sent to callers of single questions. */
  readonly isKnown: boolean
}

/** One question about many subjects. */
export type PreparedQuestion = {
  /** Fixes the time and the policy for what is asked until the caller gives way; at most a few milliseconds. */
  begin(): Moment
}

/** So many ids are found at once. */
export const findManyMax = 64

/** Ids in some bytes, plain ASCII of at most 512: `n` lies from `starts[n]` to `ends[n]`. */
export type IdSpans = {
  readonly starts: Int32Array
  readonly ends: Int32Array
  readonly count: number
}

export type Moment = {
  readonly nowMs: number
  /**
   * Finds the subjects of at most `findManyMax` ids, -1 for nobody, which is faster together than one by one. What it
   * puts into `into` means them until the caller gives way.
   */
  findMany(namespace: string, bytes: Uint8Array, ids: IdSpans, into: Int32Array): void
  /** About a subject found so. */
  decideFound(subject: number, collectedAtMs: number | null): Decision
}

/** One question about every collection time of many subjects' data. */
export type PreparedSpans = {
  /** As `PreparedQuestion.begin`. */
  begin(): SpanMoment
}

/** Each answers by `spans`, which the next one writes anew. */
export type SpanMoment = {
  readonly spans: Spans
  /** As a `Moment`'s. */
  findMany(namespace: string, bytes: Uint8Array, ids: IdSpans, into: Int32Array): void
  ofFound(subject: number): void
  ofIdentifier(identifier: Identifier): void
  /** About a subject by her own id; one that is not the organisation's is nobody's. */
  ofSubject(subjectId: SubjectId): void
  /** Whether the last one asked about was ever recorded. */
  wasKnown(): boolean
  /** Writes the 16 bytes of her random id, zeros where she was never recorded. */
  writeId(into: DataView, at: number): void
}

/** What is decided about one known subject for every collection time, at one revision and time. */
export type SubjectSpans = {
  readonly spans: readonly Span[]
  readonly revision: Revision
  readonly nowMs: number
}

/**
 * Consents that rest on one text of a notice, for one version of a purpose. Each yes that stands, without a refusal
 * beside it, is in one of the three numbers.
 */
export type ConsentCount = {
  readonly notice: string
  readonly version: number
  readonly locale: string
  readonly purpose: PurposeKey
  /** Of the purpose, as the notice named it; 0 where the yes cannot be proved. */
  readonly purposeVersion: number
  readonly inForce: number
  /** Past its time, by its own end or what her regimes let a yes last. */
  readonly runOut: number
  /** Struck, not provable, or given by someone who could not. */
  readonly void: number
}

/** All consents of an organisation by what they rest on, as of one revision and time. */
export type ConsentCounts = {
  readonly counts: readonly ConsentCount[]
  readonly revision: Revision
  readonly nowMs: number
}

/** Where a purpose stands for one subject; of a yes, how soon she must be asked again. */
export type CoverageState =
  | 'open'
  | 'void'
  | 'run_out'
  | 'superseded'
  | 'granted'
  | 'ends_within_90_days'
  | 'ends_within_60_days'
  | 'ends_within_30_days'
  | 'refused'

/** For one purpose, the subjects seen under the same regimes; who is in no state was never asked. */
export type CoverageCount = {
  readonly purpose: PurposeKey
  /** In order; empty for who was seen under none. */
  readonly regimes: readonly string[]
  readonly subjects: number
  /** Each subject is in one state at most. */
  readonly states: Readonly<Record<CoverageState, number>>
}

/** Of one revision and time. */
export type CoverageCounts = {
  readonly counts: readonly CoverageCount[]
  readonly revision: Revision
  readonly nowMs: number
}

/** Consents of a recall's scope for one purpose, shown in one locale. */
export type RecallCount = {
  readonly purpose: PurposeKey
  readonly locale: string | null
  readonly consents: number
}

/** Whom a recall strikes. Each yes that stands, can be proved and has not run out counts once, on two properties twice. */
export type RecallCounts = {
  readonly people: number
  readonly consents: readonly RecallCount[]
  readonly revision: Revision
}

/** Committed events in sequence, with the identifiers that became known with them. */
export type AppliedBatch = {
  readonly events: readonly AssentEvent[]
  /** All their subjects as they stand after them, where whoever wrote them has folded them already. */
  readonly states?: readonly FoldedState[]
  readonly identifiers: readonly {
    readonly organisationId: OrganisationId
    readonly subjectId: SubjectId
    /** 16 bytes. */
    readonly digest: Uint8Array
  }[]
  /** The log's end after the last of `events`. */
  readonly head: LogHead
}

/** A batch that says what it follows. */
export type LinkedBatch = AppliedBatch & {
  /** Hash of the event before the first of `events`, in hex. */
  readonly previousHash: string
}

/** What is told of what an index applies, to whoever keeps copies of it in step. */
export type AppliedObserver = {
  /** Was applied, whether it was this process's own or read from the log; in sequence, without a gap. */
  applied(batch: LinkedBatch): void
  /** What was applied is void: the log is another than was thought, and is loaded again. */
  dropped(): void
}

export type KeyPrincipal = StandingKey & { readonly organisationId: OrganisationId }

/** How far somebody is, and when that was so. */
export type Contact = {
  /** Where the log ended at that moment; everything up to it is there. */
  readonly head: LogHead
  /**
   * How long ago that moment was, at most, when this was said: counted by monotonic clocks from when the database, at
   * the end of however many hops, was asked. What was under way or held up counts as age.
   */
  readonly ageMs: number
  /** The database's clock when this was said, and by how much it may be wrong either way. */
  readonly databaseNowMs: number
  readonly databaseNowErrorMs: number
}

/**
 * The decision plane of one process: a completely loaded index that follows the log.
 *
 * All methods that answer are synchronous and touch no database. Before the index is loaded, or past the
 * staleness bound, `evaluate` denies `stale`.
 */
export type Decisions = {
  /** Applies what was committed, in sequence; events already applied are passed over. Throws on a gap. */
  apply(batch: AppliedBatch): void
  /** Reads and applies what the log has beyond the last revision applied. */
  catchUp(): Promise<void>
  /** Resolves true once `revision` is applied here, false after `timeoutMs`. */
  waitFor(revision: Revision, timeoutMs: number): Promise<boolean>
  /** How long a question waits for the revision that it names with `at_least`. */
  readonly atLeastWaitMs: number
  /** Tells `observer` of what is applied from now on. Answers how to end that. */
  observe(observer: AppliedObserver): () => void
  /** How far this index is, and when the database was last known to have nothing beyond; undefined where it is not loaded. */
  contact(): Contact | undefined
  close(): Promise<void>

  evaluate(organisationId: OrganisationId, question: Question): Answer
  /** The same decisions, for asking about many subjects one after another. */
  prepare(
    organisationId: OrganisationId,
    terms: Omit<Question, 'subjects' | 'collectedAtMs'>,
  ): PreparedQuestion
  /** The decisions for every collection time, for asking about many subjects. One is always demanded. */
  prepareSpans(
    organisationId: OrganisationId,
    terms: Omit<Question, 'subjects' | 'collectedAtMs' | 'demandsCollectedAt'>,
  ): PreparedSpans
  /** All that decides about one subject, by her id, as spans to join with; undefined where this index does not know her. */
  spansOf(
    organisationId: OrganisationId,
    terms: Omit<Question, 'subjects' | 'collectedAtMs'>,
    subjectId: SubjectId,
  ): SubjectSpans | undefined
  /** The same decision, with every row of the table and what it saw. */
  explain(
    organisationId: OrganisationId,
    question: Question,
  ): Answer & { readonly trace: readonly TraceRow[] }

  /** The last revision applied without a gap. */
  revision(): Revision
  isReady(): boolean
  /** Age of the newest contact with the log's head, in milliseconds. */
  lagMs(): number
  policy(organisationId: OrganisationId): Policy | undefined
  organisationByKey(key: string): OrganisationId | undefined
  /** By SHA-256 (hex) of the whole API key; unknown, revoked and, from the millisecond on, ended ones are undefined. */
  keyBySha256(sha256: string): KeyPrincipal | undefined
  subjectOf(organisationId: OrganisationId, identifier: Identifier): SubjectId | undefined
  state(organisationId: OrganisationId, subjectId: SubjectId): SubjectState | undefined
  /**
   * Counts an organisation's consents, subject by subject, giving way to questions every few milliseconds; calls that
   * come while one is under way share its answer. Rejects `not_ready` where the index is, or comes to be, loaded anew.
   */
  countConsents(organisationId: OrganisationId): Promise<ConsentCounts>
  /** Counts where each purpose stands for an organisation's subjects, in the same way. */
  countCoverage(organisationId: OrganisationId): Promise<CoverageCounts>
  /**
   * Whom a recall of this scope would strike that none has struck yet; with `beforeSeq`, whom the recall at that position
   * struck and who have not said anything else since. As `countConsents`, but what is recorded meanwhile may be missed.
   */
  countRecall(organisationId: OrganisationId, scope: RecallScope, beforeSeq?: number): Promise<RecallCounts>
  /** The people of a recall at a position, by their random ids in order, after one of them. */
  recalledSubjects(
    organisationId: OrganisationId,
    recall: { readonly scope: RecallScope; readonly seq: number },
    page: { readonly after: SubjectId | null; readonly limit: number },
  ): Promise<readonly SubjectId[]>
  /** How much the index holds. */
  size(): {
    readonly subjects: number
    readonly identifiers: number
    readonly shapes: number
    readonly bytes: number
  }
}
