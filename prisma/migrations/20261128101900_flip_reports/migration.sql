-- Which answers a release would turn: the questions that were kept, decided again. What approvers saw stays as it was.
CREATE TABLE flip_reports (
  id uuid PRIMARY KEY,
  organisation_id uuid NOT NULL,
  release_id uuid NOT NULL,
  -- Of the canonical JSON of the items, and of what was in force that they build on.
  sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  base_sha256 text NOT NULL CHECK (base_sha256 ~ '^[0-9a-f]{64}$'),
  state text NOT NULL CHECK (state IN ('running', 'done', 'failed')),
  -- Days looked at, of so many.
  done integer NOT NULL CHECK (done BETWEEN 0 AND total),
  total integer NOT NULL,
  error text,
  -- Subjects are in it by their random ids alone.
  report jsonb CHECK (report IS NULL OR jsonb_typeof(report) = 'object'),
  -- Where the log stood when it began.
  seq bigint NOT NULL,
  -- `member:` and her id, an API key's id, or `assent`.
  started_by text NOT NULL,
  started_at timestamptz NOT NULL,
  finished_at timestamptz,
  FOREIGN KEY (organisation_id, release_id) REFERENCES releases (organisation_id, id),
  CHECK ((state = 'running') = (finished_at IS NULL)),
  CHECK ((state = 'done') = (report IS NOT NULL)),
  CHECK ((state = 'failed') = (error IS NOT NULL))
);
CREATE UNIQUE INDEX flip_reports_running ON flip_reports (release_id) WHERE state = 'running';
CREATE INDEX flip_reports_release ON flip_reports (organisation_id, release_id, started_at);

CREATE FUNCTION refuse_change_of_report() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'UPDATE' OR OLD.state <> 'running' THEN
    RAISE EXCEPTION 'a report that is made never changes' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER flip_reports_immutable BEFORE UPDATE OR DELETE ON flip_reports
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_report();
CREATE TRIGGER flip_reports_not_truncated BEFORE TRUNCATE ON flip_reports
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_report();
