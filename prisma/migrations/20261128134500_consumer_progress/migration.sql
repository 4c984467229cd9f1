-- When a consumer came to where it is: what it reports again changes nothing of that.
ALTER TABLE consumers ADD COLUMN advanced_at timestamptz NOT NULL DEFAULT now();
UPDATE consumers SET advanced_at = reported_at;

-- Where each consumer was before, so that a person is told when her withdrawal was applied. Kept for 15 days, and of many
-- steps at once not every one.
CREATE TABLE consumer_progress (
  organisation_id uuid NOT NULL,
  name text NOT NULL,
  epoch integer NOT NULL CHECK (epoch >= 0),
  log integer NOT NULL CHECK (log >= 0),
  seq bigint NOT NULL CHECK (seq >= 0),
  at timestamptz NOT NULL,
  PRIMARY KEY (organisation_id, name, epoch, log, seq),
  FOREIGN KEY (organisation_id, name) REFERENCES consumers (organisation_id, name) ON DELETE CASCADE
);
