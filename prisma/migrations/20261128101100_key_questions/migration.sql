-- Counts by day (UTC), added to in the statement that adds to the minutes: what a month's table is made of.
CREATE TABLE usage_days (
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  key_id text NOT NULL,
  day timestamptz NOT NULL CHECK (date_trunc('day', day, 'UTC') = day),
  purpose text NOT NULL,
  reason text NOT NULL,
  count bigint NOT NULL CHECK (count > 0),
  PRIMARY KEY (organisation_id, key_id, day, purpose, reason)
);
INSERT INTO usage_days (organisation_id, key_id, day, purpose, reason, count)
  SELECT organisation_id, key_id, date_trunc('day', minute, 'UTC'), purpose, reason, sum(count)
  FROM usage_counts GROUP BY 1, 2, 3, 4, 5;

-- One key's minutes.
CREATE INDEX usage_counts_key ON usage_counts (organisation_id, key_id, minute);

-- When a key was last presented, to the minute, whatever for. No reference to the key: storing counts must not fail.
CREATE TABLE key_uses (
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  key_id text NOT NULL,
  last_used_at timestamptz NOT NULL,
  PRIMARY KEY (organisation_id, key_id)
);
INSERT INTO key_uses (organisation_id, key_id, last_used_at)
  SELECT organisation_id, key_id, max(minute) FROM usage_counts GROUP BY 1, 2;

-- The first time that a key asked about a purpose, until someone has seen it.
CREATE TABLE first_uses (
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  key_id text NOT NULL,
  purpose text NOT NULL,
  first_at timestamptz NOT NULL,
  seen_at timestamptz,
  -- `member:` and her id, or an API key's id: who has seen it, or the key that asked before this one took its place.
  -- `upgrade` for what was asked before first uses were noted.
  seen_by text CHECK (seen_by <> ''),
  PRIMARY KEY (organisation_id, key_id, purpose),
  CHECK ((seen_at IS NULL) = (seen_by IS NULL))
);
CREATE INDEX first_uses_unseen ON first_uses (organisation_id, first_at) WHERE seen_at IS NULL;
INSERT INTO first_uses (organisation_id, key_id, purpose, first_at, seen_at, seen_by)
  SELECT organisation_id, key_id, purpose, min(minute), now(), 'upgrade' FROM usage_counts GROUP BY 1, 2, 3;
