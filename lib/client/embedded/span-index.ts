import type { Change } from '../follow-changes.ts'
import { type Position, readRevision } from '../revision.ts'
import type { Resolution } from './resolve-spans.ts'
import { readSpans, type SpanEntry, type SubjectCell } from './span-entry.ts'

/** How many changes back it is remembered who said something. */
const recentMax = 10_000

/** What is kept under one question's terms, by `namespace:id`. */
export type TermsEntries = Map<string, SpanEntry>

/**
 * What was resolved, as long as nothing was recorded that could change it.
 *
 * A change of a person gives up what is kept about her, a change of rules everything, and a change of somebody who is
 * not kept all that is kept about unknown ids: one of them may be hers now. So does the first change of somebody kept:
 * her answer may have come before the change that made her known. What was decided before a change that was
 * seen already is never kept. Bounded: the oldest go first, and whoever is not here is asked about.
 */
export class SpanIndex {
  readonly #entriesMax: number
  readonly #byTerms = new Map<string, TermsEntries>()
  readonly #cells = new Map<string, SubjectCell>()
  readonly #recent: { readonly seq: number; readonly subject: string | null }[] = []
  #size = 0
  #log = ''
  /** All changes after this one are in `#recent`. */
  #recentFrom = 0
  #configSeq = 0
  #strangerSeq = 0

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax
  }

  get size(): number {
    return this.#size
  }

  /** Forgets everything; what is decided from `at` on may be kept. */
  begin(at: Position): void {
    this.clear()
    this.#log = at.log
    this.#recent.length = 0
    this.#recentFrom = at.seq
    this.#configSeq = 0
    this.#strangerSeq = 0
  }

  clear(): void {
    for (const entries of this.#byTerms.values()) entries.clear()
    this.#cells.clear()
    this.#size = 0
  }

  /** One that follows the last one seen. */
  see({ revision, subject }: Change): void {
    const { seq } = readRevision(revision)!
    if (subject === null) this.#configSeq = seq
    else {
      const cell = this.#cells.get(subject)
      if (cell === undefined || cell.changedSeq === 0) this.#strangerSeq = seq
      if (cell !== undefined) cell.changedSeq = seq
    }
    this.#recent.push({ seq, subject })
    if (this.#recent.length <= 2 * recentMax) return
    const dropped = this.#recent.splice(0, recentMax)
    this.#recentFrom = dropped.at(-1)!.seq
  }

  /** Whether what was decided at `seq` is decided under the rules of now. */
  isUnderRulesOf(seq: number): boolean {
    return seq >= this.#configSeq
  }

  /** Where a question's terms are kept; the same object for the same key. */
  entriesOf(termsKey: string): TermsEntries {
    let entries = this.#byTerms.get(termsKey)
    if (entries === undefined) {
      entries = new Map()
      this.#byTerms.set(termsKey, entries)
    }
    return entries
  }

  get termsCount(): number {
    return this.#byTerms.size
  }

  /** Undefined where nothing is kept that still holds. */
  find(entries: TermsEntries, id: string): SpanEntry | undefined {
    const entry = entries.get(id)
    if (entry === undefined) return undefined
    const changedSeq = entry.cell === null ? this.#strangerSeq : entry.cell.changedSeq
    if (entry.seq >= this.#configSeq && entry.seq >= changedSeq) return entry
    this.#remove(entries, id, entry)
    return undefined
  }

  /** Keeps what may be kept of what was resolved for `ids`, in their order; answers how many. */
  keep(entries: TermsEntries, ids: readonly string[], resolution: Resolution): number {
    const since = this.#changedSince(resolution.at)
    if (since === undefined) return 0
    let kept = 0
    for (const [n, record] of resolution.records.entries()) {
      const isOld = record.subject === null ? since.size > 0 : since.has(record.subject)
      const spans = isOld ? undefined : readSpans(record, resolution)
      if (spans === undefined) continue
      const id = ids[n]!
      const before = entries.get(id)
      if (before !== undefined) this.#remove(entries, id, before)
      const cell = record.subject === null ? null : this.#cellOf(record.subject)
      if (cell !== null) cell.entries += 1
      entries.set(id, { seq: resolution.at.seq, cell, ...spans })
      this.#size += 1
      kept += 1
      if (this.#size > this.#entriesMax) this.#evict(entries)
    }
    return kept
  }

  /** Who said something after `at`; undefined where that is not known, or rules changed: then nothing may be kept. */
  #changedSince(at: Position): ReadonlySet<string> | undefined {
    if (at.log !== this.#log || at.seq < this.#recentFrom || at.seq < this.#configSeq) return undefined
    const subjects = new Set<string>()
    for (let n = this.#recent.length - 1; n >= 0 && this.#recent[n]!.seq > at.seq; n--) {
      const { subject } = this.#recent[n]!
      if (subject !== null) subjects.add(subject)
    }
    return subjects
  }

  #cellOf(subject: string): SubjectCell {
    let cell = this.#cells.get(subject)
    if (cell === undefined) {
      cell = { subject, changedSeq: 0, entries: 0 }
      this.#cells.set(subject, cell)
    }
    return cell
  }

  #evict(entries: TermsEntries): void {
    const from = entries.size > 1 ? entries : [...this.#byTerms.values()].find(({ size }) => size > 0)
    const [oldest] = from ?? []
    if (from !== undefined && oldest !== undefined) this.#remove(from, oldest[0], oldest[1])
  }

  #remove(entries: TermsEntries, id: string, { cell }: SpanEntry): void {
    if (!entries.delete(id)) return
    this.#size -= 1
    if (cell === null) return
    cell.entries -= 1
    if (cell.entries === 0) this.#cells.delete(cell.subject)
  }
}
