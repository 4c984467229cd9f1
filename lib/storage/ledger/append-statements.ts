import type { Batch } from '../../ledger/ledger-store.ts'
import { toUuid } from '../row-ids.ts'
import type { PackedStates } from './shape-store.ts'

export type Statement = { readonly name: string; readonly text: string; readonly values: readonly unknown[] }

/** One statement a table: arrays in, rows out of `unnest`, so that a batch costs a handful of round trips. */
export function appendStatements(batch: Batch, { shapes, states }: PackedStates): readonly Statement[] {
  const statements: Statement[] = []
  const { log, epoch } = batch.after
  const add = (name: string, text: string, columns: readonly (readonly unknown[])[]) =>
    statements.push({ name, text, values: columns })

  if (batch.subjects.length > 0) {
    const organisations = batch.subjects.map(({ organisationId }) => toUuid(organisationId))
    const subjects = batch.subjects.map(({ subjectId }) => toUuid(subjectId))
    add(
      'subjects',
      `INSERT INTO subjects (organisation_id, id, wrapped_key)
       SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bytea[])`,
      [organisations, subjects, batch.subjects.map(({ wrappedKey }) => wrappedKey)],
    )
    add(
      'identifiers',
      `INSERT INTO identifiers (organisation_id, subject_id, namespace, digest, sealed)
       SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bytea[], $5::bytea[])`,
      [
        organisations,
        subjects,
        batch.subjects.map(({ namespace }) => namespace),
        batch.subjects.map(({ digest }) => digest),
        batch.subjects.map(({ sealedIdentifier }) => sealedIdentifier),
      ],
    )
  }

  const { events } = batch
  add(
    'events',
    `INSERT INTO events (log, epoch, seq, id, organisation_id, subject_id, act, body, recorded_at_ms, occurred_at_ms,
       leaf, previous_hash, hash)
     SELECT ${log}, ${epoch}, e.* FROM unnest($1::bigint[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::jsonb[],
       $7::bigint[], $8::bigint[], $9::bytea[], $10::bytea[], $11::bytea[]) AS e`,
    [
      events.map(({ event }) => event.seq),
      events.map(({ event }) => toUuid(event.id)),
      events.map(({ event }) => toUuid(event.organisationId)),
      events.map(({ event }) => (event.subjectId === null ? null : toUuid(event.subjectId))),
      events.map(({ event }) => event.body.act),
      events.map(({ event }) => JSON.stringify(event.body)),
      events.map(({ event }) => event.recordedAtMs),
      events.map(({ event }) => event.occurredAtMs),
      events.map(({ leaf }) => leaf),
      events.map(({ previousHash }) => previousHash),
      events.map(({ hash }) => hash),
    ],
  )
  add(
    'evidence',
    `INSERT INTO evidence (log, seq, sealed) SELECT ${log}, e.* FROM unnest($1::bigint[], $2::bytea[]) AS e`,
    [events.map(({ event }) => event.seq), events.map(({ sealed }) => sealed)],
  )

  if (shapes.length > 0) {
    add('shapes', 'INSERT INTO state_shapes (id, shape) SELECT * FROM unnest($1::integer[], $2::text[])', [
      shapes.map(({ id }) => id),
      shapes.map(({ shape }) => shape),
    ])
  }
  if (states.length > 0) {
    add(
      'states',
      `INSERT INTO subject_states (subject_id, organisation_id, seq, packed)
       SELECT s.subject_id, s.organisation_id, s.seq, s.packed::bigint[]
       FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[]) AS s(subject_id, organisation_id, seq, packed)
       ON CONFLICT (subject_id) DO UPDATE SET seq = excluded.seq, packed = excluded.packed`,
      [
        states.map(({ subjectId }) => toUuid(subjectId)),
        states.map(({ organisationId }) => toUuid(organisationId)),
        states.map(({ seq }) => seq),
        states.map(({ packed }) => `{${packed.join(',')}}`),
      ],
    )
  }

  if (batch.answers.length > 0) {
    add(
      'answers',
      `INSERT INTO idempotency_keys (organisation_id, principal, key, fingerprint, outcome)
       SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::jsonb[])`,
      [
        batch.answers.map(({ organisationId }) => toUuid(organisationId)),
        batch.answers.map(({ principal }) => principal),
        batch.answers.map(({ key }) => key),
        batch.answers.map(({ fingerprint }) => fingerprint),
        batch.answers.map(({ outcome }) => JSON.stringify(outcome)),
      ],
    )
  }

  const last = events.at(-1)!
  statements.push({
    name: 'head',
    text: `WITH batch AS (INSERT INTO batches (id, log, first_seq, last_seq) VALUES ($1, ${log}, $2, $3))
      UPDATE log_heads SET seq = $3, state_seq = $3, hash = $4, recorded_at_ms = $5, touched_at = now() WHERE log = ${log}
      RETURNING pg_notify('assent_log', seq::text)`,
    values: [batch.id, events[0]!.event.seq, last.event.seq, last.hash, last.event.recordedAtMs],
  })
  return statements
}
