-- References of the tables that every write touches, checked once a statement over all its rows rather than row by row
-- (docs/decisions/010): an anti-join through the primary key of what is referred to. What is referred to is never
-- deleted, emptied or renamed, so a reference that held when it was written holds for good, and no row needs a lock.

ALTER TABLE events DROP CONSTRAINT events_log_fkey, DROP CONSTRAINT events_organisation_id_fkey,
  DROP CONSTRAINT events_organisation_id_subject_id_fkey;
ALTER TABLE evidence DROP CONSTRAINT evidence_log_seq_fkey;
ALTER TABLE identifiers DROP CONSTRAINT identifiers_organisation_id_subject_id_fkey;
ALTER TABLE subject_states DROP CONSTRAINT subject_states_organisation_id_subject_id_fkey;
ALTER TABLE subjects DROP CONSTRAINT subjects_organisation_id_fkey;
-- It was there for the references only: `id` is unique by itself.
ALTER TABLE subjects DROP CONSTRAINT subjects_organisation_id_id_key;

-- Plans are made once and kept, while the tables grow: they must go through the keys whatever the tables hold then.
CREATE FUNCTION check_organisations() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
  IF EXISTS (SELECT FROM (SELECT DISTINCT organisation_id FROM added) a
      WHERE NOT EXISTS (SELECT FROM organisations o WHERE o.id = a.organisation_id)) THEN
    RAISE EXCEPTION 'a row of % names an organisation that is not there', TG_TABLE_NAME
      USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION check_subjects() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
  IF EXISTS (SELECT FROM added a WHERE a.subject_id IS NOT NULL AND NOT EXISTS (
      SELECT FROM subjects s WHERE s.id = a.subject_id AND s.organisation_id = a.organisation_id)) THEN
    RAISE EXCEPTION 'a row of % names a subject that its organisation has not', TG_TABLE_NAME
      USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION check_logs() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
  IF EXISTS (SELECT FROM (SELECT DISTINCT log FROM added) a
      WHERE NOT EXISTS (SELECT FROM log_heads h WHERE h.log = a.log)) THEN
    RAISE EXCEPTION 'a row of % names a log that is not there', TG_TABLE_NAME
      USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION check_events() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
  IF EXISTS (SELECT FROM added a
      WHERE NOT EXISTS (SELECT FROM events e WHERE e.log = a.log AND e.seq = a.seq)) THEN
    RAISE EXCEPTION 'a row of % names an event that is not there', TG_TABLE_NAME
      USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER subjects_organisations AFTER INSERT ON subjects
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION check_organisations();
CREATE TRIGGER identifiers_subjects AFTER INSERT ON identifiers
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION check_subjects();
CREATE TRIGGER subject_states_subjects AFTER INSERT ON subject_states
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION check_subjects();
CREATE TRIGGER events_subjects AFTER INSERT ON events
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION check_subjects();
CREATE TRIGGER events_organisations AFTER INSERT ON events
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION check_organisations();
CREATE TRIGGER events_logs AFTER INSERT ON events
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION check_logs();
CREATE TRIGGER evidence_events AFTER INSERT ON evidence
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION check_events();

-- The other side of each reference: what is referred to stays, under the name it has.
CREATE FUNCTION refuse_loss() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'others may refer to rows of %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER subjects_stay BEFORE DELETE OR UPDATE OF id, organisation_id ON subjects
  FOR EACH ROW EXECUTE FUNCTION refuse_loss();
CREATE TRIGGER subjects_not_truncated BEFORE TRUNCATE ON subjects
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_loss();
CREATE TRIGGER organisations_stay BEFORE DELETE OR UPDATE OF id ON organisations
  FOR EACH ROW EXECUTE FUNCTION refuse_loss();
CREATE TRIGGER organisations_not_truncated BEFORE TRUNCATE ON organisations
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_loss();
CREATE TRIGGER log_heads_stay BEFORE DELETE OR UPDATE OF log ON log_heads
  FOR EACH ROW EXECUTE FUNCTION refuse_loss();
CREATE TRIGGER log_heads_not_truncated BEFORE TRUNCATE ON log_heads
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_loss();
-- And what refers keeps referring to the same.
CREATE TRIGGER identifiers_keep_subject BEFORE UPDATE OF subject_id, organisation_id ON identifiers
  FOR EACH ROW EXECUTE FUNCTION refuse_loss();
CREATE TRIGGER subject_states_keep_subject BEFORE UPDATE OF subject_id, organisation_id ON subject_states
  FOR EACH ROW EXECUTE FUNCTION refuse_loss();
CREATE TRIGGER evidence_keeps_event BEFORE UPDATE OF log, seq ON evidence
  FOR EACH ROW EXECUTE FUNCTION refuse_loss();

-- Kept answers: by a keyed digest of who calls and her key, so that the table holds no name a caller has made up, in
-- three tables by day of which one is always empty: the day before yesterday's is emptied before it is tomorrow's.
DROP TABLE idempotency_keys;
CREATE TABLE idempotency_keys (
  -- SipHash-2-4-128 of (organisation, principal, key) under a key of its own.
  digest uuid NOT NULL,
  -- Days since 1970 in UTC, by the database's clock.
  day integer NOT NULL CHECK (day > 0),
  slot smallint NOT NULL CHECK (slot = day % 3),
  -- Keyed fingerprint of the request.
  fingerprint bytea NOT NULL CHECK (octet_length(fingerprint) = 32),
  -- JSON of what is needed to answer again: positions and event ids; no identifiers.
  outcome text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (digest, day, slot)
) PARTITION BY LIST (slot);
CREATE TABLE idempotency_keys_0 PARTITION OF idempotency_keys FOR VALUES IN (0);
CREATE TABLE idempotency_keys_1 PARTITION OF idempotency_keys FOR VALUES IN (1);
CREATE TABLE idempotency_keys_2 PARTITION OF idempotency_keys FOR VALUES IN (2);
