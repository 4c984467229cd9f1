import { applyGrantPlan } from '../../domain/check-grant.ts'
import type { Decision, Query } from '../../domain/decision.ts'
import type { QuestionPlan } from './question-plan.ts'
import type { RowPlan } from './row-plan.ts'
import { RowScan } from './scan-rows.ts'
import { SubjectTable } from './subject-table.ts'

const scan = new RowScan()

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
  scan.scan(question, frame, table, shape)
  switch (scan.kind) {
    case 'slow':
      return undefined
    case 'refused':
      return denyBy(scan.row!, table.words, scan.at)
    case 'notice':
      return question.withoutGrant(frame, query)
    case 'nothing':
      return frame.otherwise
    case 'grant': {
      const { plan } = scan.row!
      const { grant, collectedFromMs } = scan
      const decision = applyGrantPlan(plan!, grant, collectedFromMs, query, 'consent_given', null)?.decision
      // Where the first does not allow it, another may.
      return decision !== undefined && (decision.allowed || scan.isLast) ? decision : undefined
    }
  }
}

function denyBy(row: RowPlan, words: Int32Array, at: number): Decision {
  const seq = SubjectTable.value(words, at, row.seqAt, row.values)
  const atMs = SubjectTable.value(words, at, row.seqAt + 1, row.values)
  const basis = { seq, notice: row.notice, atMs }
  return { allowed: false, reason: row.reason ?? 'child_refused', basis }
}
