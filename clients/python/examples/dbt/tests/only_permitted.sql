-- A dbt test: fails where the training set holds a record that no permitting row of the snapshot covers.
--
-- `consent_snapshot` is a snapshot of GET /v1/snapshots/ai_training, loaded as it is (see docs/snapshots.md), and
-- `training_set.subject_key` was computed where the ids are, with `assent.snapshots.subject_key`. The conditions are
-- those of the documented join. A record that meets no row must not be used.
select t.*
from {{ ref('training_set') }} as t
left join {{ source('assent', 'consent_snapshot') }} as s
  on s.subject_type = 'user'
  and s.subject_key = t.subject_key
  and s.decision = 'permit'
  and t.collected_at >= s.collected_from
  and t.collected_at < s.collected_until
  and current_timestamp < s.use_until
where s.subject_key is null
