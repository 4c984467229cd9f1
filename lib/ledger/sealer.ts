import { canonicalJson } from '../domain/canonical-json.ts'
import { IdentifierDigest } from '../domain/identifier-digest.ts'
import type { SubjectId } from '../domain/ids.ts'
import type { LogHead } from '../domain/log-head.ts'
import type { Draft, DraftedEvent } from './draft.ts'
import type { CommittedEvent, LedgerStore, NewSubject } from './ledger-store.ts'
import { chainHash, freshBytes, leafOf, seal } from './seal.ts'
import { SubjectKeys } from './subject-keys.ts'

/** Turns what was drafted into what is stored: commitments, the chain of hashes, sealed evidence and identifiers. */
export class Sealer {
  readonly #digests: IdentifierDigest
  readonly #keys: SubjectKeys
  readonly #organisationSeal: Uint8Array

  constructor(keys: {
    readonly lookup: Uint8Array
    readonly wrap: Uint8Array
    readonly organisationSeal: Uint8Array
  }) {
    this.#digests = new IdentifierDigest(keys.lookup)
    this.#keys = new SubjectKeys(keys.wrap)
    this.#organisationSeal = keys.organisationSeal
  }

  /** A new subject, with a key of her own. */
  subject({ organisationId, subjectId, identifier }: Draft['subjects'][number]): NewSubject {
    return {
      organisationId,
      subjectId,
      wrappedKey: this.#keys.create(subjectId),
      namespace: identifier.namespace,
      digest: this.#digests.bytes(organisationId, identifier),
      sealedIdentifier: seal(this.#keys.get(subjectId), Buffer.from(identifier.id)),
    }
  }

  /** Subjects among these whose keys must be learnt before their events can be sealed. */
  missing(events: readonly DraftedEvent[]): readonly SubjectId[] {
    const missing = new Set<SubjectId>()
    for (const { event } of events) {
      if (event.subjectId !== null && !this.#keys.isKnown(event.subjectId)) missing.add(event.subjectId)
    }
    return [...missing]
  }

  async learn(store: Pick<LedgerStore, 'subjectKeys'>, subjects: readonly SubjectId[]): Promise<void> {
    for (const [subjectId, key] of await store.subjectKeys(subjects)) this.#keys.learn(subjectId, key)
  }

  /** An event that follows the one with `previousHash`. Its subject's key must be known. */
  event({ event, evidence }: DraftedEvent, after: LogHead, previousHash: Uint8Array): CommittedEvent {
    const salt = freshBytes(32)
    const bodyJson = canonicalJson(event.body)
    const leaf = leafOf(event, after, salt, bodyJson)
    const hash = chainHash(previousHash, leaf)
    const key = event.subjectId === null ? this.#organisationSeal : this.#keys.get(event.subjectId)
    const content = JSON.stringify({ salt: Buffer.from(salt).toString('base64'), evidence })
    return { event, bodyJson, leaf, previousHash, hash, sealed: seal(key, Buffer.from(content)) }
  }
}
