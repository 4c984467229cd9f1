-- Drafts travel in releases, which people comment on and approve; publication is in the log. Experiences are versioned.

-- Two more acts. The list is read and added to, so that what others add stands. The rows that are there kept the
-- narrower rule: they need no second look, which would read the whole log.
DO $$
DECLARE
  rule record;
BEGIN
  FOR rule IN
    SELECT conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint
    WHERE conrelid = 'events'::regclass AND contype = 'c' AND pg_get_constraintdef(oid) LIKE '%''key_revoked''%'
  LOOP
    EXECUTE format('ALTER TABLE events DROP CONSTRAINT %I', rule.conname);
    EXECUTE format('ALTER TABLE events ADD CONSTRAINT %I %s NOT VALID', rule.conname,
      replace(replace(rule.definition, '''key_revoked''::text',
        '''key_revoked''::text, ''experience_published''::text, ''release_published''::text'), ' NOT VALID', ''));
  END LOOP;
END $$;

CREATE TABLE experience_versions (
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  experience text NOT NULL CHECK (experience ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
  version integer NOT NULL CHECK (version > 0),
  definition jsonb NOT NULL,
  published_seq bigint NOT NULL,
  PRIMARY KEY (organisation_id, experience, version)
);

-- What an organisation settles for itself; a missing row means the defaults.
CREATE TABLE organisation_settings (
  organisation_id uuid PRIMARY KEY REFERENCES organisations (id),
  four_eyes text NOT NULL DEFAULT 'auto' CHECK (four_eyes IN ('auto', 'on', 'off'))
);

CREATE TABLE releases (
  id uuid PRIMARY KEY,
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  title text NOT NULL CHECK (title <> ''),
  -- `publishing`: being written to the log; the log says whether it was.
  state text NOT NULL CHECK (state IN
    ('draft', 'in_review', 'approved', 'scheduled', 'publishing', 'published', 'discarded')),
  -- `member:` and her id, or an API key's id.
  author text NOT NULL,
  -- Everyone who ever changed an item of it, the author of each removed one too.
  editors text[] NOT NULL DEFAULT '{}',
  publish_at timestamptz,
  scheduled_by text,
  -- Why it could not be published when it was due, in words, with the code of the error.
  publish_error jsonb CHECK (publish_error IS NULL OR jsonb_typeof(publish_error) = 'object'),
  -- Which answers it would turn, of the items with this hash: {sha256, has_new_yes, …}.
  flips jsonb CHECK (flips IS NULL OR (flips ->> 'sha256') IS NOT NULL),
  submitted_at timestamptz,
  published_at timestamptz,
  first_seq bigint,
  last_seq bigint,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  UNIQUE (organisation_id, id),
  CHECK ((state = 'published') = (published_at IS NOT NULL)),
  CHECK (num_nonnulls(published_at, first_seq, last_seq) IN (0, 3)),
  CHECK ((publish_at IS NULL) = (scheduled_by IS NULL)),
  CHECK (state <> 'scheduled' OR publish_at IS NOT NULL)
);
CREATE INDEX releases_organisation ON releases (organisation_id, created_at, id);
CREATE INDEX releases_due ON releases (publish_at) WHERE state = 'scheduled';
-- One at a time: what is in force must not change between the last check and the log.
CREATE UNIQUE INDEX releases_publishing ON releases (organisation_id) WHERE state = 'publishing';

CREATE TABLE release_items (
  organisation_id uuid NOT NULL,
  release_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN
    ('organisation', 'property', 'regime', 'purpose', 'assessment', 'notice', 'experience', 'purpose_retirement')),
  key text NOT NULL CHECK (key <> ''),
  -- Null once it was taken out: who did so is kept.
  definition jsonb CHECK (definition IS NULL OR jsonb_typeof(definition) = 'object'),
  -- Counts its changes from 1; whoever edits names the one she saw.
  edit integer NOT NULL CHECK (edit > 0),
  edited_by text NOT NULL,
  edited_at timestamptz NOT NULL,
  PRIMARY KEY (release_id, kind, key),
  FOREIGN KEY (organisation_id, release_id) REFERENCES releases (organisation_id, id)
);

CREATE TABLE release_comments (
  id uuid PRIMARY KEY,
  organisation_id uuid NOT NULL,
  release_id uuid NOT NULL,
  at timestamptz NOT NULL,
  author text NOT NULL,
  text text NOT NULL CHECK (text <> ''),
  item_kind text,
  item_key text,
  FOREIGN KEY (organisation_id, release_id) REFERENCES releases (organisation_id, id),
  CHECK ((item_kind IS NULL) = (item_key IS NULL))
);
CREATE INDEX release_comments_release ON release_comments (release_id, at);

CREATE TABLE release_approvals (
  id uuid PRIMARY KEY,
  organisation_id uuid NOT NULL,
  release_id uuid NOT NULL,
  -- `member:` and her id.
  approver text NOT NULL CHECK (approver LIKE 'member:%'),
  -- Of the canonical JSON of the items, and of what was in force that they build on: an approval is of both.
  sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  base_sha256 text NOT NULL CHECK (base_sha256 ~ '^[0-9a-f]{64}$'),
  at timestamptz NOT NULL,
  withdrawn_at timestamptz,
  FOREIGN KEY (organisation_id, release_id) REFERENCES releases (organisation_id, id)
);
CREATE UNIQUE INDEX release_approvals_standing ON release_approvals (release_id, approver, sha256, base_sha256)
  WHERE withdrawn_at IS NULL;

-- What is published or said never changes ----------------------------------------------------------

CREATE FUNCTION refuse_change_of_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what is published is immutable' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER experience_versions_immutable BEFORE UPDATE OR DELETE ON experience_versions
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_published();
CREATE TRIGGER regimes_immutable BEFORE UPDATE OR DELETE ON regimes
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_published();
CREATE TRIGGER notice_purposes_immutable BEFORE UPDATE OR DELETE ON notice_purposes
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_published();
CREATE TRIGGER release_comments_append_only BEFORE UPDATE OR DELETE ON release_comments
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_published();

-- When a version ended is written once.
CREATE OR REPLACE FUNCTION refuse_new_words() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ends text[] := ARRAY['withdrawn_seq', 'invalidated_seq'];
  ended text;
BEGIN
  IF TG_OP = 'DELETE' OR to_jsonb(NEW) - ends IS DISTINCT FROM to_jsonb(OLD) - ends THEN
    RAISE EXCEPTION 'what is published is immutable' USING ERRCODE = 'restrict_violation';
  END IF;
  FOREACH ended IN ARRAY ends LOOP
    IF coalesce(to_jsonb(OLD) -> ended, 'null') <> 'null'
      AND to_jsonb(OLD) -> ended IS DISTINCT FROM to_jsonb(NEW) -> ended THEN
      RAISE EXCEPTION 'the end of a version is written once' USING ERRCODE = 'restrict_violation';
    END IF;
  END LOOP;
  RETURN NEW;
END $$;

CREATE FUNCTION refuse_change_of_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.state = 'published' THEN
    RAISE EXCEPTION 'what is published is immutable, and releases are discarded, never deleted'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER releases_immutable BEFORE UPDATE OR DELETE ON releases
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_release();

-- Items and approvals stand still with their release.
CREATE FUNCTION refuse_change_in_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (SELECT state FROM releases WHERE id = NEW.release_id) = 'published'
    OR (TG_OP = 'UPDATE' AND OLD.release_id <> NEW.release_id) THEN
    RAISE EXCEPTION 'what is published is immutable' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER release_items_immutable BEFORE INSERT OR UPDATE OR DELETE ON release_items
  FOR EACH ROW EXECUTE FUNCTION refuse_change_in_published();
CREATE TRIGGER release_approvals_immutable BEFORE INSERT OR UPDATE OR DELETE ON release_approvals
  FOR EACH ROW EXECUTE FUNCTION refuse_change_in_published();

-- An approval is withdrawn once, and says nothing else ever.
CREATE FUNCTION refuse_new_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.withdrawn_at IS NOT NULL OR to_jsonb(NEW) - 'withdrawn_at' <> to_jsonb(OLD) - 'withdrawn_at' THEN
    RAISE EXCEPTION 'an approval is withdrawn, never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER release_approvals_withdrawn_once BEFORE UPDATE ON release_approvals
  FOR EACH ROW EXECUTE FUNCTION refuse_new_approval();

-- A whole table is no way around it. (Only the owner could try.)
CREATE TRIGGER purpose_versions_not_truncated BEFORE TRUNCATE ON purpose_versions
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_published();
CREATE TRIGGER notice_versions_not_truncated BEFORE TRUNCATE ON notice_versions
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_published();
CREATE TRIGGER notice_translations_not_truncated BEFORE TRUNCATE ON notice_translations
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_published();
CREATE TRIGGER notice_purposes_not_truncated BEFORE TRUNCATE ON notice_purposes
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_published();
CREATE TRIGGER regimes_not_truncated BEFORE TRUNCATE ON regimes
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_published();
CREATE TRIGGER experience_versions_not_truncated BEFORE TRUNCATE ON experience_versions
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_published();
CREATE TRIGGER releases_not_truncated BEFORE TRUNCATE ON releases
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_published();
CREATE TRIGGER release_items_not_truncated BEFORE TRUNCATE ON release_items
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_published();
CREATE TRIGGER release_approvals_not_truncated BEFORE TRUNCATE ON release_approvals
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_published();
CREATE TRIGGER release_comments_not_truncated BEFORE TRUNCATE ON release_comments
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_published();
