-- One more act of configuration. The list is read and added to, so that what others add stands.
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
      replace(replace(rule.definition, '''key_revoked''::text', '''key_revoked''::text, ''consents_invalidated''::text'),
        ' NOT VALID', ''));
  END LOOP;
END $$;

-- A yes remembers where it came from, and what lifted a refusal is held to it: states are folded again at the next start.
UPDATE log_heads SET state_seq = 0;

-- Recalls, as their events say. Written in the transaction of the event.
CREATE TABLE recalls (
  id uuid PRIMARY KEY,
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  -- Of the event.
  seq bigint NOT NULL CHECK (seq > 0),
  scope jsonb NOT NULL CHECK (scope ->> 'kind' IN ('experience', 'import', 'key', 'notice')),
  reason text NOT NULL CHECK (btrim(reason) <> ''),
  -- `member:` and her id, or an API key's id.
  recalled_by text NOT NULL,
  recalled_at timestamptz NOT NULL,
  -- Its tasks are there; null until then, and whoever sees that makes them.
  tasks_opened_at timestamptz,
  -- Whom it struck when its tasks were opened.
  people bigint CHECK (people >= 0),
  consents jsonb CHECK (jsonb_typeof(consents) = 'array'),
  CHECK (num_nulls(tasks_opened_at, people, consents) IN (0, 3)),
  UNIQUE (organisation_id, id),
  UNIQUE (organisation_id, seq)
);
CREATE INDEX recalls_without_tasks ON recalls (organisation_id) WHERE tasks_opened_at IS NULL;

-- What somebody has to see to.
CREATE TABLE tasks (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  kind text NOT NULL CHECK (kind ~ '^[a-z][a-z_]{0,62}$'),
  -- What names it within its kind and source, so that nothing is asked for twice.
  about text NOT NULL CHECK (length(about) <= 512),
  -- What it is about, for who does it. No identifiers of people.
  matter jsonb NOT NULL CHECK (jsonb_typeof(matter) = 'object'),
  recall_id uuid,
  opened_at timestamptz NOT NULL,
  due_at timestamptz,
  done_at timestamptz,
  done_by text,
  note text CHECK (length(note) <= 2000),
  FOREIGN KEY (organisation_id, recall_id) REFERENCES recalls (organisation_id, id),
  CHECK (num_nulls(done_at, done_by) IN (0, 2)),
  CHECK (note IS NULL OR done_at IS NOT NULL),
  UNIQUE NULLS NOT DISTINCT (organisation_id, recall_id, kind, about)
);
CREATE INDEX tasks_open ON tasks (organisation_id, opened_at DESC, id) WHERE done_at IS NULL;
CREATE INDEX tasks_done ON tasks (organisation_id, done_at DESC, id) WHERE done_at IS NOT NULL;

-- Neither is taken out, and what a recall says and when a task was done stay as they are.
CREATE FUNCTION refuse_removal_of_recalls() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% are kept', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER recalls_kept BEFORE DELETE ON recalls FOR EACH ROW EXECUTE FUNCTION refuse_removal_of_recalls();
CREATE TRIGGER recalls_not_truncated BEFORE TRUNCATE ON recalls
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal_of_recalls();
CREATE TRIGGER tasks_kept BEFORE DELETE ON tasks FOR EACH ROW EXECUTE FUNCTION refuse_removal_of_recalls();
CREATE TRIGGER tasks_not_truncated BEFORE TRUNCATE ON tasks
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal_of_recalls();

CREATE FUNCTION refuse_change_of_recall() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.organisation_id, NEW.seq, NEW.scope, NEW.reason, NEW.recalled_by, NEW.recalled_at)
    IS DISTINCT FROM (OLD.id, OLD.organisation_id, OLD.seq, OLD.scope, OLD.reason, OLD.recalled_by, OLD.recalled_at)
    OR OLD.tasks_opened_at IS NOT NULL THEN
    RAISE EXCEPTION 'a recall never changes' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER recalls_unchanged BEFORE UPDATE ON recalls FOR EACH ROW EXECUTE FUNCTION refuse_change_of_recall();

CREATE FUNCTION refuse_change_of_task() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.done_at IS NOT NULL
    OR (NEW.id, NEW.organisation_id, NEW.kind, NEW.about, NEW.recall_id, NEW.opened_at)
    IS DISTINCT FROM (OLD.id, OLD.organisation_id, OLD.kind, OLD.about, OLD.recall_id, OLD.opened_at) THEN
    RAISE EXCEPTION 'a task that is done never changes' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER tasks_unchanged BEFORE UPDATE ON tasks FOR EACH ROW EXECUTE FUNCTION refuse_change_of_task();
