import { applyGrantPlan } from '../../domain/check-grant.ts'
import type { Decision, Query } from '../../domain/decision.ts'
import type { Frame, QuestionPlan } from './question-plan.ts'
import type { RowPlan } from './row-plan.ts'
import { SubjectTable } from './subject-table.ts'

/**
 * The decision that `decide` makes, taken from packed rows with a question's plan; undefined where only `decide` can
 * tell. It must never say anything else than `decide` would: a property test holds the two together.
 */
export function decideFast(
  question: QuestionPlan,
  table: SubjectTable,
  subject: number,
  query: Query,
): Decision | undefined {
  const shape = subject < 0 ? -1 : table.locate(subject)
  const frame = question.frame(shape)
  if (frame.kind === 'always') return frame.always ?? undefined
  if (frame.kind === 'slow') return undefined
  if (shape < 0) return frame.kind === 'notice' ? question.withoutGrant(frame, query) : frame.otherwise
  return decideRows(question, frame, table, shape, query)
}

function decideRows(
  question: QuestionPlan,
  frame: Frame,
  table: SubjectTable,
  shape: number,
  query: Query,
): Decision | undefined {
  const { words, end } = table
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
    const row = frame.rows[part] ?? question.row(frame, part)
    switch (row.kind) {
      case 'slow':
        return undefined
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
    if (mayBeOutlived) return undefined
    return denyBy(refusal, words, refusalAt)
  }
  if (child !== undefined) return children > 1 ? undefined : denyBy(child, words, childAt)
  if (frame.kind === 'notice') return question.withoutGrant(frame, query)
  if (grant === undefined || grant.plan === null) return frame.otherwise
  // Where a nearer purpose was ever refused, an ancestor's yes says nothing about it.
  if (wasRefused && (grants > 1 || !grant.isOwn)) return undefined
  const effectiveFromMs = SubjectTable.value(words, grantAt, 1, grant.values)
  const expiresAtMs =
    grant.expiresAt < 0
      ? effectiveFromMs + grant.lifetimeMs
      : SubjectTable.value(words, grantAt, grant.expiresAt, grant.values)
  const fromMs = Math.max(liftedMs, SubjectTable.value(words, grantAt, grant.fromAt, grant.values))
  const times = { seq: grantSeq, effectiveFromMs, expiresAtMs }
  const decision = applyGrantPlan(grant.plan, times, fromMs, query, 'consent_given', null)?.decision
  // Where the first does not allow it, another may.
  return decision !== undefined && (decision.allowed || grants === 1) ? decision : undefined
}

function denyBy(row: RowPlan, words: Int32Array, at: number): Decision {
  const seq = SubjectTable.value(words, at, row.seqAt, row.values)
  const atMs = SubjectTable.value(words, at, row.seqAt + 1, row.values)
  const basis = { seq, notice: row.notice, atMs }
  return { allowed: false, reason: row.reason ?? 'child_refused', basis }
}
