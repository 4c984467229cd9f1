import type { Decision, Query, TraceRow } from '../domain/decision.ts'
import { AssentError } from '../domain/errors.ts'
import type { Actor, NoticeRef } from '../domain/events.ts'
import { explain } from '../domain/explain.ts'
import { type Contribution, explainRegimes } from '../domain/explain-regimes.ts'
import { emptyState } from '../domain/fold-event.ts'
import type { EventId, PropertyKey, PurposeKey, SubjectId } from '../domain/ids.ts'
import type { Policy } from '../domain/policy.ts'
import { countryOf, type Place, regimesFor } from '../domain/territories.ts'
import { Draft } from './draft.ts'
import type { Choice, EventStatus } from './ledger.ts'
import { planConsents } from './plan-consents.ts'
import { planGpc } from './plan-gpc.ts'

/** One thing the person said, at one time. */
export type SimulatedAct = {
  readonly atMs: number
  readonly act: Choice['act']
  readonly purpose: PurposeKey
  readonly property: PropertyKey | null
  readonly notice: NoticeRef | null
  readonly method: string | null
  readonly actor: Actor
  readonly explicit: boolean
  readonly namesGpcConflict: boolean
}

/** A person who does not exist. */
export type SimulatedPerson = Place & {
  /** In whole years; null where she never stated it. */
  readonly age: number | null
  /** Whether her browser sends Sec-GPC: 1, from the beginning on. */
  readonly gpc: boolean
  readonly history: readonly SimulatedAct[]
}

export type Simulated = {
  readonly decision: Decision
  readonly trace: readonly TraceRow[]
  /** What each act of the history came to, in its order. */
  readonly statuses: readonly EventStatus[]
  /** What the decision rests on: an act by its index, the browser's signal, or a notice in force. */
  readonly restsOn: number | 'gpc' | 'notice' | null
  /** With the territory through which each applies; null for the organisation's own. */
  readonly regimes: readonly (Contribution & { readonly territory: string | null })[]
}

const someone = { namespace: 'simulated', id: 'person' }

/**
 * Answers a question about a person who is made up: what she said is planned and folded as the ledger does it, in
 * memory, under the configuration as it stands now, and decided by the decision itself. Nothing is stored.
 *
 * She counts as seen under the regimes of her place from the beginning, whether or not she said anything there. Throws
 * what recording an act would throw, pointing to it; the acts must not lie after `query.nowMs`.
 */
export function simulate(policy: Policy, person: SimulatedPerson, query: Query): Simulated {
  const { organisationId } = policy
  const ofPlace = regimesFor(policy, person) ?? []
  const subjectId = 'sub_simulated' as SubjectId
  const seenThere = { ...emptyState(subjectId), regimes: ofPlace.map(({ key }) => key).sort() }
  const draft = new Draft(
    {
      policy: () => policy,
      subjectOf: () => undefined,
      state: () => (ofPlace.length === 0 ? undefined : seenThere),
    },
    { event: () => 'evt_simulated' as EventId, subject: () => subjectId },
    { seq: policy.seq, recordedAtMs: 0 },
  )
  const inOrder = [...person.history.entries()].sort(([, a], [, b]) => a.atMs - b.atMs)
  const beganAtMs = inOrder[0]?.[1].atMs ?? query.nowMs
  const { age } = person
  if (age !== null) {
    draft.attempt(beganAtMs, () => {
      const body = { act: 'age_stated', atLeast: age, below: age + 1 } as const
      draft.appendToSubject(organisationId, draft.subjectFor(organisationId, someone), {
        ...{ body, occurredAtMs: null, evidence: {} },
      })
    })
  }
  if (person.gpc) draft.attempt(beganAtMs, () => planGpc(draft, organisationId, someone, null))
  const gpcSeq = person.gpc ? draft.seq : null

  const statuses: EventStatus[] = []
  const indexOfSeq = new Map<number, number>()
  for (const [index, act] of inOrder) {
    if (act.atMs > query.nowMs) {
      throw new AssentError('body_invalid', 'This was said after the question is asked.', {
        pointer: `/person/history/${index}/at`,
      })
    }
    const { status, seq } = draft.attempt(act.atMs, () => record(draft, policy, person, act, index))
    statuses[index] = status
    indexOfSeq.set(seq, index)
  }

  const state = draft.state(organisationId, subjectId)
  const { decision, trace } = explain(policy, state, query)
  const { seq } = decision.basis
  const restsOn = seq === null ? null : seq === gpcSeq ? 'gpc' : (indexOfSeq.get(seq) ?? 'notice')
  const territories = new Map(ofPlace.map(({ key, territory }) => [key, territory]))
  return {
    decision,
    trace: trace.map((row) => ({ ...row, saw: inWords(row.saw, subjectId, indexOfSeq) })),
    statuses,
    restsOn,
    regimes: explainRegimes(policy, state?.regimes ?? [], {
      purpose: query.purpose,
      age: state?.age ?? null,
      country: countryOf(person),
    }).map((each) => ({ ...each, territory: territories.get(each.key) ?? null })),
  }
}

/** One act, as `POST /v1/consents` records it. */
function record(draft: Draft, { organisationId }: Policy, person: Place, act: SimulatedAct, index: number) {
  const { atMs, act: said, purpose, explicit, method, property, notice, actor, namesGpcConflict } = act
  try {
    const { events } = planConsents(draft, {
      ...{ organisationId, subject: someone, property, notice, actor, namesGpcConflict },
      ...{ regime: null, country: person.country, region: person.region },
      occurredAtMs: actor === 'import' ? atMs : null,
      imported: actor === 'import',
      evidence: { method },
      choices: [{ purpose, act: said, explicit }],
    })
    return events[0]!
  } catch (error) {
    if (!(error instanceof AssentError)) throw error
    const member = error.pointer?.replace('/choices/0', '') ?? ''
    throw new AssentError(error.code, error.message, { pointer: `/person/history/${index}${member}` })
  }
}

/** Numbers that only this run has, in words: nobody could look them up. */
function inWords(saw: string, subjectId: SubjectId, indexOfSeq: ReadonlyMap<number, number>): string {
  if (saw === subjectId) return 'the person described, and nobody else'
  return saw.replace(/^grant (\d+) for /, (whole, seq: string) => {
    const index = indexOfSeq.get(Number(seq))
    return index === undefined ? whole : `the yes under ${index + 1} of the history, for `
  })
}
