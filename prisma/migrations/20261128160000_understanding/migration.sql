-- What people said who were asked what they had just answered: counted, by the layout they had answered in. Nothing of whom,
-- and nothing of whether they had said yes.
CREATE TABLE understanding_counts (
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  -- The two versions that are compared.
  comparison text NOT NULL CHECK (length(comparison) <= 200),
  experience text NOT NULL CHECK (length(experience) <= 63),
  version integer NOT NULL CHECK (version >= 1),
  outcome text NOT NULL CHECK (outcome IN ('right', 'wrong', 'unsure')),
  answers bigint NOT NULL CHECK (answers >= 0),
  PRIMARY KEY (organisation_id, comparison, experience, version, outcome)
);
