import { decide } from '../domain/decide.ts'
import { decideOverTime } from '../domain/decide-over-time.ts'
import type { Decision, Query } from '../domain/decision.ts'
import { impossible } from '../domain/errors.ts'
import type { AssentEvent } from '../domain/events.ts'
import { foldEvent } from '../domain/fold-event.ts'
import { foldPolicy } from '../domain/fold-policy.ts'
import { IdentifierDigest } from '../domain/identifier-digest.ts'
import type { OrganisationId, SubjectId } from '../domain/ids.ts'
import { normalFormOf } from '../domain/normal-form.ts'
import { type FoldedState, numbered } from '../domain/pack-state.ts'
import type { Policy } from '../domain/policy.ts'
import type { Spans } from '../domain/spans.ts'
import type { SubjectState } from '../domain/state.ts'
import { findManyMax, type IdSpans } from './decisions.ts'
import { ConsentTally } from './index/consent-tally.ts'
import { CoverageTally } from './index/coverage-tally.ts'
import { decideFast } from './index/decide-fast.ts'
import { IdentifierTable } from './index/identifier-table.ts'
import type { QuestionPlan } from './index/question-plan.ts'
import { type Recalled, RecallScan } from './index/recall-scan.ts'
import { spanFast } from './index/span-fast.ts'
import { idWords, SubjectTable } from './index/subject-table.ts'
import type { Tally } from './index/tally.ts'
import type { LoadTarget, PackedSpan } from './log-source.ts'
import { OrganisationPolicy } from './organisation-policy.ts'

/**
 * Everything that decides, in memory: identifier digest to subject to packed state, and each organisation's policy.
 * Nothing is ever evicted, so what is absent was never recorded. It reads no clock and no database.
 */
export class ConsentIndex implements LoadTarget {
  readonly organisations = new Map<OrganisationId, OrganisationPolicy>()
  readonly #identifiers = new IdentifierTable()
  readonly #subjects = new SubjectTable()
  readonly #digests: IdentifierDigest
  /** The number here of each shape that the source has numbered. */
  readonly #shapes: number[] = []
  readonly #found = new Int32Array(4 * findManyMax)
  readonly #digest = new Int32Array(4)
  readonly #id = new Int32Array(4)
  /** Counts under way, which are told of every write. */
  readonly #tallies = new Set<Tally<unknown>>()

  /** `lookupKey` is 16 bytes. */
  constructor(lookupKey: Uint8Array) {
    this.#digests = new IdentifierDigest(lookupKey, (organisationId, namespace) =>
      normalFormOf(this.organisations.get(organisationId)?.policy.organisation, namespace),
    )
  }

  config(event: AssentEvent): void {
    this.apply(event)
  }

  shape(number: number, json: string): void {
    this.#shapes[number] = this.#subjects.shapes.numberOf(json)
  }

  expect({ subjects, identifiers }: { readonly subjects: number; readonly identifiers: number }): void {
    this.#subjects.reserve(subjects)
    this.#identifiers.reserve(identifiers)
  }

  state(organisationId: OrganisationId, id: Int32Array, seq: number, packed: PackedSpan): void {
    this.#subjects.writeBytes(this.#subjects.add(organisationId, id), seq, packed, this.#shapes)
  }

  /** Memory is asked for all of them before any is looked at, as in `findMany`. */
  identifiers(organisationId: OrganisationId, digests: Int32Array, ids: Int32Array, count: number): void {
    this.#subjects.touchIds(ids, count)
    this.#identifiers.touch(digests, count)
    const [digest, id] = [this.#digest, this.#id]
    for (let n = 0; n < count; n++) {
      for (let word = 0; word < 4; word++) {
        digest[word] = digests[4 * n + word]!
        id[word] = ids[4 * n + word]!
      }
      this.#identifiers.put(digest, this.#subjects.findOrAdd(organisationId, id))
    }
  }

  /** The same from a stored digest of 16 bytes and an id. */
  name(organisationId: OrganisationId, digest: Uint8Array, subjectId: SubjectId): void {
    const view = new DataView(digest.buffer, digest.byteOffset, 16)
    const words = Int32Array.from([0, 4, 8, 12], (at) => view.getInt32(at, true))
    this.identifiers(organisationId, words, idWords(subjectId), 1)
  }

  /** Folds one more event. */
  apply(event: AssentEvent): void {
    const { organisationId } = event
    const known = this.organisations.get(organisationId)
    if (event.subjectId === null) {
      const policy = foldPolicy(known?.policy, event)
      this.organisations.set(organisationId, new OrganisationPolicy(policy, this.#subjects.shapes))
      if (event.body.act === 'organisation_published') this.#digests.forgetForms()
      return
    }
    if (known === undefined) impossible('an event of an organisation that was never published')
    const subject = this.#subjects.findOrAdd(organisationId, idWords(event.subjectId))
    const { state } = foldEvent(this.#subjects.read(subject), event, known.policy)
    for (const tally of this.#tallies) tally.before(subject)
    this.#subjects.write(subject, state)
    for (const tally of this.#tallies) tally.after(subject)
  }

  /** What folding the subject's events would lead to. */
  put({ organisationId, subjectId, seq, parts }: FoldedState): void {
    const subject = this.#subjects.findOrAdd(organisationId, idWords(subjectId))
    const packed = numbered(parts, this.#subjects.shapes.numberOf)
    for (const tally of this.#tallies) tally.before(subject)
    this.#subjects.writePacked(subject, seq, packed)
    for (const tally of this.#tallies) tally.after(subject)
  }

  /** Begins to count an organisation's consents, as of `nowMs`; whoever begins it ends it. */
  beginTally(organisationId: OrganisationId, policy: Policy, nowMs: number): ConsentTally {
    const tally = new ConsentTally(this.#subjects, organisationId, policy, nowMs)
    this.#tallies.add(tally)
    return tally
  }

  /** Begins to count where each purpose stands, as `beginTally`. */
  beginCoverage(organisationId: OrganisationId, policy: Policy, nowMs: number): CoverageTally {
    const tally = new CoverageTally(this.#subjects, organisationId, policy, nowMs)
    this.#tallies.add(tally)
    return tally
  }

  /** Begins to look for the yeses that a recall means. */
  beginRecallScan(
    of: { readonly organisationId: OrganisationId; readonly policy: Policy; readonly nowMs: number },
    recalled: Recalled,
    page?: { readonly after: SubjectId | null; readonly limit: number },
  ): RecallScan {
    return new RecallScan(this.#subjects, of, recalled, page)
  }

  endTally(tally: Tally<unknown>): void {
    this.#tallies.delete(tally)
  }

  /** -1 where nobody was ever recorded under the identifier. */
  find(organisationId: OrganisationId, namespace: string, id: string): number {
    return this.#identifiers.find(this.#digests.words(organisationId, namespace, id))
  }

  /**
   * The subjects of at most `findManyMax` ids of one namespace, -1 for nobody. They are about to be decided: memory is
   * asked for all of them before any is looked at.
   */
  findMany(
    organisationId: OrganisationId,
    namespace: string,
    bytes: Uint8Array,
    ids: IdSpans,
    into: Int32Array,
  ): void {
    const { starts, ends, count } = ids
    for (let n = 0; n < count; n++) {
      const words = this.#digests.wordsOfBytes(organisationId, namespace, bytes, starts[n]!, ends[n]!)
      for (let word = 0; word < 4; word++) this.#found[4 * n + word] = words[word]!
    }
    this.#identifiers.findMany(this.#found, count, into)
    this.#subjects.touch(into, count)
  }

  /** What `decide` says of the subject with this number. `query` must be the plan's question. */
  decide(question: QuestionPlan, subject: number, query: Query): Decision {
    if (query.freshness === 'fresh') {
      const decision = decideFast(question, this.#subjects, subject, query)
      if (decision !== undefined) return decision
    }
    return decide(question.policy, subject < 0 ? undefined : this.#subjects.read(subject), query)
  }

  /** What `decideOverTime` says of the subject, to `spans`. `query` must be the plan's, and demand a collection time. */
  span(question: QuestionPlan, subject: number, query: Query, spans: Spans): void {
    if (query.freshness === 'fresh' && spanFast(question, this.#subjects, subject, query, spans)) return
    const state = this.stateOf(subject)
    spans.set(
      decideOverTime(question.policy, state, query),
      decide(question.policy, state, { ...query, collectedAtMs: null }),
    )
  }

  stateOf(subject: number): SubjectState | undefined {
    return subject < 0 ? undefined : this.#subjects.read(subject)
  }

  subjectId(subject: number): SubjectId | undefined {
    return subject < 0 ? undefined : this.#subjects.idOf(subject)
  }

  /** The number of a subject by her id; -1 where she is not known to the organisation. */
  findById(organisationId: OrganisationId, subjectId: SubjectId): number {
    return /^sub_[0-9a-f]{32}$/.test(subjectId) ? this.#subjects.find(organisationId, idWords(subjectId)) : -1
  }

  /** Writes the 16 bytes of the subject's id to `into`. */
  writeId(subject: number, into: DataView, at: number): void {
    for (let word = 0; word < 4; word++) into.setInt32(at + 4 * word, this.#subjects.idWord(subject, word))
  }

  size() {
    return {
      subjects: this.#subjects.size,
      identifiers: this.#identifiers.size,
      shapes: this.#subjects.shapes.size,
      bytes: this.#subjects.bytes() + this.#identifiers.bytes(),
    }
  }
}
