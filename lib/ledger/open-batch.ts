import { randomUUID } from 'node:crypto'
import type { SubjectId } from '../domain/ids.ts'
import type { LogHead } from '../domain/log-head.ts'
import { type FoldedState, folded } from '../domain/pack-state.ts'
import type { AppliedIndex } from './applied-index.ts'
import type { Call } from './call.ts'
import { Draft, type Ground, type Ids } from './draft.ts'
import type { Batch, CommittedEvent, NewSubject } from './ledger-store.ts'
import { keptAnswer } from './repeats.ts'
import type { Sealer } from './sealer.ts'

type Planned = { readonly call: Call; readonly outcome: object; readonly seq: number }

/**
 * A batch that still takes calls. They are planned and sealed as they come, on top of the batch before, which may not
 * be committed yet: then this one is worth nothing unless that one is.
 */
export class OpenBatch {
  readonly id = randomUUID()
  readonly planned: Planned[] = []
  readonly draft: Draft
  readonly events: CommittedEvent[] = []
  readonly subjects: NewSubject[] = []
  /** Where the log ends without this batch. */
  readonly after: LogHead
  /** The batch it stands on, until that is applied. */
  before: OpenBatch | undefined
  readonly #sealer: Sealer
  #hash: Uint8Array
  #states: readonly FoldedState[] = []

  constructor(
    ground: { readonly index: Ground; readonly before: OpenBatch | undefined; readonly after: LogHead },
    ids: Ids,
    sealer: Sealer,
  ) {
    this.before = ground.before
    this.after = ground.after
    this.draft = new Draft(ground.before?.draft ?? ground.index, ids, ground.after)
    this.#sealer = sealer
    this.#hash = Buffer.from(ground.after.hash, 'hex')
  }

  /** Plans a call. Throws what the call is turned away with; then nothing of it is here. */
  add(call: Call): void {
    const outcome = this.draft.attempt(call.nowMs, call.plan)
    this.planned.push({ call, outcome, seq: this.draft.seq })
  }

  /** Subjects whose keys `seal` needs and the sealer does not know. */
  missingKeys(): readonly SubjectId[] {
    while (this.subjects.length < this.draft.subjects.length) {
      this.subjects.push(this.#sealer.subject(this.draft.subjects[this.subjects.length]!))
    }
    return this.#sealer.missing(this.draft.events.slice(this.events.length))
  }

  /** Seals what was planned since the last time. */
  seal(): void {
    while (this.events.length < this.draft.events.length) {
      const drafted = this.draft.events[this.events.length]!
      const event = this.#sealer.event(drafted, this.after, this.#hash)
      this.#hash = event.hash
      this.events.push(event)
    }
  }

  /** Everything planned is sealed. */
  isSealed(): boolean {
    return this.events.length === this.draft.events.length
  }

  /** Where the log ends with it. */
  head(): LogHead {
    const last = this.events.at(-1)
    if (last === undefined) return this.after
    return {
      ...this.after,
      seq: last.event.seq,
      hash: Buffer.from(last.hash).toString('hex'),
      recordedAtMs: last.event.recordedAtMs,
    }
  }

  toBatch(): Batch {
    this.#states = Array.from(this.draft.states.values(), ({ organisationId, state }) =>
      folded(organisationId, state),
    )
    return {
      id: this.id,
      after: this.after,
      events: this.events,
      subjects: this.subjects,
      states: this.#states,
      answers: this.planned.flatMap(({ call, outcome, seq }) =>
        call.repeat === null ? [] : [keptAnswer(call.repeat, outcome, seq)],
      ),
    }
  }

  /** Once committed: gives its events to the index; see `AppliedIndex.apply`. */
  applyTo(index: AppliedIndex): void | Promise<void> {
    if (this.events.length === 0) return undefined
    const events = this.events.map(({ event }) => event)
    return index.apply({ events, states: this.#states, identifiers: this.subjects, head: this.head() })
  }

  /** Once the index has it: what was planned on top of it stands on the index. */
  giveWayTo(index: Ground, next: readonly (OpenBatch | undefined)[]): void {
    for (const batch of next) {
      if (batch?.before !== this) continue
      batch.before = undefined
      batch.draft.rebase(index)
    }
  }

  /** Answers all its calls. */
  settle(): void {
    for (const { call, outcome, seq } of this.planned) call.resolve({ outcome, seq, isReplay: false })
  }
}
