import type { OrganisationId } from '../domain/ids.ts'
import type { LogHead } from '../domain/log-head.ts'
import type { AppliedBatch, Contact, LinkedBatch } from './decisions.ts'

/** A packed state within `bytes`. */
export type PackedSpan = { readonly bytes: Uint8Array; readonly from: number; readonly to: number }

/** What an index is filled with. Arrays are the source's own and overwritten by the next call. */
export type LoadTarget = {
  /** Configuration events in sequence, before anything else. */
  config(event: AppliedBatch['events'][number]): void
  /** A shape (see `packState`), by the number that states name it by; before the states. */
  shape(number: number, json: string): void
  /** About how many there will be, where the source can tell: room is made for them at once. Before them. */
  expect?(counts: { readonly subjects: number; readonly identifiers: number }): void
  /** Each subject once. `id` is four words, most significant first; `packed` as `toPackedBytes` gives it. */
  state(organisationId: OrganisationId, id: Int32Array, seq: number, packed: PackedSpan): void
  /** `digests` are four little-endian words each, `ids` the words of their subjects' ids. */
  identifiers(organisationId: OrganisationId, digests: Int32Array, ids: Int32Array, count: number): void
}

/** What a source says of its log, true of one moment, and what follows the place it was asked about. */
export type Heard = Contact & {
  /**
   * In sequence; where it is long, its beginning. Empty where the log does not go further, and where it is another
   * log or epoch.
   */
  readonly batches: readonly LinkedBatch[]
}

/**
 * Where an index is filled: current state once, then what the log has beyond it. Sources report what they find; the
 * follower judges whether that follows what it has. Every call ends: what is not answered in a few seconds, or makes
 * no progress, rejects.
 */
export type LogSource = {
  /**
   * Gives everything as of one moment to `into`. Resolves with the head of that moment. Rejects where the source
   * cannot be read to its end, or its states are not those of its head.
   */
  load(into: LoadTarget): Promise<LogHead>
  /** Where there is nothing after `after`, the answer is held back at most `waitMs`. */
  read(after: LogHead, options: { readonly waitMs: number; readonly eventsMax: number }): Promise<Heard>
}
