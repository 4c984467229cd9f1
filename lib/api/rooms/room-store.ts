import type { Doer } from '../../auth/admin-store.ts'
import type { OrganisationId } from '../../domain/ids.ts'
import type { Reason } from '../people/people-store.ts'

/** What is sealed in a room; JSON without identifiers. */
export type RoomContent = Readonly<Record<string, unknown>>

export type Room = {
  readonly id: string
  readonly content: RoomContent
  /** Of the content's canonical JSON (RFC 8785), hex. */
  readonly contentSha256: string
  /** `member:` and her id, or an API key's id. */
  readonly createdBy: string
  readonly why: Reason
  readonly createdAtMs: number
  readonly expiresAtMs: number
  readonly revokedAtMs: number | null
}

export type RoomListed = Room & { readonly views: number; readonly lastViewedAtMs: number | null }
export type RoomView = { readonly atMs: number; readonly addressPrefix: string }

/** Who let what was published out of the house, where a release says so. */
export type Approval = {
  readonly release: string
  readonly publishedAtMs: number
  readonly approvals: readonly { readonly by: string; readonly atMs: number }[]
}

export type RoomStore = {
  /** Writes the act `room_opened` with it. */
  open(
    organisationId: OrganisationId,
    room: Omit<Room, 'id' | 'createdBy' | 'createdAtMs' | 'revokedAtMs'> & {
      readonly tokenSha256: Uint8Array
    },
    by: Doer,
    detail: Readonly<Record<string, string>>,
  ): Promise<Room>
  /** Newest first, at most 500. */
  list(organisationId: OrganisationId): Promise<readonly RoomListed[]>
  /** With its views, newest first, at most 500. */
  find(
    organisationId: OrganisationId,
    id: string,
  ): Promise<(RoomListed & { readonly seen: readonly RoomView[] }) | undefined>
  /** Closes it for good, with the act `room_closed`; harmless to repeat. False for one that is not there. */
  revoke(organisationId: OrganisationId, id: string, by: Doer): Promise<boolean>
  /**
   * The room of a link. Where it is open at `atMs` the view is written down in the same transaction, with the act
   * `room_viewed`: nobody sees it unseen. A room that has run out or was revoked is `closed`.
   */
  view(
    tokenSha256: Uint8Array,
    view: RoomView,
  ): Promise<{ readonly room: Room; readonly isClosed: boolean } | undefined>
  /** How what the log has at `seq` came to be published. */
  approvalOf(organisationId: OrganisationId, seq: number): Promise<Approval | undefined>
}
