-- Keys end at a time that is said before, know whose place they took, and who holds and made them.
ALTER TABLE api_keys
  ADD COLUMN legal_entity text CHECK (legal_entity <> ''),
  -- `member:` and her id, or an API key's id; null for those that came with the installation.
  ADD COLUMN created_by text CHECK (created_by <> ''),
  ADD COLUMN replaces text,
  ADD COLUMN ends_at timestamptz,
  ADD COLUMN revoked_by text CHECK (revoked_by <> ''),
  ADD CONSTRAINT api_keys_of_organisation UNIQUE (organisation_id, id),
  ADD CONSTRAINT api_keys_replaces FOREIGN KEY (organisation_id, replaces) REFERENCES api_keys (organisation_id, id),
  ADD CONSTRAINT api_keys_replaces_another CHECK (replaces <> id);

-- One more act. Each list is read and added to, so that what others add stands. The rows that are there kept the
-- narrower rule: they need no second look, which would read the whole log.
DO $$
DECLARE
  rule record;
BEGIN
  FOR rule IN
    SELECT conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint
    WHERE conrelid = 'events'::regclass AND contype = 'c' AND pg_get_constraintdef(oid) LIKE '%''key_revoked''%'
  LOOP
    EXECUTE format('ALTER TABLE events DROP CONSTRAINT %I', rule.conname);
    EXECUTE format('ALTER TABLE events ADD CONSTRAINT %I %s NOT VALID', rule.conname,
      replace(replace(rule.definition, '''key_revoked''::text', '''key_revoked''::text, ''key_expires''::text'),
        ' NOT VALID', ''));
  END LOOP;
END $$;
