import { AssentError, impossible } from '../domain/errors.ts'
import type { ConfigBody, ConfigEvent, SubjectBody, SubjectEvent } from '../domain/events.ts'
import { type FoldStatus, foldEvent } from '../domain/fold-event.ts'
import { foldPolicy } from '../domain/fold-policy.ts'
import type { Identifier } from '../domain/identifier.ts'
import type { EventId, OrganisationId, SubjectId } from '../domain/ids.ts'
import { normalFormOf, toNormalForm } from '../domain/normal-form.ts'
import type { Policy } from '../domain/policy.ts'
import type { SubjectState } from '../domain/state.ts'

/** What a draft stands on: the applied index, or the draft of the calls before it. */
export type Ground = {
  policy(organisationId: OrganisationId): Policy | undefined
  subjectOf(organisationId: OrganisationId, identifier: Identifier): SubjectId | undefined
  state(organisationId: OrganisationId, subjectId: SubjectId): SubjectState | undefined
}

/** Random ids, injected. */
export type Ids = { readonly event: () => EventId; readonly subject: () => SubjectId }

export type DraftedEvent = { readonly event: SubjectEvent | ConfigEvent; readonly evidence: object }

/**
 * Events that are not written yet, with the states and policies they would lead to. A call that fails throws its
 * draft away and leaves no trace; one that succeeds is absorbed by the batch's.
 */
export class Draft implements Ground {
  readonly events: DraftedEvent[] = []
  readonly subjects: { organisationId: OrganisationId; subjectId: SubjectId; identifier: Identifier }[] = []
  readonly states = new Map<SubjectId, { organisationId: OrganisationId; state: SubjectState }>()
  readonly #policies = new Map<OrganisationId, Policy>()
  readonly #named = new Map<string, SubjectId>()
  #ground: Ground
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

  /** A draft on top of this one, for one call made at `nowMs`. */
  begin(nowMs: number): Draft {
    return new Draft(this, this.#ids, {
      seq: this.seq,
      recordedAtMs: Math.max(this.recordedAtMs, nowMs),
    })
  }

  absorb(call: Draft): void {
    this.events.push(...call.events)
    this.subjects.push(...call.subjects)
    for (const [id, changed] of call.states) this.states.set(id, changed)
    for (const [id, policy] of call.#policies) this.#policies.set(id, policy)
    for (const [name, id] of call.#named) this.#named.set(name, id)
    this.seq = call.seq
    if (call.events.length > 0) this.recordedAtMs = call.recordedAtMs
  }

  policy(organisationId: OrganisationId): Policy | undefined {
    return this.#policies.get(organisationId) ?? this.#ground.policy(organisationId)
  }

  subjectOf(organisationId: OrganisationId, given: Identifier): SubjectId | undefined {
    const identifier = this.#toNormalForm(organisationId, given)
    return (
      this.#named.get(nameOf(organisationId, identifier)) ??
      this.#ground.subjectOf(organisationId, identifier)
    )
  }

  state(organisationId: OrganisationId, subjectId: SubjectId): SubjectState | undefined {
    return this.states.get(subjectId)?.state ?? this.#ground.state(organisationId, subjectId)
  }

  /**
   * The subject an identifier means; a new one where nobody has it. Throws `identifier_invalid` where nothing of the
   * id is left in its normal form.
   */
  subjectFor(organisationId: OrganisationId, given: Identifier): SubjectId {
    const known = this.subjectOf(organisationId, given)
    if (known !== undefined) return known
    const identifier = this.#toNormalForm(organisationId, given)
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
    this.#named.set(nameOf(organisationId, identifier), subjectId)
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
    this.states.set(subjectId, { organisationId, state })
    this.events.push({ event, evidence: fact.evidence })
    return { event, status }
  }

  appendConfig(organisationId: OrganisationId, body: ConfigBody): ConfigEvent {
    const event: ConfigEvent = { ...this.#envelope(organisationId, null), subjectId: null, body }
    this.#policies.set(organisationId, foldPolicy(this.policy(organisationId), event))
    this.events.push({ event, evidence: {} })
    return event
  }

  #toNormalForm(organisationId: OrganisationId, { namespace, id }: Identifier): Identifier {
    const form = normalFormOf(this.policy(organisationId)?.organisation, namespace)
    return { namespace, id: toNormalForm(form, id) }
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
