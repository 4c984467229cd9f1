import type { OrganisationId } from '../../domain/ids.ts'
import type { SampledDay } from './find-flips.ts'

/** Questions that were asked and kept. */
export type SampledQuestions = {
  /**
   * What is kept of one day in UTC, which begins at `dayMs`: at most `limit` questions, of every kind (key, purpose,
   * reason) some before of any kind more, and each with its share of all that were asked of its kind.
   */
  ofDay(organisationId: OrganisationId, dayMs: number, limit: number): Promise<SampledDay>
}

const dayMs = 86_400_000
/** A report looks so many days back, today included. */
export const daysBack = 30
/** Of each day at most so many: more would say little more. */
const questionsOfDayMax = 1_000

const firstDayMs = (nowMs: number) => (Math.floor(nowMs / dayMs) - daysBack + 1) * dayMs

/** All days up to the present one; `told` hears how many were read. */
export async function* sampledDays(
  questions: SampledQuestions,
  organisationId: OrganisationId,
  nowMs: number,
  told: (done: number) => void | Promise<void>,
): AsyncGenerator<SampledDay> {
  for (let day = 0; day < daysBack; day++) {
    yield await questions.ofDay(organisationId, firstDayMs(nowMs) + day * dayMs, questionsOfDayMax)
    await told(day + 1)
  }
}
