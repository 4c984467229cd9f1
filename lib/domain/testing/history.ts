import { decide } from '../decide.ts'
import type { Decision, Query } from '../decision.ts'
import type {
  AssessmentDefinition,
  NoticeDefinition,
  NoticePurpose,
  OrganisationDefinition,
  PurposeDefinition,
  RegimeDefinition,
  RegimeRule,
  RuleKind,
} from '../definitions.ts'
import type {
  AssentEvent,
  ConfigBody,
  ConfigEvent,
  GrantBody,
  RefusalBody,
  SubjectBody,
  SubjectEvent,
} from '../events.ts'
import { emptyState, type FoldStatus, foldEvent } from '../fold-event.ts'
import { foldPolicy } from '../fold-policy.ts'
import type { EventId, OrganisationId, SubjectId } from '../ids.ts'
import { eventsForLink, eventsForRefusal, eventsForUnlink } from '../plan-links.ts'
import type { Policy } from '../policy.ts'
import type { SubjectState } from '../state.ts'

export const day = 86_400_000
/** Noon of 1 March 2026, when every history begins. */
export const start = Date.UTC(2026, 2, 1, 12)
export const alice = `sub_${'a'.repeat(32)}` as SubjectId
export const device = `sub_${'d'.repeat(32)}` as SubjectId
export const other = `sub_${'0123456789abcdef'.repeat(2)}` as SubjectId

export const organisation = 'org_1' as OrganisationId

export const rule = (kind: RuleKind, changes: Partial<RegimeRule> = {}): RegimeRule => ({
  rule: kind,
  basis: kind === 'opt_in' ? 'consent' : 'legitimate_interests',
  ...changes,
})

export const anOrganisation: OrganisationDefinition = {
  key: 'default',
  name: 'Default',
  regime: 'home',
  categories: [
    { key: 'chat', name: {}, special: false, fromDevice: false },
    { key: 'usage', name: {}, special: false, fromDevice: false },
    { key: 'cookie', name: {}, special: false, fromDevice: true },
    { key: 'health', name: {}, special: true, fromDevice: false },
  ],
}

export function aRegime(key: string, changes: Partial<RegimeDefinition> = {}): RegimeDefinition {
  return {
    key,
    name: key,
    rules: { ai_training: rule('opt_in'), service: rule('notice_only', { basis: 'contract' }) },
    fallback: rule('opt_in'),
    ageBands: null,
    gpc: { counts: false, purposes: [] },
    consentLifetimeDays: 365,
    ...changes,
  }
}

export function aPurpose(key: string, changes: Partial<PurposeDefinition> = {}): PurposeDefinition {
  return {
    key,
    name: {},
    description: {},
    categories: ['chat'],
    recipients: [],
    controllers: [],
    transfers: [],
    retentionDays: null,
    saleOrSharing: false,
    needsCollectedAt: false,
    automatedDecisions: false,
    basis: 'consent',
    dpv: [],
    ...changes,
  }
}

export function aNotice(
  key: string,
  version: number,
  purposes: readonly (string | (Partial<NoticePurpose> & { readonly purpose: string }))[],
  property: string | null = null,
): NoticeDefinition {
  return {
    key,
    version,
    property,
    purposes: purposes.map((entry) => ({
      version: 1,
      coversEarlier: null,
      explicitCategories: [],
      ...(typeof entry === 'string' ? { purpose: entry } : entry),
    })),
    texts: { en: { title: 't', body: ['b'], withdrawal: 'w', rights: 'r', controller: 'c', contact: 'c' } },
  }
}

export const publishNotice = (definition: NoticeDefinition): ConfigBody => ({
  act: 'notice_published',
  sha256: 'a'.repeat(64),
  definition,
})

/** Two sites, four purposes, one with children; everything opt-in at home, one notice naming all. */
export const configuration: readonly ConfigBody[] = [
  { act: 'organisation_published', definition: anOrganisation },
  { act: 'regime_published', version: 1, definition: aRegime('home') },
  { act: 'property_published', definition: { key: 'app', name: 'App', origins: [] } },
  { act: 'property_published', definition: { key: 'web', name: 'Web', origins: [] } },
  ...['service', 'analytics', 'ads', 'ai_training', 'ai_training.tuning', 'ai_training.tests'].map(
    (key): ConfigBody => ({
      act: 'purpose_published',
      version: 1,
      definition: aPurpose(key, { saleOrSharing: key === 'ads' }),
    }),
  ),
  publishNotice(
    aNotice('main', 1, [
      'service',
      'analytics',
      'ads',
      'ai_training',
      'ai_training.tuning',
      'ai_training.tests',
    ]),
  ),
  publishNotice(aNotice('app', 1, ['analytics', 'ads', 'ai_training'], 'app')),
]

export const main = { key: 'main', version: 1, locale: 'en' }

/** A log in the making: time moves on, things are published and said, and questions are asked at any point. */
export class History {
  readonly events: AssentEvent[] = []
  nowMs = start
  policy: Policy | undefined
  readonly states = new Map<SubjectId, SubjectState>()

  /** Begins with `configuration`, changed by what replaces or follows it. */
  static begin(...more: readonly ConfigBody[]): History {
    const history = new History()
    history.publish(...configuration, ...more)
    return history.pass(1)
  }

  /** Lets `days` go by. */
  pass(days: number): this {
    this.nowMs += days * day
    return this
  }

  publish(...bodies: readonly ConfigBody[]): this {
    for (const body of bodies) {
      const event: ConfigEvent = { ...this.#envelope(), subjectId: null, body }
      this.policy = foldPolicy(this.policy, event)
      this.events.push(event)
    }
    return this
  }

  record(
    body: SubjectBody,
    options: { readonly whose?: SubjectId; readonly occurredAtMs?: number } = {},
  ): FoldStatus {
    const subjectId = options.whose ?? alice
    const envelope = this.#envelope()
    const occurredAtMs = options.occurredAtMs ?? envelope.occurredAtMs
    const event: SubjectEvent = { ...envelope, occurredAtMs, subjectId, body }
    const { state, status } = foldEvent(this.states.get(subjectId), event, this.policy!)
    this.states.set(subjectId, state)
    this.events.push(event)
    return status
  }

  /** A proven yes under the notice `main`, of alice unless told. */
  yes(
    purpose: string,
    changes: Partial<GrantBody> & { readonly whose?: SubjectId; readonly occurredAtMs?: number } = {},
  ): FoldStatus {
    const { whose, occurredAtMs, ...body } = changes
    return this.record(
      {
        act: 'granted',
        purpose,
        property: null,
        notice: main,
        method: 'form',
        actor: 'subject',
        regime: null,
        country: null,
        explicit: false,
        namesGpcConflict: false,
        imported: false,
        ...body,
      },
      { ...(whose && { whose }), ...(occurredAtMs !== undefined && { occurredAtMs }) },
    )
  }

  /** A no; it is recorded for everyone linked as well. */
  no(
    purpose: string,
    changes: Partial<RefusalBody> & { readonly whose?: SubjectId; readonly occurredAtMs?: number } = {},
  ): this {
    const { whose = alice, occurredAtMs = this.nowMs, ...rest } = changes
    const body: RefusalBody = {
      act: 'denied',
      purpose,
      property: null,
      notice: null,
      method: null,
      actor: 'subject',
      regime: null,
      ...rest,
    }
    const state = this.states.get(whose) ?? emptyState(whose)
    for (const { subjectId, ...fact } of eventsForRefusal(state, body, occurredAtMs)) {
      this.record(fact.body, { whose: subjectId, occurredAtMs: fact.occurredAtMs })
    }
    return this
  }

  /** `deviceId` is the one of the two that is a device, where one is. */
  link(a: SubjectId, b: SubjectId, deviceId: SubjectId | null = null): this {
    const state = (id: SubjectId) => this.states.get(id) ?? emptyState(id)
    for (const fact of eventsForLink(this.policy!, state(a), state(b), this.nowMs, deviceId)) {
      this.record(fact.body, { whose: fact.subjectId, occurredAtMs: fact.occurredAtMs })
    }
    return this
  }

  unlink(a: SubjectId, b: SubjectId): this {
    for (const fact of eventsForUnlink(a, b, this.nowMs)) this.record(fact.body, { whose: fact.subjectId })
    return this
  }

  approve(changes: Partial<AssessmentDefinition> = {}): this {
    return this.publish({
      act: 'assessment_approved',
      definition: {
        key: 'a',
        purpose: 'analytics',
        sourcePurposes: ['service'],
        categories: ['chat'],
        expiresAtMs: null,
        ...changes,
      },
    })
  }

  query(purpose: string, changes: Partial<Query> = {}): Query {
    return {
      purpose,
      nowMs: this.nowMs,
      freshness: 'fresh',
      collectedAtMs: null,
      demandsCollectedAt: false,
      property: null,
      categories: null,
      recipient: null,
      regime: null,
      sourcePurpose: null,
      ...changes,
    }
  }

  ask(purpose: string, changes: Partial<Query> = {}, whose: SubjectId = alice): Decision {
    return decide(this.policy!, this.states.get(whose), this.query(purpose, changes))
  }

  reason(purpose: string, changes: Partial<Query> = {}, whose: SubjectId = alice): Decision['reason'] {
    return this.ask(purpose, changes, whose).reason
  }

  #envelope() {
    const seq = this.events.length + 1
    return {
      id: `evt_${seq}` as EventId,
      organisationId: organisation,
      seq,
      recordedAtMs: this.nowMs,
      occurredAtMs: this.nowMs,
    }
  }
}
