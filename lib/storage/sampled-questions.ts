import type { KeptQuestion } from '../decisions/flips/kept-question.ts'
import type { SampledQuestions } from '../decisions/flips/sampled-questions.ts'
import type { PrismaClient } from './prisma/client.ts'
import { toSubjectId, toUuid } from './row-ids.ts'

const dayMs = 86_400_000

type Row = {
  decided_at: Date
  key_id: string
  purpose: string
  reason: string
  route: string
  subject_id: string | null
  question: KeptQuestion
}
type CountRow = { key_id: string; purpose: string; reason: string; count: bigint }

const kindOf = (row: { key_id: string; purpose: string; reason: string }) =>
  `${row.key_id} ${row.purpose} ${row.reason}`

/** The kept questions of single answers, with what was counted beside them. */
export function createSampledQuestions(prisma: PrismaClient): SampledQuestions {
  return {
    async ofDay(organisationId, fromMs, limit) {
      const organisation = toUuid(organisationId)
      const [from, to] = [new Date(fromMs), new Date(fromMs + dayMs)]
      const counts = await prisma.$queryRaw<CountRow[]>`
        SELECT key_id, purpose, reason, count FROM usage_days
        WHERE organisation_id = ${organisation}::uuid AND day = ${from}`
      // Ids are random, so the first of them are any; of every kind one comes before of any kind a second.
      const rows = await prisma.$queryRaw<Row[]>`
        SELECT decided_at, key_id, purpose, reason, route, subject_id, question
        FROM (
          SELECT *, row_number() OVER (PARTITION BY key_id, purpose, reason ORDER BY id) AS nth
          FROM decision_samples
          WHERE organisation_id = ${organisation}::uuid AND decided_at >= ${from} AND decided_at < ${to}
            AND question IS NOT NULL
        ) AS s
        ORDER BY nth, id LIMIT ${limit}`
      const asked = new Map(counts.map((row) => [kindOf(row), Number(row.count)]))
      const kept = new Map<string, number>()
      for (const row of rows) kept.set(kindOf(row), (kept.get(kindOf(row)) ?? 0) + 1)
      return {
        day: from.toISOString().slice(0, 10),
        asked: counts.reduce((sum, { count }) => sum + Number(count), 0),
        questions: rows.map((row) => ({
          ...{ askedAtMs: row.decided_at.getTime(), key: row.key_id, route: row.route },
          subjectId: row.subject_id === null ? null : toSubjectId(row.subject_id),
          question: row.question,
          // Where its minute is not counted yet, it stands for itself.
          weight: Math.max(1, (asked.get(kindOf(row)) ?? 0) / (kept.get(kindOf(row)) ?? 1)),
        })),
      }
    },
  }
}
