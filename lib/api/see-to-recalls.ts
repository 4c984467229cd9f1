import type { Decisions, RecallCounts } from '../decisions/decisions.ts'
import type { Clock } from '../domain/clock.ts'
import type { OrganisationId, PurposeKey } from '../domain/ids.ts'
import { lineageOf } from '../domain/ids.ts'
import type { Policy } from '../domain/policy.ts'
import { isMeant, type RecallScope } from '../domain/recall.ts'
import type { Revision } from '../domain/revision.ts'
import type { Consumers } from './consumer-store.ts'
import type { NewTask, Recalls, StoredRecall } from './recall-store.ts'

const usedSinceMs = 30 * 86_400_000
/** Permits in runs that are looked at, and filters that are listed. */
const permitsMax = 100_000
const filtersMax = 500

/** Everyone and everything that relied on what a recall strikes. Models are to come: the list grows, never shrinks. */
export type Affected = {
  readonly struck: RecallCounts
  readonly services: readonly {
    readonly key: string
    readonly name: string | null
    readonly permits: number
  }[]
  readonly runs: readonly { readonly run: string; readonly people: number }[]
  readonly filters: readonly {
    readonly id: string
    readonly purpose: PurposeKey
    readonly createdAtMs: number
  }[]
  readonly consumers: readonly { readonly name: string; readonly applied: Revision }[]
}

export type SeeToRecalls = {
  /** What a recall would strike, or what the one at `beforeSeq` struck. */
  affected(organisationId: OrganisationId, scope: RecallScope, beforeSeq?: number): Promise<Affected>
  /** Opens the tasks of recalls that have none yet. Safe to repeat, and at once. */
  openTasks(organisationId: OrganisationId): Promise<void>
}

export function createSeeToRecalls(deps: {
  readonly decisions: Decisions
  readonly recalls: Recalls
  readonly consumers: Pick<Consumers, 'list'>
  readonly clock: Clock
}): SeeToRecalls {
  const { decisions, recalls, consumers, clock } = deps

  /** In which runs somebody was permitted who is struck: told by her own state, as far back as answers are kept. */
  async function runsOf(
    organisationId: OrganisationId,
    scope: RecallScope,
    beforeSeq: number,
    purposes: readonly PurposeKey[],
  ): Promise<Affected['runs']> {
    const people = new Map<string, number>()
    for (const { run, subjectId } of await recalls.permitsInRuns(organisationId, purposes, permitsMax)) {
      const rows = decisions.state(organisationId, subjectId)?.rows ?? []
      const isStruck = rows.some(
        ({ purpose, grant }) =>
          grant !== null &&
          isMeant(scope, beforeSeq, grant) &&
          purposes.some((each) => lineageOf(each).includes(purpose)),
      )
      if (isStruck) people.set(run, (people.get(run) ?? 0) + 1)
    }
    return [...people].map(([run, count]) => ({ run, people: count })).sort((a, b) => b.people - a.people)
  }

  async function affected(
    organisationId: OrganisationId,
    scope: RecallScope,
    beforeSeq?: number,
  ): Promise<Affected> {
    const struck = await decisions.countRecall(organisationId, scope, beforeSeq)
    const policy = decisions.policy(organisationId)
    const purposes = withParts(
      policy,
      struck.consents.map(({ purpose }) => purpose),
    )
    if (purposes.length === 0) return { struck, services: [], runs: [], filters: [], consumers: [] }
    const sinceMs = clock() - usedSinceMs
    const [askers, runs, filters, all] = await Promise.all([
      recalls.askers(organisationId, purposes, sinceMs),
      runsOf(organisationId, scope, beforeSeq ?? Number.POSITIVE_INFINITY, purposes),
      recalls.filters(organisationId, purposes, sinceMs, filtersMax),
      consumers.list(organisationId, decisions.revision()),
    ])
    return {
      ...{ struck, runs, filters },
      services: askers.map((each) => ({ ...each, name: policy?.keys.get(each.key)?.name ?? null })),
      // Who has not said what it uses may use these.
      consumers: all.filter(
        ({ purposes: uses }) => uses.length === 0 || uses.some((each) => purposes.includes(each)),
      ),
    }
  }

  async function openTasksOf(organisationId: OrganisationId, recall: StoredRecall): Promise<void> {
    const found = await affected(organisationId, recall.scope, recall.seq)
    const { people, consents } = found.struck
    await recalls.openTasks(organisationId, recall, { people, consents }, tasksOf(found), clock())
  }

  return {
    affected,
    async openTasks(organisationId) {
      for (const recall of await recalls.list(organisationId)) {
        if (recall.struck === null) await openTasksOf(organisationId, recall)
      }
    },
  }
}

/** One for the people, and one for each service, run, filter and consumer. */
function tasksOf({ struck, services, runs, filters, consumers }: Affected): readonly NewTask[] {
  const people: readonly NewTask[] =
    struck.people === 0 ? [] : [{ kind: 'recall_people', about: '', matter: { people: struck.people } }]
  return [
    ...people,
    ...services.map(({ key, name, permits }) => ({
      ...{ kind: 'recall_service', about: key, matter: { key, name, permits } },
    })),
    ...runs.map(({ run, people: count }) => ({
      ...{ kind: 'recall_run', about: run, matter: { run, people: count } },
    })),
    ...filters.map(({ id, purpose }) => ({
      kind: 'recall_filter',
      about: id,
      matter: { filter: id, purpose },
    })),
    ...consumers.map(({ name }) => ({ kind: 'recall_consumer', about: name, matter: { consumer: name } })),
  ]
}

/** With their descendants, which a yes to the whole allows. */
function withParts(policy: Policy | undefined, purposes: readonly PurposeKey[]): readonly PurposeKey[] {
  const parts = [...(policy?.purposes.keys() ?? [])].filter((key) =>
    lineageOf(key).some((each) => purposes.includes(each)),
  )
  return [...new Set([...purposes, ...parts])]
}
