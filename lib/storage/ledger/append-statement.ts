import type { Batch } from '../../ledger/ledger-store.ts'
import { byteaArray, int4Array, int8Array, textArray, uuidArray } from './binary-arrays.ts'
import type { PackedStates } from './shape-store.ts'

const log = 0

/**
 * A whole batch in one statement, which is one transaction and one round trip: it moves the head, and where that is
 * not where the batch expects it, the lease is another's, or an answer is kept for one of the calls, it writes nothing.
 * Moving the head first takes its lock, so batches commit in order; whoever kept an answer since the statement began has
 * moved the head. Each table gets its rows as arrays in binary.
 */
export const appendText = `
WITH repeated AS MATERIALIZED (
  SELECT digest, fingerprint, outcome FROM idempotency_keys
  WHERE digest = ANY($33::uuid[]) AND created_at > now() - interval '24 hours'
), head AS (
  UPDATE log_heads SET seq = $5, state_seq = $5, hash = $6, recorded_at_ms = $7, touched_at = now()
  WHERE log = ${log} AND lease = $1 AND epoch = $2 AND seq = $3 AND hash = $4 AND NOT EXISTS (SELECT FROM repeated)
  RETURNING epoch, floor(extract(epoch FROM now()) / 86400)::integer AS day,
    pg_notify('assent_log', seq::text)::text AS told
), batch AS (
  INSERT INTO batches (id, log, first_seq, last_seq) SELECT $8::uuid, ${log}, $3::bigint + 1, $5 FROM head
), new_subjects AS (
  INSERT INTO subjects (organisation_id, id, wrapped_key)
  SELECT s.* FROM head, unnest($9::uuid[], $10::uuid[], $11::bytea[]) AS s
), new_identifiers AS (
  INSERT INTO identifiers (organisation_id, subject_id, namespace, digest, sealed)
  SELECT i.* FROM head, unnest($9::uuid[], $10::uuid[], $12::text[], $13::bytea[], $14::bytea[]) AS i
), new_events AS (
  INSERT INTO events (log, epoch, seq, id, organisation_id, subject_id, act, body, recorded_at_ms, occurred_at_ms,
    leaf, previous_hash, hash)
  SELECT ${log}, head.epoch, e.seq, e.id, e.organisation_id, e.subject_id, e.act, e.body::jsonb, e.recorded_at_ms,
    e.occurred_at_ms, e.leaf, e.previous_hash, e.hash
  FROM head, unnest($15::bigint[], $16::uuid[], $17::uuid[], $18::uuid[], $19::text[], $20::text[], $21::bigint[],
    $22::bigint[], $23::bytea[], $24::bytea[], $25::bytea[]) AS e(seq, id, organisation_id, subject_id, act, body,
    recorded_at_ms, occurred_at_ms, leaf, previous_hash, hash)
), new_evidence AS (
  INSERT INTO evidence (log, seq, sealed)
  SELECT ${log}, e.* FROM head, unnest($15::bigint[], $26::bytea[]) AS e
), new_shapes AS (
  INSERT INTO state_shapes (id, shape) SELECT s.* FROM head, unnest($27::integer[], $28::text[]) AS s
), states AS (
  INSERT INTO subject_states (subject_id, organisation_id, seq, packed)
  SELECT s.subject_id, s.organisation_id, s.seq, s.packed
  FROM head, unnest($29::uuid[], $30::uuid[], $31::bigint[], $32::bytea[]) AS s(subject_id, organisation_id, seq, packed)
  ON CONFLICT (subject_id) DO UPDATE SET seq = excluded.seq, packed = excluded.packed
), answers AS (
  INSERT INTO idempotency_keys (digest, day, slot, fingerprint, outcome)
  SELECT a.digest, head.day, head.day % 3, a.fingerprint, a.outcome
  FROM head, unnest($33::uuid[], $34::bytea[], $35::text[]) AS a(digest, fingerprint, outcome)
)
SELECT (SELECT count(*) FROM head) AS written, r.digest, r.fingerprint, r.outcome
FROM (SELECT) AS always LEFT JOIN repeated r ON true`

/** One row, or one a kept answer. */
export type AppendRow = {
  readonly written: number
  readonly digest: string | null
  readonly fingerprint: Buffer
  readonly outcome: string
}

/** The statement's parameters. */
export function appendValues(batch: Batch, { shapes, states }: PackedStates, lease: number): unknown[] {
  const { after, subjects, events, answers } = batch
  const last = events.at(-1)!
  return [
    lease,
    after.epoch,
    after.seq,
    Buffer.from(after.hash, 'hex'),
    last.event.seq,
    last.hash,
    last.event.recordedAtMs,
    batch.id,
    uuidArray(subjects, ({ organisationId }) => organisationId),
    uuidArray(subjects, ({ subjectId }) => subjectId),
    byteaArray(subjects, ({ wrappedKey }) => wrappedKey),
    textArray(subjects, ({ namespace }) => namespace),
    byteaArray(subjects, ({ digest }) => digest),
    byteaArray(subjects, ({ sealedIdentifier }) => sealedIdentifier),
    int8Array(events, ({ event }) => event.seq),
    uuidArray(events, ({ event }) => event.id),
    uuidArray(events, ({ event }) => event.organisationId),
    uuidArray(events, ({ event }) => event.subjectId),
    textArray(events, ({ event }) => event.body.act),
    textArray(events, ({ bodyJson }) => bodyJson),
    int8Array(events, ({ event }) => event.recordedAtMs),
    int8Array(events, ({ event }) => event.occurredAtMs),
    byteaArray(events, ({ leaf }) => leaf),
    byteaArray(events, ({ previousHash }) => previousHash),
    byteaArray(events, ({ hash }) => hash),
    byteaArray(events, ({ sealed }) => sealed),
    int4Array(shapes, ({ id }) => id),
    textArray(shapes, ({ shape }) => shape),
    uuidArray(states, ({ subjectId }) => subjectId),
    uuidArray(states, ({ organisationId }) => organisationId),
    int8Array(states, ({ seq }) => seq),
    byteaArray(states, ({ packed }) => packed),
    uuidArray(answers, ({ digest }) => digest),
    byteaArray(answers, ({ fingerprint }) => fingerprint),
    textArray(answers, ({ outcome }) => outcome),
  ]
}
