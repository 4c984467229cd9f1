import type { ComparisonStore, CountedLayout } from '../api/comparisons/comparison-store.ts'
import type { Understanding } from '../domain/compare-layouts.ts'
import { AssentError } from '../domain/errors.ts'
import type { PrismaClient } from './prisma/client.ts'
import { toUuid } from './row-ids.ts'

const timeoutMs = 20_000
const hourMs = 3_600_000

/**
 * Counted from the log itself, so that nothing more is kept about anyone. Who answered: the first thing she ever said about
 * a purpose, where it was said in one of the versions. Who changed her mind: the opposite said about it later, wherever. People, not answers:
 * `accept all` is one.
 */
export function createComparisonStore(prisma: PrismaClient): ComparisonStore {
  return {
    async heard(organisationId, { comparison, experience, version, outcome }) {
      await prisma.$executeRaw`
        INSERT INTO understanding_counts AS c (organisation_id, comparison, experience, version, outcome, answers)
        VALUES (${toUuid(organisationId)}::uuid, ${comparison}, ${experience}, ${version}, ${outcome}, 1)
        ON CONFLICT (organisation_id, comparison, experience, version, outcome)
        DO UPDATE SET answers = c.answers + 1`
    },
    async heardIn(organisationId, comparison) {
      const rows = await prisma.understandingCount.findMany({
        where: { organisationId: toUuid(organisationId), comparison },
      })
      return rows.map(({ experience, version, outcome, answers }) => {
        return {
          comparison,
          experience,
          version,
          outcome: outcome as Understanding,
          answers: Number(answers),
        }
      })
    },
    async count(organisationId, { versions, afterSeq, hours, nowMs }) {
      const organisation = toUuid(organisationId)
      const names = versions.map(({ key, version }) => `${key}@${version}`)
      const windows = hours.map((each) => BigInt(each * hourMs))
      try {
        return await prisma.$transaction(
          async (tx) => {
            await tx.$executeRawUnsafe(`SET LOCAL statement_timeout = ${timeoutMs}`)
            return tx.$queryRaw<CountedLayout[]>`
              WITH firsts AS MATERIALIZED (
                SELECT DISTINCT ON (subject_id, purpose) * FROM (
                  SELECT subject_id, seq, recorded_at_ms, act = 'granted' AS is_yes, body ->> 'purpose' AS purpose,
                    body #>> '{experience,key}' AS experience, (body #>> '{experience,version}')::integer AS version
                  FROM events
                  WHERE organisation_id = ${organisation}::uuid AND seq > ${afterSeq} AND subject_id IS NOT NULL
                    AND act IN ('granted', 'denied', 'withdrawn', 'opted_out') AND body ? 'experience'
                ) AS said
                WHERE experience || '@' || version = ANY (${names})
                ORDER BY subject_id, purpose, seq
              ), later AS (
                SELECT f.*, (
                  SELECT min(e.recorded_at_ms) FROM events e
                  WHERE e.organisation_id = ${organisation}::uuid AND e.subject_id = f.subject_id AND e.seq > f.seq
                    AND e.act IN ('granted', 'denied', 'withdrawn', 'opted_out', 'objected')
                    AND e.body ->> 'purpose' = f.purpose AND (e.act = 'granted') <> f.is_yes
                ) - f.recorded_at_ms AS after_ms
                FROM firsts f
                WHERE NOT EXISTS (
                  SELECT 1 FROM events e
                  WHERE e.organisation_id = ${organisation}::uuid AND e.subject_id = f.subject_id AND e.seq < f.seq
                    AND e.act IN ('granted', 'denied', 'withdrawn', 'opted_out', 'objected')
                    AND e.body ->> 'purpose' = f.purpose
                )
              ), people AS (
                SELECT (array_agg(experience ORDER BY seq))[1] AS experience,
                  (array_agg(version ORDER BY seq))[1] AS version,
                  max(recorded_at_ms) AS at_ms, min(after_ms) AS after_ms
                FROM later GROUP BY subject_id
              )
              SELECT experience, version, (span / ${hourMs})::double precision AS hours,
                count(*)::double precision AS answers,
                count(*) FILTER (WHERE after_ms <= span)::double precision AS changed
              FROM people CROSS JOIN unnest(${windows}::bigint[]) AS span
              WHERE at_ms <= ${nowMs}::bigint - span
              GROUP BY 1, 2, 3`
          },
          { maxWait: 10_000, timeout: timeoutMs + 5_000 },
        )
      } catch (cause) {
        if (!String(cause).includes('statement timeout')) throw cause
        const message = 'There are too many answers to be counted now. Ask again when less is going on.'
        throw new AssentError('not_ready', message, { cause })
      }
    },
  }
}
