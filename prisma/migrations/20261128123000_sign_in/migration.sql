-- What refers to a member names her organisation with her, so that no row can mix two.
ALTER TABLE members ADD CONSTRAINT members_of_organisation UNIQUE (organisation_id, id);

-- Whom an OpenID Connect provider knows her as: set at her first sign-in there, and decisive from then on.
ALTER TABLE members ADD COLUMN identity_issuer text;
ALTER TABLE members ADD COLUMN identity_subject text CHECK (length(identity_subject) BETWEEN 1 AND 255);
ALTER TABLE members ADD CONSTRAINT members_identity_whole
  CHECK ((identity_issuer IS NULL) = (identity_subject IS NULL));
ALTER TABLE members ADD CONSTRAINT members_removed_have_no_identity
  CHECK (removed_at IS NULL OR identity_subject IS NULL);
CREATE UNIQUE INDEX members_identity ON members (organisation_id, identity_issuer, identity_subject);

-- The second factor of a member (TOTP, RFC 6238), one each.
CREATE TABLE second_factors (
  organisation_id uuid NOT NULL,
  member_id uuid PRIMARY KEY,
  -- The secret: AES-256-GCM under a derived key, bound to the member's id; base64url.
  secret_sealed text NOT NULL,
  begun_at timestamptz NOT NULL,
  -- Null until a first code has shown that her app has the secret: until then it counts for nothing.
  confirmed_at timestamptz,
  -- The last time step whose code was taken: no code serves twice.
  last_step bigint,
  FOREIGN KEY (organisation_id, member_id) REFERENCES members (organisation_id, id) ON DELETE CASCADE,
  CONSTRAINT second_factors_of_member UNIQUE (organisation_id, member_id),
  CHECK ((confirmed_at IS NULL) = (last_step IS NULL))
);

-- Codes for when the app is lost, each once.
CREATE TABLE recovery_codes (
  organisation_id uuid NOT NULL,
  member_id uuid NOT NULL REFERENCES second_factors (member_id) ON DELETE CASCADE,
  -- SHA-256 of the member's id and the code, which is 80 random bits.
  code_sha256 bytea NOT NULL CHECK (octet_length(code_sha256) = 32),
  used_at timestamptz,
  PRIMARY KEY (member_id, code_sha256),
  FOREIGN KEY (organisation_id, member_id) REFERENCES members (organisation_id, id) ON DELETE CASCADE
);

-- How an organisation has its members sign in; without a row, the defaults hold.
CREATE TABLE sign_in_settings (
  organisation_id uuid PRIMARY KEY REFERENCES organisations (id),
  require_second_factor boolean NOT NULL
);

-- Tokens that serve once: kept as hashes until they would have run out anyway.
CREATE TABLE used_tokens (
  token_sha256 bytea PRIMARY KEY CHECK (octet_length(token_sha256) = 32),
  expires_at timestamptz NOT NULL
);
CREATE INDEX used_tokens_expiry ON used_tokens (expires_at);
