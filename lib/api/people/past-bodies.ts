import type { Changed } from '../../domain/answers-at.ts'
import { because } from '../../domain/because.ts'
import type { Decision } from '../../domain/decision.ts'
import type { NoticeRef } from '../../domain/events.ts'
import type { Past } from '../../domain/past.ts'
import { formatRevision } from '../../domain/revision.ts'
import type { RecordedEvent } from '../../ledger/person-reader.ts'
import { eventBody } from '../routes/subjects.ts'

const saidBody = ({ allowed, reason }: Decision) => ({ allowed, reason })

/** An answer in full, in words too. */
export function answerBody(decision: Decision) {
  const { seq, notice } = decision.basis
  return {
    ...saidBody(decision),
    because: because(decision),
    event: seq === null ? null : { seq },
    notice,
  }
}

export function changedBody({ question: { purpose, property }, before, after }: Changed) {
  return { purpose, property, before: saidBody(before), after: saidBody(after) }
}

/** What was shown with an event, where something was. */
export function shownWith({ event: { body } }: RecordedEvent): NoticeRef | null {
  return 'notice' in body ? body.notice : null
}

/** An event of a person's timeline, with its place in the chain and what it changed. */
export function timelineBody(
  past: Past,
  index: number,
  recorded: RecordedEvent,
  changes: readonly Changed[],
) {
  const { event, log, epoch, hash, previousHash, hasEvidence } = recorded
  return {
    ...eventBody(event),
    revision: formatRevision({ log, epoch, seq: event.seq }),
    status: past.around(index).status,
    notice: shownWith(recorded),
    ...{ hash, previous_hash: previousHash, has_evidence: hasEvidence },
    changed: changes.map(changedBody),
  }
}
