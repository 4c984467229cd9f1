import { combineRegimes } from '../../domain/combine-regimes.ts'
import type { OrganisationId } from '../../domain/ids.ts'
import type { RowShape } from '../../domain/pack-state.ts'
import type { Policy } from '../../domain/policy.ts'
import type { CoverageCount, CoverageState } from '../decisions.ts'
import { isRowStruck, type Strikes, strikesOf } from './struck-rows.ts'
import { SubjectTable } from './subject-table.ts'
import type { Tally } from './tally.ts'

const dayMs = 86_400_000

/** From the weakest to what tells most: of a subject's rows for one purpose, the last of these counts. */
const ranks = [
  'open',
  'void',
  'run_out',
  'superseded',
  'granted',
  'ends_within_90_days',
  'ends_within_60_days',
  'ends_within_30_days',
  'refused',
] as const satisfies readonly CoverageState[]
const states = ranks.length
const rankOf = (state: CoverageState) => ranks.indexOf(state)
const [isVoid, runOut, superseded, granted] = (['void', 'run_out', 'superseded', 'granted'] as const).map(
  rankOf,
) as [number, number, number, number]
const refused = rankOf('refused')

/** What a row shape says by itself: its purpose, and its rank where no time is needed to tell; -1 where one is. */
type Row = {
  readonly purpose: number
  readonly rank: number
  readonly isSuperseded: boolean
  readonly days: number | null
  /** What recalls strike of it; null where there is no yes. */
  readonly strikes: Strikes | null
}

/**
 * Counts one organisation's subjects by where each purpose stands for them: each once for a purpose, whatever the number
 * of her properties. A refusal anywhere counts before a yes elsewhere, and of two yeses the one that ends first.
 */
export class CoverageTally implements Tally<readonly CoverageCount[]> {
  readonly #subjects: SubjectTable
  readonly #organisationId: OrganisationId
  readonly #policy: Policy
  readonly #nowMs: number
  #upTo = 0
  readonly #purposes: string[] = []
  readonly #rows: (Row | undefined)[] = []
  /** By subject shape: the number of her regimes together, and how long they let a yes last. */
  readonly #groups: ({ readonly group: number; readonly lifetimeMs: number } | undefined)[] = []
  readonly #regimes: string[] = []
  /** By regimes, then purpose, then state. */
  readonly #counts: number[][][] = []
  readonly #people: number[] = []
  /** Of the subject at hand: the rank of each purpose, and which have one. */
  readonly #best: number[] = []
  readonly #touched: number[] = []

  constructor(subjects: SubjectTable, organisationId: OrganisationId, policy: Policy, nowMs: number) {
    this.#subjects = subjects
    this.#organisationId = organisationId
    this.#policy = policy
    this.#nowMs = nowMs
  }

  advance(subjectsMax: number): boolean {
    const end = Math.min(this.#upTo + subjectsMax, this.#subjects.size)
    while (this.#upTo < end) this.#add(this.#upTo++, 1)
    return this.#upTo === this.#subjects.size
  }

  before(subject: number): void {
    if (subject < this.#upTo) this.#add(subject, -1)
  }

  after(subject: number): void {
    if (subject < this.#upTo) this.#add(subject, 1)
  }

  result(): readonly CoverageCount[] {
    return this.#regimes.flatMap((joined, group) => {
      const subjects = this.#people[group] ?? 0
      if (subjects === 0) return []
      const byPurpose = this.#counts[group] ?? []
      return [...this.#policy.purposes.keys()].map((purpose) => {
        const counts = byPurpose[this.#purposes.indexOf(purpose)] ?? []
        const of = (state: CoverageState) => counts[rankOf(state)] ?? 0
        return {
          ...{ purpose, regimes: joined === '' ? [] : joined.split(' '), subjects },
          states: Object.fromEntries(ranks.map((state) => [state, of(state)])) as Record<
            CoverageState,
            number
          >,
        }
      })
    })
  }

  #add(subject: number, by: 1 | -1): void {
    const subjects = this.#subjects
    const own = subjects.locate(subject)
    if (own < 0 || subjects.organisationOf(subject) !== this.#organisationId) return
    const { words, end } = subjects
    const { values } = subjects.shapes
    const { group, lifetimeMs } = this.#groupOf(own)
    this.#people[group] = (this.#people[group] ?? 0) + by
    let at = subjects.start + SubjectTable.wordsOf(values[own]!)
    while (at < end) {
      const shape = words[at++]!
      const count = values[shape]!
      const row = this.#rowOf(shape)
      const rank = row.rank >= 0 ? row.rank : this.#rankAt(row, lifetimeMs, words, at, count)
      const known = this.#best[row.purpose] ?? -1
      if (known < 0) this.#touched.push(row.purpose)
      if (rank > known) this.#best[row.purpose] = rank
      at += SubjectTable.wordsOf(count)
    }
    this.#counts[group] ??= []
    const counts = this.#counts[group]
    for (const purpose of this.#touched) {
      counts[purpose] ??= new Array<number>(states).fill(0)
      const rank = this.#best[purpose]!
      counts[purpose][rank] = counts[purpose][rank]! + by
      this.#best[purpose] = -1
    }
    this.#touched.length = 0
  }

  /** The first values of a row with a yes: its position, when it acts from, and when it ends unless after whole days. */
  #rankAt(row: Row, lifetimeMs: number, words: Int32Array, at: number, count: number): number {
    if (row.strikes !== null && isRowStruck(this.#policy, row.strikes, words, at, count)) return isVoid
    const fromMs = SubjectTable.value(words, at, 1, count)
    const ownEndMs = row.days === null ? SubjectTable.value(words, at, 2, count) : fromMs + row.days * dayMs
    const leftMs = Math.min(ownEndMs, fromMs + lifetimeMs) - this.#nowMs
    if (leftMs <= 0) return runOut
    if (row.isSuperseded) return superseded
    if (leftMs > 90 * dayMs) return granted
    if (leftMs > 60 * dayMs) return granted + 1
    return leftMs > 30 * dayMs ? granted + 2 : granted + 3
  }

  #rowOf(number: number): Row {
    const known = this.#rows[number]
    if (known !== undefined) return known
    const { purpose, grant, refusals } = this.#subjects.shapes.at(number) as RowShape
    const row = {
      purpose: numberOf(this.#purposes, purpose),
      rank: refusals.length > 0 ? refused : grant === null ? 0 : this.#isVoid(grant) ? isVoid : -1,
      isSuperseded:
        grant !== null &&
        grant.purposeVersion < (this.#policy.purposes.get(purpose as never)?.materialVersion ?? 0),
      days: grant?.days ?? null,
      strikes: grant === null ? null : strikesOf(this.#policy, grant),
    }
    this.#rows[number] = row
    return row
  }

  #isVoid({ proven, invalidated, capacity, notice, version }: NonNullable<RowShape['grant']>): boolean {
    if (!proven || invalidated || capacity !== 'capable') return true
    return notice !== null && this.#policy.notices.get(notice)?.[version - 1]?.isInvalidated === true
  }

  #groupOf(number: number): { readonly group: number; readonly lifetimeMs: number } {
    const known = this.#groups[number]
    if (known !== undefined) return known
    const shape = this.#subjects.shapes.at(number)
    const regimes = shape.of === 'subject' ? shape.regimes : []
    const { consentLifetimeMs: lifetimeMs } = combineRegimes(this.#policy, regimes, null)
    const group = numberOf(this.#regimes, [...regimes].sort().join(' '))
    this.#groups[number] = { group, lifetimeMs }
    return this.#groups[number]
  }
}

function numberOf(list: string[], value: string): number {
  const at = list.indexOf(value)
  return at >= 0 ? at : list.push(value) - 1
}
