import { spanGrantPlan } from '../../domain/check-grant.ts'
import { breakpoints, piecesBetween } from '../../domain/decide-over-time.ts'
import type { Query } from '../../domain/decision.ts'
import { impossible } from '../../domain/errors.ts'
import type { Spans } from '../../domain/spans.ts'
import type { Frame, QuestionPlan } from './question-plan.ts'
import { RowScan } from './scan-rows.ts'
import type { SubjectTable } from './subject-table.ts'

const scan = new RowScan()

/**
 * What `decideOverTime` says of a subject, taken from packed rows with a question's plan and written to `spans`; false
 * where only the full decision can tell. The question must demand a collection time. A property test holds the two
 * together.
 */
export function spanFast(
  question: QuestionPlan,
  table: SubjectTable,
  subject: number,
  query: Query,
  spans: Spans,
): boolean {
  const shape = subject < 0 ? -1 : table.locate(subject)
  const frame = question.frame(shape)
  if (frame.kind === 'slow') return false
  if (frame.kind === 'always') {
    return frame.always !== null && !frame.always.allowed && spans.setRefusal(frame.always.reason)
  }
  if (shape < 0) {
    if (frame.kind === 'notice') return spanNotice(question, frame, query, spans)
    return spans.setRefusal(frame.otherwise.reason)
  }
  scan.scan(question, frame, table, shape)
  switch (scan.kind) {
    case 'slow':
      return false
    case 'refused':
      return spans.setRefusal(scan.row!.reason ?? 'child_refused')
    case 'notice':
      return spanNotice(question, frame, query, spans)
    case 'nothing':
      return spans.setRefusal(frame.otherwise.reason)
    case 'grant': {
      // Where it does not allow some times, another may.
      if (!scan.isLast) return false
      const plan = scan.row!.plan ?? impossible('a grant without a plan')
      return spanGrantPlan(plan, scan.grant, scan.collectedFromMs, query, 'consent_given', spans)
    }
  }
}

/** Nothing of it is the subject's own: it is the same for everyone of this shape at this time. */
function spanNotice(question: QuestionPlan, frame: Frame, query: Query, spans: Spans): boolean {
  let known = frame.overTime
  if (known?.nowMs !== query.nowMs) {
    const decideAt = (collectedAtMs: number) => question.withoutGrant(frame, { ...query, collectedAtMs })
    known = {
      nowMs: query.nowMs,
      pieces: piecesBetween(breakpoints(question.policy, undefined, query), decideAt),
      withoutTime: question.withoutGrant(frame, query),
    }
    frame.overTime = known
  }
  spans.set(known.pieces, known.withoutTime)
  return true
}
