-- Systems that act on the change feed, each with the last change it says it has applied.
CREATE TABLE consumers (
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  name text NOT NULL CHECK (name ~ '^[a-z0-9][a-z0-9_.-]{0,62}$'),
  description text NOT NULL DEFAULT '' CHECK (length(description) <= 200),
  -- What it uses data for; keys of purposes.
  purposes text[] NOT NULL DEFAULT '{}' CHECK (cardinality(purposes) <= 50),
  -- The revision it has applied.
  epoch integer NOT NULL CHECK (epoch >= 0),
  log integer NOT NULL CHECK (log >= 0),
  seq bigint NOT NULL CHECK (seq >= 0),
  -- Id of the API key that reported it last.
  reported_by text NOT NULL,
  reported_at timestamptz NOT NULL DEFAULT now(),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organisation_id, name)
);
