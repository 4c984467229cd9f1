-- A yes that waits for whoever has a mailbox to confirm it: until then it is no event. At most one for a person and a
-- question; gone once it is answered, has run out, or she said no.
CREATE TABLE pending_confirmations (
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  property text NOT NULL CHECK (length(property) <= 63),
  -- Keyed, of the identifier she was known by.
  subject_digest bytea NOT NULL CHECK (octet_length(subject_digest) = 32),
  -- What she answered: the question's purpose, whose parts the yes covers.
  purpose text NOT NULL CHECK (length(purpose) <= 512),
  kind text NOT NULL CHECK (kind IN ('confirm', 'guardian')),
  -- SHA-256 of the link's code, which is 256 random bits and stands nowhere else.
  code_sha256 bytea NOT NULL UNIQUE CHECK (octet_length(code_sha256) = 32),
  -- Whom it is about, the address, what was shown, how it was said: sealed under the organisation's key.
  sealed bytea NOT NULL,
  -- How she stood then, to tell whether she has said no since.
  asked_seq bigint NOT NULL CHECK (asked_seq >= 0),
  subject_id uuid,
  erased_before timestamptz,
  asked_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL CHECK (expires_at <= asked_at + interval '24 hours'),
  PRIMARY KEY (organisation_id, property, subject_digest, purpose)
);
CREATE INDEX pending_confirmations_expiry ON pending_confirmations (expires_at);
