-- Current state, packed: what few subjects differ in is kept once as a shape, and each subject holds numbers only.
-- States are the fold of the events, so they are not converted but folded again at the next start.

CREATE TABLE state_shapes (
  id integer PRIMARY KEY CHECK (id >= 0),
  -- JSON of a Shape; the same shape has the same text.
  shape text NOT NULL,
  -- Unique, by hash: a shape may be longer than a btree takes.
  EXCLUDE USING hash (shape WITH =)
);

DROP TABLE consent_rows;
DROP TABLE subject_states;
CREATE TABLE subject_states (
  subject_id uuid PRIMARY KEY,
  organisation_id uuid NOT NULL,
  -- The last event folded.
  seq bigint NOT NULL,
  -- The subject's shape and its values, then each row's.
  packed bigint[] NOT NULL CHECK (cardinality(packed) > 0),
  FOREIGN KEY (organisation_id, subject_id) REFERENCES subjects (organisation_id, id)
) WITH (fillfactor = 70);

-- Up to where events are folded into states; behind `seq`, states must be folded again before anything is decided.
ALTER TABLE log_heads ADD COLUMN state_seq bigint NOT NULL DEFAULT 0 CHECK (state_seq <= seq);

-- The rows of packed states for people who read SQL: what stands for each purpose in each scope.
CREATE FUNCTION unpack_state(packed bigint[]) RETURNS TABLE (shape jsonb, shape_values bigint[])
LANGUAGE plpgsql STABLE AS $$
DECLARE
  at integer := 1;
  open_values integer;
BEGIN
  WHILE at <= cardinality(packed) LOOP
    SELECT s.shape::jsonb INTO STRICT shape FROM state_shapes s WHERE s.id = packed[at];
    open_values := (shape ->> 'n')::integer;
    shape_values := packed[at + 1 : at + open_values];
    RETURN NEXT;
    at := at + 1 + open_values;
  END LOOP;
END $$;

CREATE VIEW consent_rows AS
SELECT s.organisation_id, s.subject_id, u.shape ->> 'purpose' AS purpose, u.shape ->> 'property' AS property,
  jsonb_array_length(u.shape -> 'refusals') > 0 AS is_refused,
  jsonb_typeof(u.shape -> 'grant') = 'object' AS is_granted,
  -- Position and time of the grant, else of the first refusal.
  u.shape_values[1] AS seq, to_timestamp(u.shape_values[2] / 1000.0) AS since,
  u.shape, u.shape_values
FROM subject_states s CROSS JOIN LATERAL unpack_state(s.packed) u
WHERE u.shape ->> 'of' = 'row';
