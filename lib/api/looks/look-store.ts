import type { OrganisationId } from '../../domain/ids.ts'
import type { Shot, ShotResult } from '../../domain/looks.ts'
import type { Picture } from '../../domain/picture.ts'

/** A set of pictures of an experience, with whom, when and with what they were taken. */
export type LookSet = {
  readonly id: string
  readonly experience: string
  /** SHA-256 of its definition's canonical JSON; and of that with the notice and purposes that were shown. */
  readonly definitionSha256: string
  readonly contentSha256: string
  readonly notice: string
  readonly noticeVersion: number
  readonly locales: readonly string[]
  readonly userAgent: string
  readonly takenBy: string
  readonly takenAtMs: number
}

export type StoredShot = Shot & {
  readonly results: readonly ShotResult[]
  /** How many of its rules are broken. */
  readonly broken: number
  readonly takenAtMs: number
}

/** How many pictures of a set there are, and how many of these break a rule. */
export type LookCounts = { readonly taken: number; readonly broken: number }

/** What is stored never changes: a later look is another set. */
export type LookStore = {
  /** Writes the set and, in the same transaction, the act that says who takes it. */
  begin(organisationId: OrganisationId, set: LookSet): Promise<void>
  find(organisationId: OrganisationId, id: string): Promise<LookSet | undefined>
  /** Of one definition, the newest first, with counts; at most 20. */
  list(
    organisationId: OrganisationId,
    experience: string,
    definitionSha256: string,
  ): Promise<readonly (LookSet & LookCounts)[]>
  /** False where there is that picture already. */
  add(
    organisationId: OrganisationId,
    id: string,
    shot: StoredShot,
    picture: Uint8Array,
    mediaType: Picture['mediaType'],
  ): Promise<boolean>
  shots(organisationId: OrganisationId, id: string): Promise<readonly StoredShot[]>
  picture(
    organisationId: OrganisationId,
    id: string,
    shot: Shot,
  ): Promise<{ readonly bytes: Uint8Array; readonly mediaType: string } | undefined>
}
