import type { Frame, QuestionPlan } from './question-plan.ts'
import type { RowPlan } from './row-plan.ts'
import { SubjectTable } from './subject-table.ts'

/**
 * What in a subject's packed rows decides a question, under a frame that looks at rows. Written anew by each scan.
 *
 * - `slow`: only the full decision can tell.
 * - `refused`: `row` stands in the way; its values begin at `at`.
 * - `notice`: nothing stands in the way, and the rule rests on a notice in force.
 * - `grant`: `row` is the first yes that may allow it; `isLast` says that no other can if it does not.
 * - `nothing`: nobody said anything that bears on it.
 */
export class RowScan {
  kind: 'slow' | 'refused' | 'notice' | 'grant' | 'nothing' = 'slow'
  row: RowPlan | undefined
  at = 0
  isLast = true
  /** Of the grant: its position, and its times in milliseconds. */
  readonly grant = { seq: 0, effectiveFromMs: 0, expiresAtMs: 0 }
  collectedFromMs = 0

  /** Of the subject that `table` has located, who has this shape. */
  scan(question: QuestionPlan, frame: Frame, table: SubjectTable, shape: number): void {
    const { words, end } = table
    this.kind = 'slow'
    let refusal: RowPlan | undefined
    let refusalAt = 0
    let refusalSeq = -1
    let mayBeOutlived = false
    let child: RowPlan | undefined
    let childAt = 0
    let children = 0
    let grant: RowPlan | undefined
    let grantAt = 0
    let grantSeq = -1
    let grants = 0
    let liftedMs = -1
    let wasRefused = false

    for (let at = table.start + SubjectTable.wordsOf(table.shapes.values[shape]!); at < end; ) {
      const part = words[at]!
      const skipped = frame.skips[part]
      if (skipped !== undefined && skipped > 0) {
        at += skipped
        continue
      }
      const row = frame.rows[part] ?? question.row(frame, part)
      switch (row.kind) {
        case 'slow':
          return
        case 'refusal': {
          const seq = SubjectTable.value(words, at + 1, row.seqAt, row.values)
          if (seq > refusalSeq) {
            refusal = row
            refusalAt = at + 1
            refusalSeq = seq
          }
          mayBeOutlived ||= row.mayBeOutlived
          break
        }
        case 'child':
          child = row
          childAt = at + 1
          children += 1
          break
        case 'grant': {
          const seq = SubjectTable.value(words, at + 1, 0, row.values)
          grants += 1
          // First those whose property answers the question, then the newest.
          if (grant === undefined || (row.covers === grant.covers ? seq > grantSeq : row.covers)) {
            grant = row
            grantAt = at + 1
            grantSeq = seq
          }
          break
        }
      }
      if (row.liftedAt >= 0) {
        liftedMs = Math.max(liftedMs, SubjectTable.value(words, at + 1, row.liftedAt, row.values))
      }
      wasRefused ||= row.wasRefused
      at += row.words
    }

    if (refusal !== undefined) {
      if (!mayBeOutlived) this.#refused(refusal, refusalAt)
      return
    }
    if (child !== undefined) {
      if (children === 1) this.#refused(child, childAt)
      return
    }
    if (frame.kind === 'notice') {
      this.kind = 'notice'
      return
    }
    if (grant === undefined) {
      this.kind = 'nothing'
      return
    }
    // Where a nearer purpose was ever refused, an ancestor's yes says nothing about it.
    if (wasRefused && (grants > 1 || !grant.isOwn)) return
    if (grant.importAt >= 0) {
      // One recalled import more or less: what it strikes is told by position, and by the full decision.
      const mark = SubjectTable.value(words, grantAt, grant.importAt, grant.values)
      if (question.policy.recalls.imports.has(mark)) return
    }
    const times = this.grant
    times.seq = grantSeq
    times.effectiveFromMs = SubjectTable.value(words, grantAt, 1, grant.values)
    times.expiresAtMs =
      grant.expiresAt < 0
        ? times.effectiveFromMs + grant.lifetimeMs
        : SubjectTable.value(words, grantAt, grant.expiresAt, grant.values)
    this.collectedFromMs = Math.max(liftedMs, SubjectTable.value(words, grantAt, grant.fromAt, grant.values))
    this.kind = 'grant'
    this.row = grant
    this.at = grantAt
    this.isLast = grants === 1
  }

  #refused(row: RowPlan, at: number): void {
    this.kind = 'refused'
    this.row = row
    this.at = at
  }
}
