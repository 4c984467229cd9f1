import type { Revision } from '../../domain/revision.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { Fleet } from './fleet.ts'

/**
 * The same ledger, whose calls return only when no worker answers from before what they wrote. It holds up the call
 * alone: the next batch is written meanwhile. A repeated call waits for what the first one wrote, too.
 */
export function acknowledgeEverywhere(ledger: Ledger, fleet: Pick<Fleet, 'reached'>): Ledger {
  const everywhere = async <Answer extends { readonly revision: Revision }>(
    answering: Promise<Answer>,
  ): Promise<Answer> => {
    const answer = await answering
    await fleet.reached(answer.revision.seq)
    return answer
  }
  return {
    recordConsents: (...call) => everywhere(ledger.recordConsents(...call)),
    recordGpc: (...call) => everywhere(ledger.recordGpc(...call)),
    recordFact: (...call) => everywhere(ledger.recordFact(...call)),
    linkSubjects: (...call) => everywhere(ledger.linkSubjects(...call)),
    unlinkSubjects: (...call) => everywhere(ledger.unlinkSubjects(...call)),
    publish: (...call) => everywhere(ledger.publish(...call)),
    load: () => ledger.load(),
    close: () => ledger.close(),
  }
}
