-- How an experience looked, and what was measured of it, in a browser: pictures by locale, size, theme and layer. Each
-- set is bound to the hash of what was drawn, so that it belongs to the version that was published of it.
CREATE TABLE experience_looks (
  id uuid PRIMARY KEY,
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  experience text NOT NULL CHECK (experience ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
  -- Of the canonical JSON of its definition; and of that with the notice and the purposes that were shown.
  definition_sha256 text NOT NULL CHECK (definition_sha256 ~ '^[0-9a-f]{64}$'),
  content_sha256 text NOT NULL CHECK (content_sha256 ~ '^[0-9a-f]{64}$'),
  notice text NOT NULL,
  notice_version integer NOT NULL CHECK (notice_version > 0),
  locales text[] NOT NULL CHECK (cardinality(locales) BETWEEN 1 AND 64),
  user_agent text NOT NULL CHECK (length(user_agent) <= 512),
  -- `member:` and her id, or an API key's id.
  taken_by text NOT NULL,
  taken_at timestamptz NOT NULL,
  UNIQUE (organisation_id, id)
);
CREATE INDEX experience_looks_definition ON experience_looks (organisation_id, experience, definition_sha256, taken_at);

CREATE TABLE experience_shots (
  organisation_id uuid NOT NULL,
  look_id uuid NOT NULL,
  locale text NOT NULL CHECK (length(locale) <= 35),
  size text NOT NULL CHECK (size IN ('small', 'phone', 'desktop')),
  theme text NOT NULL CHECK (theme IN ('light', 'dark')),
  layer text NOT NULL CHECK (layer IN ('first', 'second', 'control')),
  -- One a rule: {rule, outcome, measured, findings}.
  results jsonb NOT NULL CHECK (jsonb_typeof(results) = 'array'),
  broken integer NOT NULL CHECK (broken >= 0),
  media_type text NOT NULL CHECK (media_type IN ('image/webp', 'image/png')),
  picture bytea NOT NULL CHECK (octet_length(picture) BETWEEN 1 AND 153600),
  taken_at timestamptz NOT NULL,
  PRIMARY KEY (look_id, locale, size, theme, layer),
  FOREIGN KEY (organisation_id, look_id) REFERENCES experience_looks (organisation_id, id)
);

CREATE FUNCTION refuse_change_of_looks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'how something looked never changes' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER experience_looks_append_only BEFORE UPDATE OR DELETE ON experience_looks
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_looks();
CREATE TRIGGER experience_shots_append_only BEFORE UPDATE OR DELETE ON experience_shots
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_looks();
CREATE TRIGGER experience_looks_not_truncated BEFORE TRUNCATE ON experience_looks
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_looks();
CREATE TRIGGER experience_shots_not_truncated BEFORE TRUNCATE ON experience_shots
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_looks();
