-- When the banner of a property was last asked for, by whose pages. Kept to the nearest minute.
CREATE TABLE snippet_sightings (
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  property text NOT NULL CHECK (length(property) <= 63),
  origin text NOT NULL CHECK (length(origin) <= 500),
  seen_at timestamptz NOT NULL,
  PRIMARY KEY (organisation_id, property, origin)
);
