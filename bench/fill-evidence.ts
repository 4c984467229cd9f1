import pg from 'pg'
import type { DatabaseAddress } from '../lib/storage/database-address.ts'

const purposes = [
  ...[
    'ai_training',
    'ai_training.fine_tuning',
    'ai_training.evaluation',
    'analytics',
    'personalization',
    'ads',
  ],
  ...['email', 'research', 'fraud', 'support', 'recommendations', 'service'],
]
const properties = ['web', 'app', 'shop', 'forum']
/** As many API keys write consents down. */
const keys = 40
const subjects = 1_000_000
const rowsAtOnce = 250_000
/** From one event to the next: five million are a little over two years. */
const gapMs = 15_000

/**
 * Writes so many consent events, and an act of administration for each hundred, beyond what the log has: purposes,
 * properties, keys and what is said drawn at random, a few rare ones only at the very beginning. For measuring: hashes
 * and subjects are made up, and nothing is checked.
 */
export async function fillEvidence(
  owner: DatabaseAddress,
  organisation: string,
  events: number,
): Promise<void> {
  const client = new pg.Client(owner)
  await client.connect()
  const list = (values: readonly string[]) => `(ARRAY[${values.map((each) => `'${each}'`).join(',')}])`
  const oneOf = (values: readonly string[], of: string) =>
    `${list(values)}[1 + floor(${of} * ${values.length})::int]`
  try {
    await client.query(
      'SET session_replication_role = replica; SET synchronous_commit = off; SELECT setseed(0.5)',
    )
    // Neither is asked for here, and random ids would make filling twice as long.
    await client.query('ALTER TABLE events DROP CONSTRAINT events_id_key; DROP INDEX events_organisation')
    const head = await client.query<{ seq: string }>('SELECT seq FROM log_heads WHERE log = 0')
    const first = Number(head.rows[0]!.seq)
    const startMs = Date.now() - events * gapMs
    for (let done = 0; done < events; done += rowsAtOnce) {
      const last = Math.min(done + rowsAtOnce, events)
      await client.query(`
        INSERT INTO events (log, seq, epoch, id, organisation_id, subject_id, act, body, recorded_at_ms, occurred_at_ms,
          leaf, previous_hash, hash)
        SELECT 0, ${first} + n, 0, gen_random_uuid(), '${organisation}', lpad(to_hex(floor(s * ${subjects})::int), 32, '0')::uuid,
          act, jsonb_build_object('act', act, 'purpose', ${oneOf(purposes, 'p')}, 'property',
            CASE WHEN n <= 3 THEN 'rare' ELSE ${oneOf(properties, 'q')} END, 'regime', 'gdpr', 'actor', 'subject', 'via',
            CASE WHEN k < 0.3 THEN NULL ELSE 'key_' || lpad(floor(k * ${keys})::text, 8, '0') END),
          ${startMs} + n * ${gapMs}, ${startMs} + n * ${gapMs}, h, h, h
        FROM (
          SELECT n, random() AS s, random() AS p, random() AS q, random() AS k, decode(repeat(md5(n::text), 2), 'hex') AS h,
            CASE WHEN n <= 2 THEN 'objection_overridden'
              ELSE ${oneOf(['granted', 'granted', 'granted', 'granted', 'denied', 'denied', 'withdrawn', 'objected'], 'random()')}
            END AS act
          FROM generate_series(${done + 1}::bigint, ${last}) AS n OFFSET 0
        ) AS drawn`)
    }
    await client.query(
      `UPDATE log_heads SET seq = ${first + events}, state_seq = ${first + events} WHERE log = 0`,
    )
    await client.query(`
      INSERT INTO admin_acts (id, organisation_id, at, actor, act, detail)
      SELECT gen_random_uuid(), '${organisation}', to_timestamp((${startMs} + n * 100 * ${gapMs}) / 1000.0),
        'member:' || floor(random() * 8)::text, ${oneOf(['person_viewed', 'evidence_exported', 'room_opened', 'role_changed'], 'random()')}, '{}'
      FROM generate_series(1::bigint, ${Math.floor(events / 100)}) AS n`)
    // Its trigger was off.
    await client.query(
      'INSERT INTO admin_acts_pending SELECT position FROM admin_acts ON CONFLICT DO NOTHING',
    )
    await client.query('VACUUM ANALYZE events')
  } finally {
    await client.end()
  }
}
