-- The log of evidence: what people said and what was done in administration, in one order of time. It is a projection of
-- `events` and `admin_acts` (docs/decisions/020): whatever of it is wrong or lost is made again from them.

-- Acts are written by many transactions at once, and commit in any order. Each waits here, from its own transaction on,
-- until it is in the log: one that commits late is found late, and none is passed over. No reference, since the trigger
-- alone writes it; and one would take the place of the trigger that refuses to empty `admin_acts`.
ALTER TABLE admin_acts ADD COLUMN position bigint GENERATED ALWAYS AS IDENTITY;
CREATE UNIQUE INDEX admin_acts_position ON admin_acts (position);
CREATE TABLE admin_acts_pending (position bigint PRIMARY KEY);
INSERT INTO admin_acts_pending SELECT position FROM admin_acts;
CREATE FUNCTION await_projection() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO admin_acts_pending (position) VALUES (NEW.position);
  RETURN NULL;
END $$;
CREATE TRIGGER admin_acts_await_projection AFTER INSERT ON admin_acts
  FOR EACH ROW EXECUTE FUNCTION await_projection();

-- How far the log is. One row a log; whoever moves it on holds its lock.
CREATE TABLE evidence_progress (
  log integer PRIMARY KEY CHECK (log >= 0),
  -- Every event up to here is in the log of evidence.
  seq bigint NOT NULL DEFAULT 0 CHECK (seq >= 0),
  -- Of the rules by which it was made: another one makes it again.
  version integer NOT NULL DEFAULT 0 CHECK (version >= 0)
);
INSERT INTO evidence_progress (log) VALUES (0);

-- What one can filter by: few combinations, of which each row of the log has one. Empty where there is none.
CREATE TABLE evidence_facets (
  -- Numbers are used up by rows that turn out to be there, too.
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  -- 1 an event, 2 an act of administration.
  source smallint NOT NULL CHECK (source IN (1, 2)),
  kind text NOT NULL CHECK (kind <> ''),
  purpose text NOT NULL,
  property text NOT NULL,
  actor text NOT NULL,
  -- Its rows, and the times of the first and the last.
  count bigint NOT NULL CHECK (count > 0),
  oldest_ms bigint NOT NULL,
  newest_ms bigint NOT NULL CHECK (newest_ms >= oldest_ms),
  UNIQUE (organisation_id, source, kind, purpose, property, actor)
);

-- The rows. References are right by construction (one statement reads what they are of, and writes them) and are not
-- checked row by row: that would cost as much as the rows.
CREATE TABLE evidence_log (
  organisation_id uuid NOT NULL,
  at_ms bigint NOT NULL,
  source smallint NOT NULL CHECK (source IN (1, 2)),
  -- `seq` of an event, `position` of an act.
  position bigint NOT NULL,
  facet_id bigint NOT NULL,
  PRIMARY KEY (organisation_id, at_ms, source, position)
);
CREATE INDEX evidence_log_facet ON evidence_log (organisation_id, facet_id, at_ms, source, position);

-- Rollups for the overview, made with the log. Empty where there is none.
CREATE TABLE consent_days (
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  -- In UTC, by when it was recorded.
  day date NOT NULL,
  property text NOT NULL,
  regime text NOT NULL,
  purpose text NOT NULL,
  act text NOT NULL,
  actor text NOT NULL,
  count bigint NOT NULL CHECK (count > 0),
  PRIMARY KEY (organisation_id, day, property, regime, purpose, act, actor)
);

-- How long people lived with a yes before they took it back, by the day of the withdrawal.
CREATE TABLE withdraw_delays (
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  day date NOT NULL,
  purpose text NOT NULL,
  property text NOT NULL,
  -- Which of the bounds it lies below: lib/domain/withdraw-delays.ts.
  bucket smallint NOT NULL CHECK (bucket >= 0),
  count bigint NOT NULL CHECK (count > 0),
  PRIMARY KEY (organisation_id, day, purpose, property, bucket)
);

-- Rooms: one question's answer, sealed, for whoever has the link.
CREATE TABLE rooms (
  id uuid PRIMARY KEY,
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  -- SHA-256 of the link's random token; whoever reads the table cannot open a room.
  token_sha256 bytea NOT NULL UNIQUE CHECK (octet_length(token_sha256) = 32),
  -- What is shown: no identifiers. Its SHA-256 is of its canonical JSON (RFC 8785).
  content jsonb NOT NULL CHECK (jsonb_typeof(content) = 'object'),
  content_sha256 bytea NOT NULL CHECK (octet_length(content_sha256) = 32),
  -- `member:` and her id, or an API key's id.
  created_by text NOT NULL CHECK (created_by <> ''),
  reason text NOT NULL CHECK (reason <> ''),
  -- In words, without the person's name.
  note text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL CHECK (expires_at > created_at AND expires_at <= created_at + interval '90 days'),
  revoked_at timestamptz
);
CREATE INDEX rooms_organisation ON rooms (organisation_id, created_at);

-- What was sealed stays as it is; a room is only ever closed, once.
CREATE FUNCTION refuse_change_of_sealed_rooms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'UPDATE' OR OLD.revoked_at IS NOT NULL
    OR to_jsonb(NEW) - 'revoked_at' IS DISTINCT FROM to_jsonb(OLD) - 'revoked_at' THEN
    RAISE EXCEPTION 'what a room shows is sealed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER rooms_sealed BEFORE UPDATE OR DELETE ON rooms FOR EACH ROW EXECUTE FUNCTION refuse_change_of_sealed_rooms();

CREATE TABLE room_views (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  room_id uuid NOT NULL REFERENCES rooms (id),
  at timestamptz NOT NULL,
  -- /24 of IPv4, /48 of IPv6; empty where it is not known.
  address_prefix text NOT NULL CHECK (length(address_prefix) <= 64)
);
CREATE INDEX room_views_room ON room_views (room_id, id);
CREATE FUNCTION refuse_change_of_room_views() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'views are appended, never changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER room_views_append_only BEFORE UPDATE OR DELETE ON room_views
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_room_views();
CREATE TRIGGER room_views_not_truncated BEFORE TRUNCATE ON room_views
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_room_views();
