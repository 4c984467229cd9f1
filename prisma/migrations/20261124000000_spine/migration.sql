-- Organisations and who works for them ------------------------------------------------------------

CREATE TABLE organisations (
  id uuid PRIMARY KEY,
  key text NOT NULL UNIQUE CHECK (key ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
  name text NOT NULL CHECK (name <> ''),
  log integer NOT NULL DEFAULT 0 CHECK (log >= 0),
  -- OrganisationDefinition as last published.
  definition jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE members (
  id uuid PRIMARY KEY,
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  email text NOT NULL CHECK (email = lower(email) AND position('@' IN email) > 1),
  role text NOT NULL CHECK (role IN ('owner', 'officer', 'auditor', 'developer')),
  -- scrypt: N$r$p$salt$hash, base64; null where she signs in elsewhere only.
  password_hash text,
  failed_sign_ins integer NOT NULL DEFAULT 0 CHECK (failed_sign_ins >= 0),
  locked_until timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (organisation_id, email)
);

CREATE TABLE sessions (
  -- SHA-256 of the random session id that the sign-in token carries.
  id_sha256 bytea PRIMARY KEY CHECK (octet_length(id_sha256) = 32),
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  member_id uuid NOT NULL REFERENCES members (id) ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL CHECK (expires_at > created_at),
  revoked_at timestamptz
);
CREATE INDEX sessions_member ON sessions (member_id);

-- One row: what this database belongs to.
CREATE TABLE installation (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  secret_key_fingerprint text NOT NULL CHECK (secret_key_fingerprint ~ '^[0-9a-f]{16}$'),
  created_at timestamptz NOT NULL DEFAULT now()
);

-- The log -----------------------------------------------------------------------------------------

CREATE TABLE log_heads (
  log integer PRIMARY KEY CHECK (log >= 0),
  epoch integer NOT NULL DEFAULT 0 CHECK (epoch >= 0),
  seq bigint NOT NULL DEFAULT 0 CHECK (seq >= 0),
  -- Hash of the event at `seq`; 32 zero bytes for an empty log.
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  recorded_at_ms bigint NOT NULL DEFAULT 0 CHECK (recorded_at_ms >= 0),
  -- Number of the writer's lease; each batch checks that it is still its own.
  lease bigint NOT NULL DEFAULT 0 CHECK (lease >= 0),
  -- When a writer last wrote or said that it is alive, by the database's clock.
  touched_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO log_heads (log, hash) VALUES (0, decode(repeat('00', 32), 'hex'));

CREATE TABLE subjects (
  id uuid PRIMARY KEY,
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  -- AES-256-GCM key of this subject, wrapped by the root key; null once erased.
  wrapped_key bytea,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (organisation_id, id)
);

CREATE TABLE identifiers (
  organisation_id uuid NOT NULL,
  -- SipHash-2-4-128 of (organisation, namespace, normal form) under the lookup key.
  digest bytea NOT NULL CHECK (octet_length(digest) = 16),
  namespace text NOT NULL CHECK (namespace ~ '^[a-z][a-z0-9_]{0,31}$'),
  subject_id uuid NOT NULL,
  -- The identifier in clear, sealed under the subject's key; null once erased.
  sealed bytea,
  PRIMARY KEY (organisation_id, digest),
  FOREIGN KEY (organisation_id, subject_id) REFERENCES subjects (organisation_id, id)
);
CREATE INDEX identifiers_subject ON identifiers (subject_id);

CREATE TABLE events (
  log integer NOT NULL REFERENCES log_heads (log),
  seq bigint NOT NULL CHECK (seq > 0),
  epoch integer NOT NULL CHECK (epoch >= 0),
  id uuid NOT NULL UNIQUE,
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  subject_id uuid,
  act text NOT NULL CHECK (act IN (
    'granted', 'denied', 'withdrawn', 'objected', 'opted_out', 'gpc_opted_out', 'expired', 'invalidated',
    'objection_overridden', 'restricted', 'restriction_lifted', 'age_stated', 'linked', 'unlinked', 'erased',
    'organisation_published', 'property_published', 'regime_published', 'purpose_published', 'purpose_retired',
    'notice_published', 'notice_withdrawn', 'notice_invalidated', 'assessment_approved', 'assessment_revoked',
    'key_created', 'key_revoked')),
  -- EventBody: no identifiers, no free text about a person.
  body jsonb NOT NULL CHECK (body ->> 'act' = act),
  recorded_at_ms bigint NOT NULL CHECK (recorded_at_ms > 0),
  occurred_at_ms bigint NOT NULL CHECK (occurred_at_ms >= 0),
  -- SHA-256(0x00 || commitment), the leaf of the Merkle log.
  leaf bytea NOT NULL CHECK (octet_length(leaf) = 32),
  -- Hash of the predecessor, and this event's: SHA-256(0x02 || previous_hash || leaf).
  previous_hash bytea NOT NULL CHECK (octet_length(previous_hash) = 32),
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  PRIMARY KEY (log, seq),
  FOREIGN KEY (organisation_id, subject_id) REFERENCES subjects (organisation_id, id),
  CHECK ((subject_id IS NULL) = (act LIKE '%\_published' OR act IN (
    'purpose_retired', 'notice_withdrawn', 'notice_invalidated', 'assessment_approved', 'assessment_revoked',
    'key_created', 'key_revoked')))
);
CREATE INDEX events_subject ON events (organisation_id, subject_id, seq) WHERE subject_id IS NOT NULL;
CREATE INDEX events_organisation ON events (organisation_id, seq);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'events are appended, never changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE ON events FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER events_not_truncated BEFORE TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What must be destroyable: the salt of the event's commitment and its evidence, sealed together under the
-- subject's key (the organisation's for configuration). Erasure deletes the row.
CREATE TABLE evidence (
  log integer NOT NULL,
  seq bigint NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (log, seq),
  FOREIGN KEY (log, seq) REFERENCES events (log, seq)
);

-- One row a committed batch, so that a writer whose connection died at COMMIT can read the outcome.
CREATE TABLE batches (
  id uuid PRIMARY KEY,
  log integer NOT NULL REFERENCES log_heads (log),
  first_seq bigint NOT NULL,
  last_seq bigint NOT NULL CHECK (last_seq >= first_seq - 1),
  committed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX batches_committed_at ON batches (committed_at);

CREATE TABLE idempotency_keys (
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  principal text NOT NULL,
  key text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
  -- Keyed fingerprint of the request.
  fingerprint bytea NOT NULL CHECK (octet_length(fingerprint) = 32),
  -- What is needed to answer again: positions and event ids; no identifiers.
  outcome jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organisation_id, principal, key, created_at)
) PARTITION BY RANGE (created_at);
CREATE TABLE idempotency_keys_default PARTITION OF idempotency_keys DEFAULT;

-- Current state: the fold of the events ------------------------------------------------------------

CREATE TABLE subject_states (
  subject_id uuid PRIMARY KEY,
  organisation_id uuid NOT NULL,
  seq bigint NOT NULL,
  regimes text[] NOT NULL DEFAULT '{}',
  is_restricted boolean NOT NULL DEFAULT false,
  erased_before_ms bigint,
  gpc_seq bigint,
  gpc_at_ms bigint,
  age_at_least integer,
  age_below integer,
  links jsonb NOT NULL DEFAULT '[]',
  FOREIGN KEY (organisation_id, subject_id) REFERENCES subjects (organisation_id, id),
  CHECK ((gpc_seq IS NULL) = (gpc_at_ms IS NULL))
);
CREATE INDEX subject_states_organisation ON subject_states (organisation_id, subject_id);

CREATE TABLE consent_rows (
  organisation_id uuid NOT NULL,
  subject_id uuid NOT NULL,
  purpose text NOT NULL,
  -- Empty for the whole organisation.
  property text NOT NULL,
  -- Row.refusals, ordered by seq.
  refusals jsonb NOT NULL DEFAULT '[]',
  -- Row.latestRefusal.
  latest_refusal jsonb,
  grant_lifted_refusal boolean NOT NULL DEFAULT false,
  -- Row.grant, column by column; all null where there is none.
  grant_seq bigint,
  notice_key text,
  notice_version integer,
  locale text,
  purpose_version integer,
  effective_from_ms bigint,
  run_start_ms bigint,
  expires_at_ms bigint,
  is_proven boolean,
  is_invalidated boolean,
  is_explicit boolean,
  names_gpc_conflict boolean,
  actor text CHECK (actor IN ('subject', 'guardian', 'controller', 'import')),
  capacity text CHECK (capacity IN ('capable', 'guardian_required', 'age_unknown')),
  -- Grant.run: the grants before this one that it continues.
  run jsonb,
  -- Row.liftedAtMs.
  lifted_at_ms bigint,
  PRIMARY KEY (subject_id, purpose, property),
  FOREIGN KEY (organisation_id, subject_id) REFERENCES subjects (organisation_id, id),
  CHECK ((grant_seq IS NULL) = (effective_from_ms IS NULL)),
  CHECK (num_nulls(grant_seq, purpose_version, effective_from_ms, run_start_ms, expires_at_ms, is_proven,
    is_invalidated, is_explicit, names_gpc_conflict, actor, capacity) IN (0, 11))
);

-- Configuration, as projected from its events -------------------------------------------------------

CREATE TABLE properties (
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  key text NOT NULL CHECK (key ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
  definition jsonb NOT NULL,
  published_seq bigint NOT NULL,
  PRIMARY KEY (organisation_id, key)
);

CREATE TABLE regimes (
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  key text NOT NULL CHECK (key ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
  version integer NOT NULL CHECK (version > 0),
  definition jsonb NOT NULL,
  published_seq bigint NOT NULL,
  PRIMARY KEY (organisation_id, key, version)
);

CREATE TABLE purposes (
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  key text NOT NULL CHECK (key ~ '^[a-z][a-z0-9_]{0,62}(\.[a-z][a-z0-9_]{0,62}){0,4}$'),
  parent text,
  retired_seq bigint,
  PRIMARY KEY (organisation_id, key),
  FOREIGN KEY (organisation_id, parent) REFERENCES purposes (organisation_id, key)
);

CREATE TABLE purpose_versions (
  organisation_id uuid NOT NULL,
  purpose text NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  definition jsonb NOT NULL,
  published_seq bigint NOT NULL,
  PRIMARY KEY (organisation_id, purpose, version),
  FOREIGN KEY (organisation_id, purpose) REFERENCES purposes (organisation_id, key)
);

CREATE TABLE notices (
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  key text NOT NULL CHECK (key ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
  PRIMARY KEY (organisation_id, key)
);

CREATE TABLE notice_versions (
  organisation_id uuid NOT NULL,
  notice text NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  -- Null: it reaches the whole organisation.
  property text,
  -- SHA-256 of the definition's canonical JSON.
  sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  definition jsonb NOT NULL,
  published_seq bigint NOT NULL,
  withdrawn_seq bigint,
  invalidated_seq bigint,
  PRIMARY KEY (organisation_id, notice, version),
  FOREIGN KEY (organisation_id, notice) REFERENCES notices (organisation_id, key),
  FOREIGN KEY (organisation_id, property) REFERENCES properties (organisation_id, key)
);

CREATE TABLE notice_translations (
  organisation_id uuid NOT NULL,
  notice text NOT NULL,
  version integer NOT NULL,
  locale text NOT NULL CHECK (locale ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  text jsonb NOT NULL,
  PRIMARY KEY (organisation_id, notice, version, locale),
  FOREIGN KEY (organisation_id, notice, version) REFERENCES notice_versions (organisation_id, notice, version)
);

CREATE TABLE notice_purposes (
  organisation_id uuid NOT NULL,
  notice text NOT NULL,
  notice_version integer NOT NULL,
  purpose text NOT NULL,
  purpose_version integer NOT NULL,
  PRIMARY KEY (organisation_id, notice, notice_version, purpose),
  FOREIGN KEY (organisation_id, notice, notice_version) REFERENCES notice_versions (organisation_id, notice, version),
  FOREIGN KEY (organisation_id, purpose, purpose_version) REFERENCES purpose_versions (organisation_id, purpose, version)
);

CREATE TABLE assessments (
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  key text NOT NULL,
  definition jsonb NOT NULL,
  approved_seq bigint NOT NULL,
  revoked_seq bigint,
  PRIMARY KEY (organisation_id, key)
);

CREATE TABLE api_keys (
  id text PRIMARY KEY CHECK (id ~ '^key_[0-9a-zA-Z]{8,32}$'),
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  name text NOT NULL CHECK (name <> ''),
  prefix text NOT NULL,
  sha256 bytea NOT NULL UNIQUE CHECK (octet_length(sha256) = 32),
  scopes text[] NOT NULL CHECK (cardinality(scopes) > 0),
  created_seq bigint NOT NULL,
  revoked_seq bigint
);
CREATE INDEX api_keys_organisation ON api_keys (organisation_id);

-- Published words never change -----------------------------------------------------------------------

CREATE FUNCTION refuse_new_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR to_jsonb(NEW) - 'withdrawn_seq' - 'invalidated_seq'
    IS DISTINCT FROM to_jsonb(OLD) - 'withdrawn_seq' - 'invalidated_seq' THEN
    RAISE EXCEPTION 'what is published is immutable' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER notice_versions_immutable BEFORE UPDATE OR DELETE ON notice_versions FOR EACH ROW EXECUTE FUNCTION refuse_new_words();
CREATE TRIGGER notice_translations_immutable BEFORE UPDATE OR DELETE ON notice_translations FOR EACH ROW EXECUTE FUNCTION refuse_new_words();
CREATE TRIGGER purpose_versions_immutable BEFORE UPDATE OR DELETE ON purpose_versions FOR EACH ROW EXECUTE FUNCTION refuse_new_words();

-- Downloads in the making: what a filter did, by its id. Kept 30 days.
CREATE TABLE filters (
  id text PRIMARY KEY CHECK (id ~ '^flt_[0-9a-zA-Z_-]{16,40}$'),
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  summary jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX filters_created_at ON filters (created_at);
