import { findNotice } from '../../domain/find-notice.ts'
import type { OrganisationId, PurposeKey, SubjectId } from '../../domain/ids.ts'
import { type GrantShape, grantTimes, type RowShape } from '../../domain/pack-state.ts'
import type { Policy } from '../../domain/policy.ts'
import { importMark, type RecallScope } from '../../domain/recall.ts'
import type { RecallCount } from '../decisions.ts'
import { isRowStruck, type Strikes, strikesOf } from './struck-rows.ts'
import { SubjectTable } from './subject-table.ts'

/** Which yeses are meant: those of a scope recorded before a position that have not run out. */
export type Recalled = {
  readonly scope: RecallScope
  /** Infinity for all. */
  readonly beforeSeq: number
  /** Whether those are left out that are struck already. */
  readonly isPreview: boolean
}

/** What a shape says; `importAt` is the value to compare, -1 where the shape tells all. */
type Matched = { readonly importAt: number; readonly strikes: Strikes } | null

/**
 * Finds an organisation's yeses of one scope, a few subjects at a time. Subjects that are written meanwhile are seen as
 * they were or as they are.
 */
export class RecallScan {
  readonly #subjects: SubjectTable
  readonly #organisationId: OrganisationId
  readonly #policy: Policy
  readonly #nowMs: number
  readonly #recalled: Recalled
  readonly #mark: number
  readonly #matched: (Matched | undefined)[] = []
  readonly #counts = new Map<string, { purpose: PurposeKey; locale: string | null; consents: number }>()
  readonly #page: PageOfIds | undefined
  #upTo = 0
  #people = 0

  /** With a page, keeps its ids besides counting. */
  constructor(
    subjects: SubjectTable,
    of: { readonly organisationId: OrganisationId; readonly policy: Policy; readonly nowMs: number },
    recalled: Recalled,
    page?: { readonly after: SubjectId | null; readonly limit: number },
  ) {
    this.#subjects = subjects
    this.#organisationId = of.organisationId
    this.#policy = of.policy
    this.#nowMs = of.nowMs
    this.#recalled = recalled
    this.#mark = recalled.scope.kind === 'import' ? importMark(recalled.scope.id) : -1
    this.#page = page && new PageOfIds(page.after, page.limit)
  }

  /** Looks at so many subjects more; true once all are. */
  advance(subjectsMax: number): boolean {
    const end = Math.min(this.#upTo + subjectsMax, this.#subjects.size)
    while (this.#upTo < end) this.#look(this.#upTo++)
    return this.#upTo === this.#subjects.size
  }

  /** How many people, and their consents by purpose and locale. */
  result(): { readonly people: number; readonly consents: readonly RecallCount[] } {
    const byName = (a: RecallCount, b: RecallCount) =>
      compare(a.purpose, b.purpose) || compare(a.locale ?? '', b.locale ?? '')
    return { people: this.#people, consents: [...this.#counts.values()].sort(byName) }
  }

  /** The page's ids, in order. */
  ids(): readonly SubjectId[] {
    return this.#page?.ids() ?? []
  }

  #look(subject: number): void {
    const subjects = this.#subjects
    const own = subjects.locate(subject)
    if (own < 0 || subjects.organisationOf(subject) !== this.#organisationId) return
    const { words, end } = subjects
    const { values } = subjects.shapes
    let at = subjects.start + SubjectTable.wordsOf(values[own]!)
    let found = false
    while (at < end) {
      const shape = words[at++]!
      const count = values[shape]!
      const matched = this.#matchedOf(shape)
      if (matched !== null && this.#isMeant(shape, matched, words, at, count)) {
        found = true
        this.#count(subjects.shapes.at(shape) as RowShape)
      }
      at += SubjectTable.wordsOf(count)
    }
    if (!found) return
    this.#people += 1
    this.#page?.offer(subjects.idOf(subject))
  }

  #count({ purpose, grant }: RowShape): void {
    const locale = grant?.locale ?? null
    const name = JSON.stringify([purpose, locale])
    const known = this.#counts.get(name)
    if (known === undefined) this.#counts.set(name, { purpose, locale, consents: 1 })
    else known.consents += 1
  }

  #isMeant(
    shape: number,
    { importAt, strikes }: NonNullable<Matched>,
    words: Int32Array,
    at: number,
    count: number,
  ): boolean {
    const { beforeSeq, isPreview, scope } = this.#recalled
    if (SubjectTable.value(words, at, 0, count) >= beforeSeq) return false
    if (scope.kind === 'import' && SubjectTable.value(words, at, importAt, count) !== this.#mark) return false
    if (isPreview && isRowStruck(this.#policy, strikes, words, at, count)) return false
    const { grant } = this.#subjects.shapes.at(shape) as RowShape
    const fromMs = SubjectTable.value(words, at, 1, count)
    const endMs =
      grant?.days == null ? SubjectTable.value(words, at, 2, count) : fromMs + grant.days * 86_400_000
    return this.#nowMs < endMs
  }

  #matchedOf(shape: number): Matched {
    const known = this.#matched[shape]
    if (known !== undefined) return known
    const { grant, refusals } = this.#subjects.shapes.at(shape) as RowShape
    const isValid =
      grant?.proven && !grant.invalidated && grant.capacity === 'capable' && refusals.length === 0
    const matched = grant !== null && isValid && this.#isOf(grant) ? this.#told(grant) : null
    this.#matched[shape] = matched
    return matched
  }

  #isOf({ notice, version, origin }: GrantShape): boolean {
    const { scope } = this.#recalled
    switch (scope.kind) {
      case 'notice':
        return scope.key === notice && scope.version === version
      case 'experience':
        return scope.key === origin?.experience?.key && scope.version === origin.experience.version
      case 'key':
        return scope.id === origin?.via
      case 'import':
        return origin?.imported === true
    }
  }

  #told(grant: GrantShape): Matched {
    const { origin, notice, version } = grant
    const importAt = origin?.imported ? grantTimes(grant) : -1
    if (findNotice(this.#policy, notice, version)?.isInvalidated && this.#recalled.isPreview) return null
    return { importAt, strikes: strikesOf(this.#policy, grant) }
  }
}

/** The lowest ids after one, of all that are offered. */
class PageOfIds {
  readonly #after: string
  readonly #limit: number
  #ids: SubjectId[] = []
  /** No id from here on can be on the page. */
  #end = '~'

  constructor(after: SubjectId | null, limit: number) {
    this.#after = after ?? ''
    this.#limit = limit
  }

  offer(id: SubjectId): void {
    if (id <= this.#after || id >= this.#end) return
    this.#ids.push(id)
    if (this.#ids.length >= 2 * this.#limit) this.#cut()
  }

  ids(): readonly SubjectId[] {
    this.#cut()
    return this.#ids
  }

  #cut(): void {
    this.#ids.sort()
    if (this.#ids.length <= this.#limit) return
    this.#ids.length = this.#limit
    this.#end = this.#ids.at(-1)!
  }
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
