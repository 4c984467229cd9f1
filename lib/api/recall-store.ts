import type { Doer } from '../auth/admin-store.ts'
import type { RecallCount } from '../decisions/decisions.ts'
import type { OrganisationId, PurposeKey, SubjectId } from '../domain/ids.ts'
import type { RecallScope } from '../domain/recall.ts'

export type StoredRecall = {
  /** A UUID, of its event. */
  readonly id: string
  readonly seq: number
  readonly scope: RecallScope
  readonly reason: string
  readonly recalledBy: string
  readonly recalledAtMs: number
  /** Whom it struck when its tasks were opened; null until they are. */
  readonly struck: { readonly people: number; readonly consents: readonly RecallCount[] } | null
  readonly openTasks: number
  readonly doneTasks: number
}

export type Task = {
  readonly id: string
  readonly kind: string
  readonly matter: Readonly<Record<string, unknown>>
  readonly recallId: string | null
  readonly openedAtMs: number
  readonly dueAtMs: number | null
  readonly doneAtMs: number | null
  readonly doneBy: string | null
  readonly note: string | null
}

/** `about` names it within its kind and recall: opened again, it is there once. */
export type NewTask = Pick<Task, 'kind' | 'matter'> & { readonly about: string }

export type TaskQuery = {
  readonly state: 'open' | 'done'
  readonly recallId: string | null
  /** Id of the last one seen. */
  readonly after: string | null
  readonly limit: number
}

/** Recalls as their events say, and what is to be done about them. */
export type Recalls = {
  /** Newest first. */
  list(organisationId: OrganisationId): Promise<readonly StoredRecall[]>
  find(organisationId: OrganisationId, id: string): Promise<StoredRecall | undefined>
  /** The recall that an event of the log made. */
  findBySeq(organisationId: OrganisationId, seq: number): Promise<StoredRecall | undefined>
  /** Opens a recall's tasks and keeps whom it struck, all or nothing, once: false where that was done before. */
  openTasks(
    organisationId: OrganisationId,
    recall: StoredRecall,
    struck: NonNullable<StoredRecall['struck']>,
    tasks: readonly NewTask[],
    atMs: number,
  ): Promise<boolean>
  /** API keys that were told yes for one of these purposes since, with how often; the most first. */
  askers(
    organisationId: OrganisationId,
    purposes: readonly PurposeKey[],
    sinceMs: number,
  ): Promise<readonly { readonly key: string; readonly permits: number }[]>
  /** Permits that name a run, for one of these purposes, by run; at most `limit`. */
  permitsInRuns(
    organisationId: OrganisationId,
    purposes: readonly PurposeKey[],
    limit: number,
  ): Promise<readonly { readonly run: string; readonly subjectId: SubjectId }[]>
  /** Filters for one of these purposes that let something through since, newest first; at most `limit`. */
  filters(
    organisationId: OrganisationId,
    purposes: readonly PurposeKey[],
    sinceMs: number,
    limit: number,
  ): Promise<readonly { readonly id: string; readonly purpose: PurposeKey; readonly createdAtMs: number }[]>
  /** Open ones oldest first, done ones newest first. */
  tasks(organisationId: OrganisationId, query: TaskQuery): Promise<readonly Task[]>
  /** Says that a task is done: `unknown`, or `done` where somebody said so before. */
  finish(
    organisationId: OrganisationId,
    id: string,
    note: string | null,
    by: Doer,
  ): Promise<Task | 'unknown' | 'done'>
}
