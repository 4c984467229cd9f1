import { deepStrictEqual, ok, strictEqual } from 'node:assert'
import { ConsentIndex } from '../../../decisions/consent-index.ts'
import type { AssentEvent } from '../../../domain/events.ts'
import { foldEvent } from '../../../domain/fold-event.ts'
import { foldPolicy } from '../../../domain/fold-policy.ts'
import type { OrganisationId, SubjectId } from '../../../domain/ids.ts'
import type { Policy } from '../../../domain/policy.ts'
import type { SubjectState } from '../../../domain/state.ts'
import type { LedgerKeys } from '../../../ledger/create-ledger.ts'
import { chainHash, leafOf, unseal } from '../../../ledger/seal.ts'
import type { DatabaseAddress } from '../../database-address.ts'
import { toSubjectId } from '../../row-ids.ts'
import { connect } from '../connect.ts'
import { type EventRow, eventColumns, toEvent } from '../event-rows.ts'
import { createLogSource } from '../log-source.ts'

/**
 * Verifies every invariant of a stored log and throws at the first that is broken: sequence dense, chain of hashes
 * whole, leaves those of the events under their sealed salts, times never falling, the stored state equal to the
 * fold of the events. Answers what it read.
 */
export async function checkLog(
  address: DatabaseAddress,
  keys: Pick<LedgerKeys, 'wrap' | 'organisationSeal' | 'lookup'>,
): Promise<{
  readonly seq: number
  readonly eventIds: ReadonlySet<string>
  readonly states: ReadonlyMap<SubjectId, SubjectState>
}> {
  const client = await connect(address)
  const source = createLogSource(address)
  try {
    const { rows } = await client.query<EventRow & { leaf: Buffer; previous_hash: Buffer; sealed: Buffer }>(
      `SELECT ${eventColumns}, leaf, previous_hash, sealed FROM events LEFT JOIN evidence USING (log, seq) ORDER BY seq`,
    )
    const wrapped = await client.query<{ id: string; wrapped_key: Buffer }>(
      'SELECT id, wrapped_key FROM subjects',
    )
    const subjectKeys = new Map(
      wrapped.rows.map((row) => [toSubjectId(row.id), unseal(keys.wrap, row.wrapped_key)]),
    )
    const folded = new Folded()
    const eventIds = new Set<string>()
    let previous: Uint8Array = Buffer.alloc(32)
    let recordedAtMs = 0
    for (const [index, row] of rows.entries()) {
      const event = toEvent(row)
      strictEqual(row.seq, index + 1, 'the sequence is dense')
      ok(row.recorded_at_ms >= recordedAtMs, 'time never falls')
      recordedAtMs = row.recorded_at_ms
      const key = event.subjectId === null ? keys.organisationSeal : subjectKeys.get(event.subjectId)
      ok(key !== undefined, 'a subject has a key')
      const { salt } = JSON.parse(Buffer.from(unseal(key, row.sealed)).toString()) as { salt: string }
      deepStrictEqual(
        row.leaf,
        Buffer.from(leafOf(event, row, Buffer.from(salt, 'base64'))),
        'the leaf is its event’s',
      )
      deepStrictEqual(row.previous_hash, Buffer.from(previous), 'the chain is whole')
      previous = chainHash(previous, row.leaf)
      deepStrictEqual(row.hash, Buffer.from(previous), 'the chain is whole')
      ok(!eventIds.has(event.id), 'an event is there once')
      eventIds.add(event.id)
      folded.apply(event)
    }
    const states = new Map<SubjectId, SubjectState>()
    const loaded = new ConsentIndex(keys.lookup)
    const head = await source.load(loaded)
    for (const [subjectId, { organisationId }] of folded.states) {
      const state = loaded.stateOf(loaded.findById(organisationId, subjectId))
      if (state !== undefined) states.set(subjectId, state)
    }
    strictEqual(states.size, loaded.size().subjects, 'no subject is there without events')
    strictEqual(head.seq, rows.length, 'the head is the last event')
    strictEqual(head.hash, Buffer.from(previous).toString('hex'), 'the head’s hash is the last event’s')
    strictEqual(states.size, folded.states.size, 'every subject with events has a state')
    for (const { state } of folded.states.values()) {
      deepStrictEqual(states.get(state.subjectId), state, 'the state is the fold')
    }
    return { seq: rows.length, eventIds, states }
  } finally {
    await source.close()
    await client.end()
  }
}

/** The fold of a log as plain objects, beside the index's own. */
class Folded {
  readonly states = new Map<SubjectId, { organisationId: OrganisationId; state: SubjectState }>()
  readonly #policies = new Map<OrganisationId, Policy>()

  apply(event: AssentEvent): void {
    const { organisationId } = event
    const policy = this.#policies.get(organisationId)
    if (event.subjectId === null) this.#policies.set(organisationId, foldPolicy(policy, event))
    else {
      ok(policy !== undefined, 'an organisation comes before its subjects')
      const { state } = foldEvent(this.states.get(event.subjectId)?.state, event, policy)
      this.states.set(event.subjectId, { organisationId, state })
    }
  }
}
