import { combineRegimes } from '../../domain/combine-regimes.ts'
import type { OrganisationId } from '../../domain/ids.ts'
import type { RowShape } from '../../domain/pack-state.ts'
import type { Policy } from '../../domain/policy.ts'
import type { ConsentCount } from '../decisions.ts'
import { isRowStruck, type Strikes, strikesOf } from './struck-rows.ts'
import { SubjectTable } from './subject-table.ts'
import type { Tally } from './tally.ts'

/** What the yes of a row shape is about; null for a shape without one, or with a refusal that stands. */
type Counted = {
  readonly isValid: boolean
  readonly endsByItself: boolean
  readonly strikes: Strikes
} | null

/** Index of what a yes comes to: it can be relied on, has run out, is void. */
const inForce = 0
const runOut = 1
const isVoid = 2

/**
 * Counts one organisation's consents by what they rest on, a few subjects at a time. What is written meanwhile is told
 * by `before` and `after`, so that the counts are those of the moment at which `advance` said that it is over.
 */
export class ConsentTally implements Tally<readonly ConsentCount[]> {
  readonly #subjects: SubjectTable
  readonly #organisationId: OrganisationId
  readonly #policy: Policy
  readonly #nowMs: number
  /** Subjects with a smaller number are counted. */
  #upTo = 0
  /** By row shape, then by what the yes comes to. */
  readonly #counts: number[] = []
  readonly #counted: (Counted | undefined)[] = []
  /** By subject shape: how long her regimes let a yes last, in milliseconds. */
  readonly #lifetimesMs: number[] = []

  constructor(subjects: SubjectTable, organisationId: OrganisationId, policy: Policy, nowMs: number) {
    this.#subjects = subjects
    this.#organisationId = organisationId
    this.#policy = policy
    this.#nowMs = nowMs
  }

  /** Counts at most so many subjects more; true once all are. */
  advance(subjectsMax: number): boolean {
    const end = Math.min(this.#upTo + subjectsMax, this.#subjects.size)
    while (this.#upTo < end) this.#add(this.#upTo++, 1)
    return this.#upTo === this.#subjects.size
  }

  /** A subject is about to be written. */
  before(subject: number): void {
    if (subject < this.#upTo) this.#add(subject, -1)
  }

  /** She was. */
  after(subject: number): void {
    if (subject < this.#upTo) this.#add(subject, 1)
  }

  /** One entry for each notice version, locale, purpose and version of it that a yes rests on. */
  result(): readonly ConsentCount[] {
    const found = new Map<string, ConsentCount>()
    for (let shape = 0; 3 * shape < this.#counts.length; shape++) {
      const at = 3 * shape
      const [standing = 0, lapsed = 0, unfit = 0] = this.#counts.slice(at, at + 3)
      if (standing + lapsed + unfit === 0) continue
      const { purpose, grant } = this.#subjects.shapes.at(shape) as RowShape
      const { notice, version, locale, purposeVersion } = grant!
      if (notice === null || locale === null) continue
      const key = JSON.stringify([notice, version, locale, purpose, purposeVersion])
      const known = found.get(key)
      found.set(key, {
        ...{ notice, version, locale, purpose, purposeVersion },
        inForce: (known?.inForce ?? 0) + standing,
        runOut: (known?.runOut ?? 0) + lapsed,
        void: (known?.void ?? 0) + unfit,
      })
    }
    return [...found.values()]
  }

  #add(subject: number, by: 1 | -1): void {
    const subjects = this.#subjects
    const own = subjects.locate(subject)
    if (own < 0 || subjects.organisationOf(subject) !== this.#organisationId) return
    const { words, end } = subjects
    const { values } = subjects.shapes
    let at = subjects.start + SubjectTable.wordsOf(values[own]!)
    while (at < end) {
      const shape = words[at++]!
      const count = values[shape]!
      const counted = this.#countedOf(shape)
      if (counted !== null) {
        const place = 3 * shape + this.#comesTo(shape, counted, own, words, at, count)
        while (this.#counts.length < 3 * (shape + 1)) this.#counts.push(0)
        this.#counts[place]! += by
      }
      at += SubjectTable.wordsOf(count)
    }
  }

  /** The first values of a row with a yes: its position, when it acts from, and when it ends unless after whole days. */
  #comesTo(
    shape: number,
    { isValid, endsByItself, strikes }: NonNullable<Counted>,
    own: number,
    words: Int32Array,
    at: number,
    count: number,
  ): number {
    if (!isValid) return isVoid
    if (isRowStruck(this.#policy, strikes, words, at, count)) return isVoid
    const { grant } = this.#subjects.shapes.at(shape) as RowShape
    const fromMs = SubjectTable.value(words, at, 1, count)
    const endMs = endsByItself
      ? SubjectTable.value(words, at, 2, count)
      : fromMs + (grant?.days ?? 0) * 86_400_000
    return this.#nowMs < Math.min(endMs, fromMs + this.#lifetimeMs(own)) ? inForce : runOut
  }

  #countedOf(shape: number): Counted {
    const known = this.#counted[shape]
    if (known !== undefined) return known
    const { grant, refusals } = this.#subjects.shapes.at(shape) as RowShape
    const counted =
      grant === null || refusals.length > 0
        ? null
        : {
            isValid: grant.proven && !grant.invalidated && grant.capacity === 'capable',
            endsByItself: grant.days === null,
            strikes: strikesOf(this.#policy, grant),
          }
    this.#counted[shape] = counted
    return counted
  }

  #lifetimeMs(subjectShape: number): number {
    const known = this.#lifetimesMs[subjectShape]
    if (known !== undefined) return known
    const shape = this.#subjects.shapes.at(subjectShape)
    const regimes = shape.of === 'subject' ? shape.regimes : []
    const { consentLifetimeMs } = combineRegimes(this.#policy, regimes, null)
    this.#lifetimesMs[subjectShape] = consentLifetimeMs
    return consentLifetimeMs
  }
}
