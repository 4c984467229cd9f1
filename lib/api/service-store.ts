import type { Doer } from '../auth/admin-store.ts'
import type { OrganisationId } from '../domain/ids.ts'
import type { Reason } from '../domain/reasons.ts'

/** From `fromMs` up to `toMs`, itself not; both whole minutes. */
export type Span = { readonly fromMs: number; readonly toMs: number }

/** What one key asked about one purpose. */
export type AskedOfPurpose = {
  readonly key: string
  readonly purpose: string
  readonly decisions: number
  readonly denied: number
}

/** So many answers of one kind in one step of time. */
export type AskedInStep = {
  readonly stepMs: number
  readonly purpose: string
  readonly reason: Reason
  readonly count: number
}

export type FirstUse = {
  readonly key: string
  readonly purpose: string
  /** Beginning of the minute. */
  readonly firstAtMs: number
}

/** What services asked, from the counts that are stored. Steps are of UTC. */
export type ServiceStore = {
  /** By key and purpose. */
  asked(organisationId: OrganisationId, span: Span): Promise<readonly AskedOfPurpose[]>
  /** When each key last asked, ever: the beginning of the minute. */
  lastAsked(organisationId: OrganisationId): Promise<ReadonlyMap<string, number>>
  /** One key's, oldest first. */
  questions(
    organisationId: OrganisationId,
    key: string,
    span: Span & { readonly step: 'minute' | 'hour' | 'day' },
  ): Promise<readonly AskedInStep[]>
  /** First uses that nobody has seen yet, the newest first. */
  unseen(organisationId: OrganisationId): Promise<readonly FirstUse[]>
  /** Notes that someone has seen one, as an administrative act, once; false where there is none. */
  see(
    organisationId: OrganisationId,
    use: { readonly key: string; readonly purpose: string },
    by: Doer,
  ): Promise<boolean>
}
