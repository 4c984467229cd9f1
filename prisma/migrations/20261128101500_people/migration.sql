-- Looking at people -------------------------------------------------------------------------------

-- Why a member looks at a person: lets her for an hour. Written with an act.
CREATE TABLE person_views (
  id uuid PRIMARY KEY,
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  member_id uuid NOT NULL REFERENCES members (id),
  subject_id uuid NOT NULL,
  reason text NOT NULL CHECK (reason ~ '^[a-z][a-z_]{0,62}$'),
  -- Free text, without the person's identifiers; empty for none.
  note text NOT NULL,
  at timestamptz NOT NULL,
  FOREIGN KEY (subject_id) REFERENCES subjects (id)
);
CREATE INDEX person_views_open ON person_views (organisation_id, member_id, subject_id, at);

CREATE FUNCTION refuse_change_of_views() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'views are appended, never changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER person_views_append_only BEFORE UPDATE OR DELETE ON person_views
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_views();
CREATE TRIGGER person_views_not_truncated BEFORE TRUNCATE ON person_views
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_views();

-- What people ask for ------------------------------------------------------------------------------

CREATE TABLE requests (
  id uuid PRIMARY KEY,
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  kind text NOT NULL CHECK (kind IN ('access', 'erasure', 'objection', 'opt_out', 'rectification')),
  regime text NOT NULL CHECK (regime IN ('gdpr', 'ccpa')),
  -- Null while nothing is recorded of who asks.
  subject_id uuid,
  -- Of the identifier the person gave; null where she gave none, or it was destroyed.
  namespace text,
  -- The identifier, sealed under the organisation's key; may be destroyed.
  sealed_identifier bytea,
  received_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL CHECK (due_at > received_at),
  extended_until timestamptz CHECK (extended_until > due_at),
  -- By when it must be answered.
  answer_by timestamptz NOT NULL GENERATED ALWAYS AS (coalesce(extended_until, due_at)) STORED,
  state text NOT NULL CHECK (state IN ('open', 'answered', 'refused', 'withdrawn')),
  answered_at timestamptz,
  -- SHA-256 of what was sent in reply, as a file or a message.
  proof_sha256 bytea CHECK (octet_length(proof_sha256) = 32),
  -- How often it has changed: who changes it names the one she saw.
  revision integer NOT NULL CHECK (revision > 0),
  UNIQUE (organisation_id, id),
  FOREIGN KEY (subject_id) REFERENCES subjects (id),
  CHECK ((state = 'open') = (answered_at IS NULL))
);
CREATE INDEX requests_by_due ON requests (organisation_id, (state <> 'open'), answer_by, id);
CREATE INDEX requests_subject ON requests (organisation_id, subject_id) WHERE subject_id IS NOT NULL;

-- Every change of a request; its revisions are dense, and each was made by one change.
CREATE TABLE request_events (
  organisation_id uuid NOT NULL,
  request_id uuid NOT NULL,
  revision integer NOT NULL CHECK (revision > 0),
  at timestamptz NOT NULL,
  -- `member:` and her id, or an API key's id.
  actor text NOT NULL,
  change text NOT NULL CHECK (change ~ '^[a-z][a-z_]{0,62}$'),
  -- No identifiers, no free text about a person.
  detail jsonb NOT NULL CHECK (jsonb_typeof(detail) = 'object'),
  PRIMARY KEY (request_id, revision),
  FOREIGN KEY (organisation_id, request_id) REFERENCES requests (organisation_id, id)
);
CREATE FUNCTION refuse_change_of_request_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what happened to a request is appended, never changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER request_events_append_only BEFORE UPDATE OR DELETE ON request_events
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_request_events();
CREATE TRIGGER request_events_not_truncated BEFORE TRUNCATE ON request_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_request_events();

-- What was written with a change: free text about a person, sealed under the organisation's key. May be destroyed.
CREATE TABLE request_texts (
  organisation_id uuid NOT NULL,
  request_id uuid NOT NULL,
  revision integer NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (request_id, revision),
  FOREIGN KEY (request_id, revision) REFERENCES request_events (request_id, revision),
  FOREIGN KEY (organisation_id, request_id) REFERENCES requests (organisation_id, id)
);

-- What a person's past is decided under: an organisation's configuration, found among millions of events.
CREATE INDEX IF NOT EXISTS events_configuration ON events (organisation_id, seq) WHERE subject_id IS NULL;
