import type { AskedAt } from '../../domain/confirmation.ts'
import type { OrganisationId, PropertyKey, PurposeKey } from '../../domain/ids.ts'

/** By whom a yes waits to be confirmed: by her own mailbox, or by a parent's or guardian's. */
export type PendingKind = 'confirm' | 'guardian'

/** A yes that waits. `sealed` says whom it is about, and what was shown to her. */
export type Pending = {
  readonly property: PropertyKey
  /** 32 bytes, keyed. */
  readonly subjectDigest: Uint8Array
  /** The question's purpose; its parts are sealed with the rest. */
  readonly purpose: PurposeKey
  readonly kind: PendingKind
  /** 32 bytes. */
  readonly codeSha256: Uint8Array
  readonly sealed: Uint8Array
  readonly asked: AskedAt
  readonly askedAtMs: number
  /** It can be confirmed for `t < expiresAtMs`, at most a day. */
  readonly expiresAtMs: number
}

/** What waits to be confirmed. At most one for each organisation, property, person and question: the newest. */
export type PendingStore = {
  /** In place of what waited for the same question. Forgets what has run out. */
  put(organisationId: OrganisationId, pending: Pending): Promise<void>
  /** What a link's code answers on one property; undefined where it was answered, taken back or has run out. */
  find(
    organisationId: OrganisationId,
    property: PropertyKey,
    codeSha256: Uint8Array,
    nowMs: number,
  ): Promise<Pending | undefined>
  /** What waits for one person. */
  list(
    organisationId: OrganisationId,
    property: PropertyKey,
    subjectDigest: Uint8Array,
    nowMs: number,
  ): Promise<readonly Pending[]>
  /** Forgets one, by its code. */
  drop(organisationId: OrganisationId, codeSha256: Uint8Array): Promise<void>
  /** Forgets what has run out, whoever's it was. */
  forget(nowMs: number): Promise<void>
}
