import type { Row, SubjectState } from '../../domain/state.ts'
import type { Batch } from '../../ledger/ledger-store.ts'
import { toUuid } from '../row-ids.ts'
import { rowColumns, stateColumns } from './state-rows.ts'

export type Statement = { readonly name: string; readonly text: string; readonly values: readonly unknown[] }

/** One statement a table: arrays in, rows out of `unnest`, so that a batch costs a handful of round trips. */
export function appendStatements(batch: Batch): readonly Statement[] {
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

  if (batch.states.length > 0) {
    const states = batch.states.map(({ organisationId, state }) => stateValues(toUuid(organisationId), state))
    add(
      'states',
      `INSERT INTO subject_states (${stateColumns})
       SELECT * FROM jsonb_to_recordset($1::jsonb) AS s(subject_id uuid, organisation_id uuid, seq bigint,
         regimes text[], is_restricted boolean, erased_before_ms bigint, gpc_seq bigint, gpc_at_ms bigint,
         age_at_least integer, age_below integer, links jsonb)
       ON CONFLICT (subject_id) DO UPDATE SET ${updates(stateColumns, ['subject_id', 'organisation_id'])}`,
      [JSON.stringify(states)] as unknown as readonly (readonly unknown[])[],
    )
    const rows = batch.states.flatMap(({ organisationId, state }) =>
      state.rows.map((row) => rowValues(toUuid(organisationId), toUuid(state.subjectId), row)),
    )
    if (rows.length > 0) {
      add(
        'rows',
        `INSERT INTO consent_rows (organisation_id, ${rowColumns})
         SELECT * FROM jsonb_to_recordset($1::jsonb) AS r(organisation_id uuid, subject_id uuid, purpose text,
           property text, refusals jsonb, latest_refusal jsonb, grant_lifted_refusal boolean, grant_seq bigint,
           notice_key text, notice_version integer, locale text, purpose_version integer, effective_from_ms bigint,
           run_start_ms bigint, expires_at_ms bigint, is_proven boolean, is_invalidated boolean, is_explicit boolean,
           names_gpc_conflict boolean, actor text, capacity text, run jsonb,
           lifted_at_ms bigint)
         ON CONFLICT (subject_id, purpose, property) DO UPDATE SET
           ${updates(rowColumns, ['subject_id', 'purpose', 'property'])}`,
        [JSON.stringify(rows)] as unknown as readonly (readonly unknown[])[],
      )
    }
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
      UPDATE log_heads SET seq = $3, hash = $4, recorded_at_ms = $5, touched_at = now() WHERE log = ${log}`,
    values: [batch.id, events[0]!.event.seq, last.event.seq, last.hash, last.event.recordedAtMs],
  })
  return statements
}

/** Every column but its key, taken from the row that could not be inserted. */
function updates(columns: string, keys: readonly string[]): string {
  return columns
    .split(', ')
    .filter((column) => !keys.includes(column))
    .map((column) => `${column} = excluded.${column}`)
    .join(', ')
}

function stateValues(organisation: string, state: SubjectState) {
  return {
    subject_id: toUuid(state.subjectId),
    organisation_id: organisation,
    seq: state.seq,
    regimes: state.regimes,
    is_restricted: state.isRestricted,
    erased_before_ms: state.erasedBeforeMs,
    gpc_seq: state.gpc?.seq ?? null,
    gpc_at_ms: state.gpc?.atMs ?? null,
    age_at_least: state.age?.atLeast ?? null,
    age_below: state.age?.below ?? null,
    links: state.links,
  }
}

function rowValues(organisation: string, subject: string, { grant, ...row }: Row) {
  return {
    organisation_id: organisation,
    subject_id: subject,
    purpose: row.purpose,
    property: row.property ?? '',
    refusals: row.refusals,
    latest_refusal: row.latestRefusal,
    grant_lifted_refusal: row.grantLiftedRefusal,
    grant_seq: grant?.seq ?? null,
    notice_key: grant?.noticeKey ?? null,
    notice_version: grant?.noticeVersion ?? null,
    locale: grant?.locale ?? null,
    purpose_version: grant?.purposeVersion ?? null,
    effective_from_ms: grant?.effectiveFromMs ?? null,
    run_start_ms: grant?.runStartMs ?? null,
    expires_at_ms: grant?.expiresAtMs ?? null,
    is_proven: grant?.isProven ?? null,
    is_invalidated: grant?.isInvalidated ?? null,
    is_explicit: grant?.isExplicit ?? null,
    names_gpc_conflict: grant?.namesGpcConflict ?? null,
    actor: grant?.actor ?? null,
    capacity: grant?.capacity ?? null,
    run: grant?.run ?? null,
    lifted_at_ms: row.liftedAtMs,
  }
}
