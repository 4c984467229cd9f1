-- Members come and go. Who was removed stays as the name of what she did, and may be asked in again.
ALTER TABLE members ADD COLUMN removed_at timestamptz;
ALTER TABLE members ADD CONSTRAINT members_removed_cannot_sign_in CHECK (removed_at IS NULL OR password_hash IS NULL);
ALTER TABLE members DROP CONSTRAINT members_organisation_id_email_key;
CREATE UNIQUE INDEX members_email ON members (organisation_id, email) WHERE removed_at IS NULL;

-- What a session is called where it is listed; whoever knows it is not signed in by it.
ALTER TABLE sessions ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE;

-- Links that let someone become a member, once.
CREATE TABLE invitations (
  id uuid PRIMARY KEY,
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  -- SHA-256 of the link's random token.
  token_sha256 bytea NOT NULL UNIQUE CHECK (octet_length(token_sha256) = 32),
  email text NOT NULL CHECK (email = lower(email) AND position('@' IN email) > 1),
  role text NOT NULL CHECK (role IN ('owner', 'officer', 'auditor', 'developer')),
  -- `member:` and her id, or an API key's id.
  invited_by text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL CHECK (expires_at > created_at),
  accepted_at timestamptz,
  withdrawn_at timestamptz,
  CHECK (num_nonnulls(accepted_at, withdrawn_at) <= 1)
);
-- A new link takes the place of the one before.
CREATE UNIQUE INDEX invitations_open ON invitations (organisation_id, email)
  WHERE accepted_at IS NULL AND withdrawn_at IS NULL;

-- What was done in administration, written with what it did. No secrets.
CREATE TABLE admin_acts (
  id uuid PRIMARY KEY,
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  at timestamptz NOT NULL,
  -- `member:` and her id, or an API key's id.
  actor text NOT NULL,
  act text NOT NULL CHECK (act ~ '^[a-z][a-z_]{0,62}$'),
  detail jsonb NOT NULL CHECK (jsonb_typeof(detail) = 'object')
);
CREATE INDEX admin_acts_organisation ON admin_acts (organisation_id, at);

CREATE FUNCTION refuse_change_of_acts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'acts are appended, never changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER admin_acts_append_only BEFORE UPDATE OR DELETE ON admin_acts
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_acts();
CREATE TRIGGER admin_acts_not_truncated BEFORE TRUNCATE ON admin_acts
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_acts();
