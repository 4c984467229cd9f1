import { createHash } from 'node:crypto'
import { because } from '../../domain/because.ts'
import { canonicalJson } from '../../domain/canonical-json.ts'
import type { Query } from '../../domain/decision.ts'
import type { NoticeRef } from '../../domain/events.ts'
import { explain } from '../../domain/explain.ts'
import type { PropertyKey, PurposeKey } from '../../domain/ids.ts'
import { actsFromMs, type Known, type Past } from '../../domain/past.ts'
import type { PublishedWords, RecordedEvent } from '../../ledger/person-reader.ts'
import type { Approval, RoomContent } from './room-store.ts'

export type RoomQuestion = {
  readonly subject: string
  readonly purpose: PurposeKey
  readonly property: PropertyKey | null
  readonly atMs: number
}

/** What a room never shows, in the words in which it says so. */
export const withheld = [
  'The identifiers by which the organisation knows this person: name, address, account.',
  'The evidence kept with each event, such as browser and network address. It is sealed; its commitment is in the hash.',
  'Her other purposes, and anything else that she said.',
  'With whom she is linked, and what age was stated.',
] as const

const iso = (atMs: number) => new Date(atMs).toISOString()

/** Every notice that is named, once. */
export function noticesOf(events: readonly RecordedEvent[]): readonly NoticeRef[] {
  const named = events.flatMap(({ event: { body } }) =>
    'notice' in body && body.notice !== null ? [body.notice] : [],
  )
  return [...new Map(named.map((each) => [JSON.stringify(each), each])).values()]
}

/** What bears on the question: events of the purpose, its parents and its parts that acted by the moment, and signals. */
export function eventsFor(
  recorded: readonly RecordedEvent[],
  { purpose, atMs }: RoomQuestion,
): readonly RecordedEvent[] {
  const isNear = (other: string) =>
    `${other}.`.startsWith(`${purpose}.`) || `${purpose}.`.startsWith(`${other}.`)
  return recorded.filter(({ event }) => {
    const { body } = event
    if (Math.min(actsFromMs(event), event.recordedAtMs) > atMs) return false
    if ('purpose' in body) return isNear(body.purpose)
    return body.act !== 'linked' && body.act !== 'unlinked' && body.act !== 'age_stated'
  })
}

/** The decision at the moment, row by row, by the same rules that answer now. */
function answerOf(past: Past, known: Known, { purpose, property, atMs }: RoomQuestion) {
  const policy = past.policyAt(atMs)
  if (policy === undefined) return null
  const query: Query = {
    ...{ purpose, property, nowMs: atMs, collectedAtMs: atMs, freshness: 'fresh', demandsCollectedAt: false },
    ...{ categories: null, recipient: null, regime: null, sourcePurpose: null },
  }
  const { decision, trace } = explain(policy, past.stateAt(atMs, known), query)
  return {
    ...{ allowed: decision.allowed, reason: decision.reason, because: because(decision) },
    event_seq: decision.basis.seq,
    notice: decision.basis.notice,
    rows: trace.map(({ row, rule, outcome, saw }) => ({ row, rule, outcome, saw })),
  }
}

/**
 * The answer to one question about one moment as it is sealed: what was answered then, what is answered about it today
 * (a no told late acts from when it was said), the words, the events with their place in the chain, and what is withheld.
 * Nothing in it names the person but her random id.
 */
export function answerContent(
  question: RoomQuestion,
  made: {
    readonly organisation: string
    readonly past: Past
    readonly events: readonly RecordedEvent[]
    readonly words: readonly (PublishedWords & { readonly approval: Approval | null })[]
    readonly nowMs: number
  },
): { readonly content: RoomContent; readonly contentSha256: string } {
  const { past, words, nowMs } = made
  const { subject, purpose, property, atMs } = question
  const [then, now] = (['then', 'now'] as const).map((known) => answerOf(past, known, question))
  const reliedOn = new Set([then?.event_seq, now?.event_seq])
  const content = {
    format: 'assent.room/1',
    organisation: made.organisation,
    question: { subject, purpose, property, at: iso(atMs) },
    answer: { as_known_then: then ?? null, as_known_now: now ?? null },
    words: words.map(({ approval, sha256, text, ...notice }) => ({
      ...notice,
      ...{ sha256, text },
      approval:
        approval === null
          ? null
          : {
              ...{ release: approval.release, published_at: iso(approval.publishedAtMs) },
              approvals: approval.approvals.map((each) => ({ by: each.by, at: iso(each.atMs) })),
            },
    })),
    events: made.events.map((recorded) => eventContent(recorded, reliedOn.has(recorded.event.seq))),
    withheld,
    sealed_at: iso(nowMs),
  }
  return { content, contentSha256: createHash('sha256').update(canonicalJson(content)).digest('hex') }
}

/** Chosen member by member: what an event comes to hold is not shown before someone has thought about it. */
function eventContent({ event, epoch, leaf, hash, previousHash }: RecordedEvent, isReliedOn: boolean) {
  const { id, seq, body, recordedAtMs, occurredAtMs } = event
  const said = body as {
    readonly purpose?: string
    readonly property?: string | null
    readonly notice?: NoticeRef | null
    readonly method?: string | null
    readonly actor?: string
  }
  return {
    ...{ id, epoch, seq, act: body.act, recorded_at: iso(recordedAtMs), occurred_at: iso(occurredAtMs) },
    ...{ purpose: said.purpose ?? null, property: said.property ?? null, notice: said.notice ?? null },
    ...{ method: said.method ?? null, actor: said.actor ?? null, is_relied_on: isReliedOn },
    ...{ leaf, previous_hash: previousHash, hash },
  }
}
