import type { ConfigEvent, NoticeRef, SubjectEvent } from '../domain/events.ts'
import type { OrganisationId, SubjectId } from '../domain/ids.ts'
import { leafOf, unseal } from './seal.ts'

/** An event with its place in the chain; hashes in hex. */
export type RecordedEvent = {
  readonly event: SubjectEvent
  readonly log: number
  readonly epoch: number
  readonly leaf: string
  readonly hash: string
  readonly previousHash: string
  /** False where it was destroyed. */
  readonly hasEvidence: boolean
}

/** The words of a notice in one locale, as they were published and never changed. */
export type PublishedWords = NoticeRef & {
  readonly sha256: string
  readonly text: Readonly<Record<string, unknown>>
}

type SealedParts = { readonly sealed: Uint8Array; readonly wrappedKey: Uint8Array }

/** Where what is known of one subject lies; everything is an organisation's. */
export type PersonStore = {
  /** All of it, in sequence. */
  configuration(organisationId: OrganisationId): Promise<readonly ConfigEvent[]>
  /** All of hers, in sequence. */
  events(organisationId: OrganisationId, subjectId: SubjectId): Promise<readonly RecordedEvent[]>
  /** Null for each that was erased. */
  identifiers(
    organisationId: OrganisationId,
    subjectId: SubjectId,
  ): Promise<readonly { readonly namespace: string; readonly parts: SealedParts | null }[]>
  /** Of her events with these numbers; what was destroyed is missing. */
  evidence(
    organisationId: OrganisationId,
    subjectId: SubjectId,
    seqs: readonly number[],
  ): Promise<ReadonlyMap<number, SealedParts>>
  /** Those that were published among these. */
  words(organisationId: OrganisationId, shown: readonly NoticeRef[]): Promise<readonly PublishedWords[]>
}

/** What was sealed with an event. */
export type OpenedEvidence = {
  readonly evidence: Readonly<Record<string, unknown>>
  /** Whether event and salt give the leaf that the log committed to. */
  readonly matchesLog: boolean
}

/** One person in clear, for those who may; never for a decision. */
export type PersonReader = Pick<PersonStore, 'configuration' | 'events' | 'words'> & {
  /** `id` is null where it was erased. */
  identifiers(
    organisationId: OrganisationId,
    subjectId: SubjectId,
  ): Promise<readonly { readonly namespace: string; readonly id: string | null }[]>
  /** By the event's number. Throws where one does not open. */
  evidence(
    organisationId: OrganisationId,
    subjectId: SubjectId,
    of: readonly RecordedEvent[],
  ): Promise<ReadonlyMap<number, OpenedEvidence>>
}

/** `wrap` is the 32-byte key that subjects' keys are stored under. */
export function createPersonReader(store: PersonStore, wrap: Uint8Array): PersonReader {
  const open = ({ sealed, wrappedKey }: SealedParts) =>
    Buffer.from(unseal(unseal(wrap, wrappedKey), sealed)).toString('utf8')
  return {
    configuration: store.configuration,
    events: store.events,
    words: store.words,
    async identifiers(organisationId, subjectId) {
      const stored = await store.identifiers(organisationId, subjectId)
      return stored.map(({ namespace, parts }) => ({ namespace, id: parts === null ? null : open(parts) }))
    },
    async evidence(organisationId, subjectId, of) {
      const seqs = of.map(({ event }) => event.seq)
      const stored = await store.evidence(organisationId, subjectId, seqs)
      const opened = new Map<number, OpenedEvidence>()
      for (const { event, log, epoch, leaf } of of) {
        const parts = stored.get(event.seq)
        if (parts === undefined) continue
        const { salt, evidence } = JSON.parse(open(parts)) as {
          salt: string
          evidence: Record<string, unknown>
        }
        const committed = leafOf(event, { log, epoch }, Buffer.from(salt, 'base64'))
        opened.set(event.seq, { evidence, matchesLog: Buffer.from(committed).toString('hex') === leaf })
      }
      return opened
    },
  }
}
