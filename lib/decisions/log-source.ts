import type { OrganisationId } from '../domain/ids.ts'
import type { LogHead } from '../domain/log-head.ts'
import type { AppliedBatch } from './decisions.ts'

/** What an index is filled with. Arrays are the source's own and overwritten by the next call. */
export type LoadTarget = {
  /** Configuration events in sequence, before anything else. */
  config(event: AppliedBatch['events'][number]): void
  /** A shape (see `packState`), by the number that states name it by; before the states. */
  shape(number: number, json: string): void
  /** `id` is four words, most significant first; `packed` as `packState` gives it. */
  state(organisationId: OrganisationId, id: Int32Array, seq: number, packed: readonly number[]): void
  /** `digest` is four little-endian words. */
  identifier(organisationId: OrganisationId, digest: Int32Array, id: Int32Array): void
}

/** Where an index is filled: current state once, then what the log has beyond it. */
export type LogSource = {
  /**
   * Gives everything as of one moment to `into`. Resolves with the head of that moment. Rejects where the database
   * cannot be read, or its states are not those of its head.
   */
  load(into: LoadTarget): Promise<LogHead>
  /**
   * The log's end, and the database's clock in milliseconds. `ageMs` is how old this was when it was told, by whoever
   * has it from another; it counts towards staleness.
   */
  readHead(): Promise<{ readonly head: LogHead; readonly databaseNowMs: number; readonly ageMs?: number }>
  /** Events after `seq`, in sequence, at most `limit`; `head` is that of the last of them. */
  readAfter(seq: number, limit: number): Promise<AppliedBatch>
}
