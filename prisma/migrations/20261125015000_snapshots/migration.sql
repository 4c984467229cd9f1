-- What was signed of each snapshot that was sent whole; see docs/snapshots.md. Rows are never changed.
CREATE TABLE snapshots (
  id text PRIMARY KEY CHECK (id ~ '^snp_[0-9a-zA-Z_-]{16,40}$'),
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  purpose text NOT NULL,
  -- Compact JWS over counts, digest and revisions; it names nobody.
  signature text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX snapshots_organisation ON snapshots (organisation_id, created_at);
