/** Counted up whenever the rules below change: the log of evidence is then made again. */
export const factsVersion = 1

/**
 * What the log of evidence says of an event, as a subquery. Who did it: the API key that wrote it down, where the event
 * names it, else who made the statement. An event that names a grant is about the grant's purpose.
 */
export const factsOfEvent = `
  SELECT e.*, e.seq AS position, e.recorded_at_ms AS at_ms, e.act AS kind,
    coalesce(e.body ->> 'purpose', g.body ->> 'purpose', e.body #>> '{definition,purpose}',
      CASE WHEN e.act = 'purpose_published' THEN e.body #>> '{definition,key}' END, '') AS purpose,
    coalesce(e.body ->> 'property', g.body ->> 'property', e.body #>> '{definition,property}',
      CASE WHEN e.act = 'property_published' THEN e.body #>> '{definition,key}' END, '') AS property,
    coalesce(e.body ->> 'via', e.body ->> 'actor',
      CASE e.act WHEN 'gpc_opted_out' THEN 'subject' WHEN 'expired' THEN 'assent' END, '') AS actor,
    coalesce(e.body ->> 'regime', g.body ->> 'regime', '') AS regime
  FROM events e
  LEFT JOIN events g ON e.act IN ('expired', 'invalidated') AND g.log = e.log
    AND g.seq = (e.body ->> 'grantSeq')::bigint AND g.organisation_id = e.organisation_id
  WHERE e.log = 0`

/** Acts by which people say what they want: what the overview counts. */
const counted = `('granted', 'denied', 'withdrawn', 'objected', 'opted_out', 'gpc_opted_out', 'expired')`
const dayOf = (ms: string) => `(to_timestamp(${ms} / 1000.0) AT TIME ZONE 'UTC')::date`

/** Adds rows of `facts` to the log, by facets that are there or are made. */
const intoLog = (source: 1 | 2) => `
counted AS (
  SELECT organisation_id, kind, purpose, property, actor, count(*) AS count, min(at_ms) AS oldest, max(at_ms) AS newest
  FROM facts GROUP BY 1, 2, 3, 4, 5
), facets AS (
  INSERT INTO evidence_facets AS f (organisation_id, source, kind, purpose, property, actor, count, oldest_ms, newest_ms)
  SELECT organisation_id, ${source}, kind, purpose, property, actor, count, oldest, newest FROM counted
  ON CONFLICT (organisation_id, source, kind, purpose, property, actor) DO UPDATE SET
    count = f.count + excluded.count, oldest_ms = least(f.oldest_ms, excluded.oldest_ms),
    newest_ms = greatest(f.newest_ms, excluded.newest_ms)
  RETURNING f.id, f.organisation_id, f.kind, f.purpose, f.property, f.actor
), added AS (
  INSERT INTO evidence_log (organisation_id, at_ms, source, position, facet_id)
  SELECT organisation_id, facts.at_ms, ${source}, facts.position, facets.id
  FROM facts JOIN facets USING (organisation_id, kind, purpose, property, actor)
  RETURNING 1
)`

/**
 * Takes in the events after $1 up to $2. $3: bounds of delays. The grant that a withdrawal ended is her newest one of the
 * purpose, on the same property or with either of the two reaching them all, unless another refusal came between.
 */
export const addEvents = `
WITH facts AS MATERIALIZED (
  SELECT position, organisation_id, subject_id, at_ms, occurred_at_ms, kind, purpose, property, actor, regime
  FROM (${factsOfEvent} AND e.seq > $1 AND e.seq <= $2) AS f
), ${intoLog(1)},
days AS (
  INSERT INTO consent_days AS d (organisation_id, day, property, regime, purpose, act, actor, count)
  SELECT organisation_id, ${dayOf('at_ms')}, property, regime, purpose, kind, actor, count(*)
  FROM facts WHERE kind IN ${counted} GROUP BY 1, 2, 3, 4, 5, 6, 7
  ON CONFLICT (organisation_id, day, property, regime, purpose, act, actor) DO UPDATE SET count = d.count + excluded.count
), ended AS (
  SELECT w.organisation_id, w.at_ms, w.purpose, w.property, least(w.at_ms, w.occurred_at_ms) - before.began_ms AS delay_ms
  FROM facts w CROSS JOIN LATERAL (
    SELECT e.act, CASE WHEN e.body ->> 'imported' = 'true' THEN e.occurred_at_ms ELSE e.recorded_at_ms END AS began_ms
    FROM events e
    WHERE e.organisation_id = w.organisation_id AND e.subject_id = w.subject_id AND e.seq < w.position
      AND e.act IN ('granted', 'denied', 'withdrawn', 'objected', 'opted_out', 'expired')
      AND e.body ->> 'purpose' = w.purpose
      AND (w.property = '' OR coalesce(e.body ->> 'property', '') IN ('', w.property))
    ORDER BY e.seq DESC LIMIT 1
  ) before
  WHERE w.kind = 'withdrawn' AND before.act = 'granted'
), delays AS (
  INSERT INTO withdraw_delays AS d (organisation_id, day, purpose, property, bucket, count)
  SELECT organisation_id, ${dayOf('at_ms')}, purpose, property, width_bucket(greatest(delay_ms, 0), $3::bigint[]), count(*)
  FROM ended GROUP BY 1, 2, 3, 4, 5
  ON CONFLICT (organisation_id, day, purpose, property, bucket) DO UPDATE SET count = d.count + excluded.count
)
SELECT count(*)::integer AS added FROM added`

/** Takes in at most $1 acts that wait. */
export const addActs = `
WITH taken AS (
  DELETE FROM admin_acts_pending WHERE position IN (SELECT position FROM admin_acts_pending ORDER BY position LIMIT $1)
  RETURNING position
), facts AS MATERIALIZED (
  SELECT a.position, a.organisation_id, floor(extract(epoch FROM a.at) * 1000)::bigint AS at_ms, a.act AS kind, a.actor,
    coalesce(a.detail ->> 'purpose', '') AS purpose, coalesce(a.detail ->> 'property', '') AS property
  FROM taken JOIN admin_acts a USING (position)
), ${intoLog(2)}
SELECT count(*)::integer AS added FROM added`
