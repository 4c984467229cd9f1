import type { RefusalAct, SubjectEvent } from '../../domain/events.ts'
import { formatRevision } from '../../domain/revision.ts'
import type { PublishedWords, RecordedEvent } from '../../ledger/person-reader.ts'
import { shownWith } from '../people/past-bodies.ts'
import { eventBody } from '../routes/subjects.ts'
import { type DeviceView, honouredForGpc, purposeName } from './device-view.ts'

/** What happened, as people tell it apart. */
export const happenings = ['granted', 'refused', 'withdrawn', 'gpc', 'expired'] as const
type Happening = (typeof happenings)[number]

const refusals: Readonly<Record<RefusalAct, Happening>> = {
  denied: 'refused',
  objected: 'refused',
  opted_out: 'refused',
  withdrawn: 'withdrawn',
}

/** What of a subject's events is about this property, or about everything; links name others, and stay out. */
export function isAbout({ body }: SubjectEvent, property: string): boolean {
  if (body.act === 'linked' || body.act === 'unlinked') return false
  return !('property' in body) || body.property === null || body.property === property
}

/** One line of what she chose, and when; undefined for what is no choice. */
export function historyBody(view: DeviceView, recorded: RecordedEvent, locale: string) {
  const { event } = recorded
  const { body } = event
  const at = new Date(event.recordedAtMs).toISOString()
  const named = (keys: readonly string[]) =>
    keys.map((key) => ({ key, name: purposeName(view, key, locale) }))
  if (body.act === 'gpc_opted_out') {
    return { seq: event.seq, at, what: 'gpc' as const, purposes: named(honouredForGpc(view)), notice: null }
  }
  const what: Happening | undefined =
    body.act === 'granted' || body.act === 'expired'
      ? body.act
      : 'notice' in body
        ? refusals[body.act as RefusalAct]
        : undefined
  if (what === undefined || !('purpose' in body)) return undefined
  return { seq: event.seq, at, what, purposes: named([body.purpose]), notice: shownWith(recorded) }
}

export const wordsBody = ({ key, version, locale, sha256, text }: PublishedWords) => ({
  ...{ key, version, locale, sha256, text },
})

/** An event in full, with its place in the chain. */
export function recordBody(
  recorded: RecordedEvent,
  evidence: Readonly<Record<string, unknown>> | undefined,
): object {
  const { event, log, epoch, hash, previousHash } = recorded
  return {
    ...eventBody(event),
    revision: formatRevision({ log, epoch, seq: event.seq }),
    ...{ hash, previous_hash: previousHash, evidence: evidence ?? null },
  }
}
