import { setImmediate as giveWay } from 'node:timers/promises'
import type { PastQuestion } from '../../domain/answers-at.ts'
import type { OrganisationId, PropertyKey, SubjectId } from '../../domain/ids.ts'
import { foldPast, type Past } from '../../domain/past.ts'
import type { RecordedEvent } from '../../ledger/person-reader.ts'
import type { ApiDeps } from '../deps.ts'

const sliceMs = 5

/** A subject's past, read from the log: for people who look into it, never for a use of data. */
export async function pastOf(
  { persons, clock }: Pick<ApiDeps, 'persons' | 'clock'>,
  organisationId: OrganisationId,
  id: SubjectId,
): Promise<{
  readonly past: Past
  readonly recorded: readonly RecordedEvent[]
  /** This moment; no earlier than anything that was recorded. */
  readonly nowMs: number
}> {
  // Her events first: whatever they were recorded under is there when the configuration is read.
  const recorded = await persons.events(organisationId, id)
  const configuration = await persons.configuration(organisationId)
  const past = foldPast(
    configuration,
    recorded.map(({ event }) => event),
  )
  return { past, recorded, nowMs: Math.max(clock(), past.times.at(-1) ?? 0) }
}

/** Every purpose, in the whole organisation and wherever she was asked: what is asked of each moment. */
export function questionsOf(
  past: Past,
  nowMs: number,
  collectedAtMs: number | null,
  property: PropertyKey | null,
): readonly PastQuestion[] {
  const seen = new Set<PropertyKey>(property === null ? [] : [property])
  for (const { body } of past.events) {
    if ('property' in body && body.property !== null) seen.add(body.property)
  }
  const purposes = [...(past.policyAt(nowMs)?.purposes.keys() ?? [])].sort()
  return purposes.flatMap((purpose) =>
    [null, ...[...seen].sort()].map((where) => ({ purpose, property: where, collectedAtMs })),
  )
}

/** Everything a generator gives, in turns of a few milliseconds: decisions go first. */
export async function collect<Value>(values: Iterable<Value | undefined>): Promise<Value[]> {
  const collected: Value[] = []
  let sliceEndsAt = performance.now() + sliceMs
  for (const value of values) {
    if (value !== undefined) collected.push(value)
    if (performance.now() < sliceEndsAt) continue
    await giveWay()
    sliceEndsAt = performance.now() + sliceMs
  }
  return collected
}
