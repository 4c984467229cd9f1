-- What was asked: decisions counted by key, purpose, reason and minute. Kept for good; nothing of a subject is in it.
CREATE TABLE usage_counts (
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  minute timestamptz NOT NULL CHECK (date_trunc('minute', minute) = minute),
  -- Id of the API key that asked; keys that are revoked keep their counts.
  key_id text NOT NULL,
  purpose text NOT NULL,
  reason text NOT NULL,
  count bigint NOT NULL CHECK (count > 0),
  PRIMARY KEY (organisation_id, minute, key_id, purpose, reason)
);

-- Each flush of counts, so that one told twice is added once. Forgotten after a day.
CREATE TABLE usage_flushes (
  id uuid PRIMARY KEY,
  flushed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX usage_flushes_at ON usage_flushes (flushed_at);

-- Single answers: a sample of all, and every one that names a run. No identifiers. Kept for a retention period.
CREATE TABLE decision_samples (
  id uuid PRIMARY KEY,
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  decided_at timestamptz NOT NULL,
  key_id text NOT NULL,
  route text NOT NULL,
  purpose text NOT NULL,
  -- Null where nobody is known; no reference, since what a sample says outlives an erasure without her.
  subject_id uuid,
  allowed boolean NOT NULL,
  reason text NOT NULL,
  run text,
  epoch integer NOT NULL,
  seq bigint NOT NULL
);
CREATE INDEX decision_samples_organisation ON decision_samples (organisation_id, decided_at);
CREATE INDEX decision_samples_run ON decision_samples (organisation_id, run) WHERE run IS NOT NULL;
CREATE INDEX decision_samples_decided_at ON decision_samples (decided_at);
