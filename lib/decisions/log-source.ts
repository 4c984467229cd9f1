import type { OrganisationId } from '../domain/ids.ts'
import type { LogHead } from '../domain/log-head.ts'
import type { SubjectState } from '../domain/state.ts'
import type { AppliedBatch } from './decisions.ts'

/** Where an index is filled: current state once, then what the log has beyond it. */
export type LogSource = {
  /**
   * Gives everything as of one moment to `into`: configuration events in sequence, then subjects. Resolves with
   * the head of that moment. Rejects where the database cannot be read.
   */
  load(into: {
    config(event: AppliedBatch['events'][number]): void
    state(organisationId: OrganisationId, state: SubjectState): void
    identifier(identifier: AppliedBatch['identifiers'][number]): void
  }): Promise<LogHead>
  /** The log's end, and the database's clock in milliseconds. */
  readHead(): Promise<{ readonly head: LogHead; readonly databaseNowMs: number }>
  /** Events after `seq`, in sequence, at most `limit`; `head` is that of the last of them. */
  readAfter(seq: number, limit: number): Promise<AppliedBatch>
}
