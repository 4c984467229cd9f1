-- Packed states as bytes, six a number: loading an index reads them as they lie, where an array of numbers was taken apart and
-- sent one by one.
DROP VIEW consent_rows;

CREATE FUNCTION packed_bytes(packed bigint[]) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
  SELECT string_agg(substr(int8send(n), 3), ''::bytea ORDER BY at) FROM unnest(packed) WITH ORDINALITY AS p(n, at)
$$;
ALTER TABLE subject_states DROP CONSTRAINT subject_states_packed_check;
ALTER TABLE subject_states ALTER COLUMN packed TYPE bytea USING packed_bytes(packed);
ALTER TABLE subject_states ADD CHECK (octet_length(packed) > 0 AND octet_length(packed) % 6 = 0);
DROP FUNCTION packed_bytes(bigint[]);

-- For people who read SQL: the numbers again, and what stands for each purpose in each scope.
CREATE FUNCTION packed_numbers(packed bytea) RETURNS bigint[] LANGUAGE sql IMMUTABLE AS $$
  SELECT array_agg(('x0000' || encode(substr(packed, at, 6), 'hex'))::bit(64)::bigint ORDER BY at)
  FROM generate_series(1, octet_length(packed), 6) AS at
$$;
CREATE VIEW consent_rows AS
SELECT s.organisation_id, s.subject_id, u.shape ->> 'purpose' AS purpose, u.shape ->> 'property' AS property,
  jsonb_array_length(u.shape -> 'refusals') > 0 AS is_refused,
  jsonb_typeof(u.shape -> 'grant') = 'object' AS is_granted,
  -- Position and time of the grant, else of the first refusal.
  u.shape_values[1] AS seq, to_timestamp(u.shape_values[2] / 1000.0) AS since,
  u.shape, u.shape_values
FROM subject_states s CROSS JOIN LATERAL unpack_state(packed_numbers(s.packed)) u
WHERE u.shape ->> 'of' = 'row';
