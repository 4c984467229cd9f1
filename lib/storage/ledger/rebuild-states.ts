import { foldEvent } from '../../domain/fold-event.ts'
import { foldPolicy } from '../../domain/fold-policy.ts'
import type { OrganisationId, SubjectId } from '../../domain/ids.ts'
import { folded } from '../../domain/pack-state.ts'
import type { Policy } from '../../domain/policy.ts'
import type { SubjectState } from '../../domain/state.ts'
import type { DatabaseAddress } from '../database-address.ts'
import { toUuid } from '../row-ids.ts'
import { byteaArray } from './binary-arrays.ts'
import { connect } from './connect.ts'
import { type EventRow, eventColumns, toEvent } from './event-rows.ts'
import { ShapeStore } from './shape-store.ts'

const log = 0
const readAtOnce = 5_000

/**
 * Folds all events into states again where the stored ones are not those of the log's end, as after a migration that
 * changed their form. In one transaction that holds the head: nobody writes meanwhile, and a failure leaves all as it
 * was. Holds every state in memory. Answers how many events it folded; 0 where there was nothing to do.
 */
export async function rebuildStates(
  serve: DatabaseAddress,
  onProgress: (done: number, all: number) => void,
): Promise<number> {
  const client = await connect(serve)
  try {
    await client.query('BEGIN')
    const { rows } = await client.query<{ seq: number; state_seq: number }>(
      'SELECT seq, state_seq FROM log_heads WHERE log = $1 FOR UPDATE',
      [log],
    )
    const head = rows[0]
    if (head === undefined || head.seq === head.state_seq) return 0
    const policies = new Map<OrganisationId, Policy>()
    const states = new Map<SubjectId, { organisationId: OrganisationId; state: SubjectState }>()
    for (let seq = 0; seq < head.seq; seq += readAtOnce) {
      const events = await client.query<EventRow>(
        `SELECT ${eventColumns} FROM events WHERE log = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
        [log, seq, readAtOnce],
      )
      for (const event of events.rows.map(toEvent)) {
        const { organisationId } = event
        const policy = policies.get(organisationId)
        if (event.subjectId === null) policies.set(organisationId, foldPolicy(policy, event))
        else if (policy !== undefined) {
          const { state } = foldEvent(states.get(event.subjectId)?.state, event, policy)
          states.set(event.subjectId, { organisationId, state })
        }
      }
      onProgress(Math.min(seq + readAtOnce, head.seq), head.seq)
    }
    await client.query('DELETE FROM subject_states')
    const store = await ShapeStore.read(client)
    const all = Array.from(states.values(), ({ organisationId, state }) => folded(organisationId, state))
    for (let at = 0; at < all.length; at += readAtOnce) {
      const packed = store.pack(all.slice(at, at + readAtOnce))
      await client.query(
        'INSERT INTO state_shapes (id, shape) SELECT * FROM unnest($1::integer[], $2::text[])',
        [packed.shapes.map(({ id }) => id), packed.shapes.map(({ shape }) => shape)],
      )
      await client.query(
        `INSERT INTO subject_states (subject_id, organisation_id, seq, packed)
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bytea[])`,
        [
          packed.states.map(({ subjectId }) => toUuid(subjectId)),
          packed.states.map(({ organisationId }) => toUuid(organisationId)),
          packed.states.map(({ seq }) => seq),
          byteaArray(packed.states, (state) => state.packed),
        ],
      )
      store.learn(packed.shapes)
    }
    await client.query('UPDATE log_heads SET state_seq = seq WHERE log = $1', [log])
    await client.query('COMMIT')
    return head.seq
  } finally {
    await client.end()
  }
}
