import { AssentError, impossible } from '../domain/errors.ts'
import type { ConfigBody, ConfigEvent, SubjectBody, SubjectEvent } from '../domain/events.ts'
import { type FoldStatus, foldEvent } from '../domain/fold-event.ts'
import { foldPolicy } from '../domain/fold-policy.ts'
import type { Identifier } from '../domain/identifier.ts'
import type { EventId, OrganisationId, SubjectId } from '../domain/ids.ts'
import { normalFormOf, toNormalForm } from '../domain/normal-form.ts'
import type { Policy } from '../domain/policy.ts'
import type { SubjectState } from '../domain/state.ts'

/** What a draft stands on: the applied index, or the draft of the batch before it. */
export type Ground = {
  policy(organisationId: OrganisationId): Policy | undefined
  subjectOf(organisationId: OrganisationId, identifier: Identifier): SubjectId | undefined
  state(organisationId: OrganisationId, subjectId: SubjectId): SubjectState | undefined
}

/** Random ids, injected. */
export type Ids = { readonly event: () => EventId; readonly subject: () => SubjectId }

export type DraftedEvent = { readonly event: SubjectEvent | ConfigEvent; readonly evidence: object }

/**
 * Events that are not written yet, with the states and policies they would lead to. A call that fails leaves no trace.
 */
export class Draft implements Ground {
  readonly events: DraftedEvent[] = []
  readonly subjects: { organisationId: OrganisationId; subjectId: SubjectId; identifier: Identifier }[] = []
  readonly states = new Map<SubjectId, { organisationId: OrganisationId; state: SubjectState }>()
  readonly #policies = new Map<OrganisationId, Policy>()
  readonly #named = new Map<string, SubjectId>()
  /** What undoes the call under way, last first. */
  readonly #undo: (() => void)[] = []
  #ground: Ground
  /** What the ground said last in the call under way, which asks it of one subject twice. */
  #looked:
    | {
        readonly organisationId: OrganisationId
        readonly subjectId: SubjectId
        readonly state: SubjectState | undefined
      }
    | undefined
  readonly #ids: Ids
  seq: number
  recordedAtMs: number

  /** `after` is where the log ends; `recorded_at` never falls behind it. */
  constructor(ground: Ground, ids: Ids, after: { readonly seq: number; readonly recordedAtMs: number }) {
    this.#ground = ground
    this.#ids = ids
    this.seq = after.seq
    this.recordedAtMs = after.recordedAtMs
  }

  /** Stands on `ground` from now on, which must say what the one before said. */
  rebase(ground: Ground): void {
    this.#ground = ground
  }

  /** Plans a call made at `nowMs`: all of it. Where it throws, or adds no event, nothing of it stays. */
  attempt<Outcome>(nowMs: number, plan: (draft: Draft) => Outcome): Outcome {
    const { seq, recordedAtMs } = this
    const [events, subjects] = [this.events.length, this.subjects.length]
    this.recordedAtMs = Math.max(recordedAtMs, nowMs)
    this.#looked = undefined
    try {
      return plan(this)
    } catch (error) {
      this.events.length = events
      throw error
    } finally {
      if (this.events.length === events) {
        while (this.#undo.length > 0) this.#undo.pop()?.()
        this.subjects.length = subjects
        this.seq = seq
        this.recordedAtMs = recordedAtMs
      }
      this.#undo.length = 0
    }
  }

  policy(organisationId: OrganisationId): Policy | undefined {
    return this.#policies.get(organisationId) ?? this.#ground.policy(organisationId)
  }

  subjectOf(organisationId: OrganisationId, given: Identifier): SubjectId | undefined {
    return this.#subjectNamed(organisationId, this.#toNormalForm(organisationId, given))
  }

  #subjectNamed(organisationId: OrganisationId, identifier: Identifier): SubjectId | undefined {
    const named = this.#named.size === 0 ? undefined : this.#named.get(nameOf(organisationId, identifier))
    return named ?? this.#ground.subjectOf(organisationId, identifier)
  }

  state(organisationId: OrganisationId, subjectId: SubjectId): SubjectState | undefined {
    const drafted = this.states.get(subjectId)
    if (drafted !== undefined) return drafted.state
    if (this.#looked?.subjectId !== subjectId || this.#looked.organisationId !== organisationId) {
      const state = this.#ground.state(organisationId, subjectId)
      this.#looked = { organisationId, subjectId, state }
    }
    return this.#looked.state
  }

  /**
   * The subject an identifier means; a new one where nobody has it. Throws `identifier_invalid` where nothing of the
   * id is left in its normal form.
   */
  subjectFor(organisationId: OrganisationId, given: Identifier): SubjectId {
    const identifier = this.#toNormalForm(organisationId, given)
    const known = this.#subjectNamed(organisationId, identifier)
    if (known !== undefined) return known
    if (identifier.id === '') {
      throw new AssentError(
        'identifier_invalid',
        `The id is empty in the normal form of ${given.namespace}.`,
        {
          pointer: '/subject',
        },
      )
    }
    const subjectId = this.#ids.subject()
    this.subjects.push({ organisationId, subjectId, identifier })
    this.#put(this.#named, nameOf(organisationId, identifier), subjectId)
    return subjectId
  }

  appendToSubject(
    organisationId: OrganisationId,
    subjectId: SubjectId,
    fact: { readonly body: SubjectBody; readonly occurredAtMs: number | null; readonly evidence: object },
  ): { readonly event: SubjectEvent; readonly status: FoldStatus } {
    const policy = this.policy(organisationId) ?? impossible('a subject of an unknown organisation')
    const event: SubjectEvent = {
      ...this.#envelope(organisationId, fact.occurredAtMs),
      subjectId,
      body: fact.body,
    }
    const { state, status } = foldEvent(this.state(organisationId, subjectId), event, policy)
    this.#put(this.states, subjectId, { organisationId, state })
    this.events.push({ event, evidence: fact.evidence })
    return { event, status }
  }

  appendConfig(organisationId: OrganisationId, body: ConfigBody): ConfigEvent {
    const event: ConfigEvent = { ...this.#envelope(organisationId, null), subjectId: null, body }
    this.#put(this.#policies, organisationId, foldPolicy(this.policy(organisationId), event))
    this.events.push({ event, evidence: {} })
    return event
  }

  #toNormalForm(organisationId: OrganisationId, { namespace, id }: Identifier): Identifier {
    const form = normalFormOf(this.policy(organisationId)?.organisation, namespace)
    return { namespace, id: toNormalForm(form, id) }
  }

  #put<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
    const before = map.get(key)
    this.#undo.push(before === undefined ? () => map.delete(key) : () => map.set(key, before))
    map.set(key, value)
  }

  #envelope(organisationId: OrganisationId, occurredAtMs: number | null) {
    this.seq += 1
    return {
      id: this.#ids.event(),
      organisationId,
      seq: this.seq,
      recordedAtMs: this.recordedAtMs,
      occurredAtMs: occurredAtMs ?? this.recordedAtMs,
    }
  }
}

const nameOf = (organisationId: OrganisationId, { namespace, id }: Identifier) =>
  `${organisationId}\0${namespace}\0${id}`
