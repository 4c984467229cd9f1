-- What a kept answer was asked, without whom: enough to decide it again. Of texts that no registry has, a digest. Null
-- where the question was too long, and for answers kept before.
ALTER TABLE decision_samples ADD COLUMN question jsonb
  CHECK (jsonb_typeof(question) = 'object' AND pg_column_size(question) <= 8192);
