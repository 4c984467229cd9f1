import type {
  ApiKeyDefinition,
  AssessmentDefinition,
  ExperienceDefinition,
  NoticeDefinition,
  OrganisationDefinition,
  PropertyDefinition,
  PurposeDefinition,
  RegimeDefinition,
} from './definitions.ts'
import type { EventId, OrganisationId, PropertyKey, PurposeKey, SubjectId } from './ids.ts'
import type { RecallScope } from './recall.ts'

/** Who made the statement. `import` is a record brought from another system with its evidence. */
export type Actor = 'subject' | 'guardian' | 'controller' | 'import'

export type RefusalAct = 'denied' | 'withdrawn' | 'objected' | 'opted_out'

export type NoticeRef = { readonly key: string; readonly version: number; readonly locale: string }

/** A yes. It acts from `recordedAtMs`, an import with evidence from `occurredAtMs`. */
export type GrantBody = {
  readonly act: 'granted'
  readonly purpose: PurposeKey
  /** Where it was said; null where no property was named. */
  readonly property: PropertyKey | null
  /** What was shown. Absent: the grant is unproven. */
  readonly notice: NoticeRef | null
  /** How it was said: `form`, `banner`, `api`… Absent: unproven. */
  readonly method: string | null
  readonly actor: Actor
  /** The regime the person was seen under: the one that was named, else that of her place. */
  readonly regime: string | null
  /** Where her place named the regime: those of the territories around, which hold there too. */
  readonly widerRegimes?: readonly string[]
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null
  /** ISO 3166-2, within the country; absent where none was named. */
  readonly region?: string
  /** Explicit consent in the sense of GDPR Art. 9(2)(a). */
  readonly explicit: boolean
  /** The dialogue said that the browser's GPC signal says otherwise. */
  readonly namesGpcConflict: boolean
  /** Written with the scope `consents:import` and evidence, so that `occurredAtMs` counts. */
  readonly imported: boolean
  /** The banner or layout it was said in, where that is known. */
  readonly experience?: { readonly key: string; readonly version: number } | null
  /** The API key it came through; null for a person's own device and for members. */
  readonly via?: string | null
  /** The reference of the import it was brought with. */
  readonly importId?: string | null
}

/** A no of any kind. It acts from the earlier of its two times and needs no notice. */
export type RefusalBody = {
  readonly act: RefusalAct
  readonly purpose: PurposeKey
  readonly property: PropertyKey | null
  readonly notice: NoticeRef | null
  readonly method: string | null
  readonly actor: Actor
  readonly regime: string | null
  /** As of a grant. */
  readonly widerRegimes?: readonly string[]
  /** Where she was shown one, and said it there. */
  readonly experience?: { readonly key: string; readonly version: number }
}

/** What else is known of a subject. */
export type SubjectFactBody =
  /** The browser sent Sec-GPC: 1. */
  | { readonly act: 'gpc_opted_out'; readonly property: PropertyKey | null; readonly regime: string | null }
  /** Names the grant that ended, so a job can never end a later one. */
  | {
      readonly act: 'expired'
      readonly purpose: PurposeKey
      readonly property: PropertyKey | null
      readonly grantSeq: number
    }
  /** Strikes one grant. */
  | { readonly act: 'invalidated'; readonly grantSeq: number }
  /** A recorded decision under GDPR Art. 21(1): compelling grounds. Lifts `objected`, nothing else. */
  | { readonly act: 'objection_overridden'; readonly purpose: PurposeKey }
  | { readonly act: 'restricted' }
  | { readonly act: 'restriction_lifted' }
  /** A stated age band, in whole years: at least `atLeast`, less than `below`. */
  | { readonly act: 'age_stated'; readonly atLeast: number | null; readonly below: number | null }
  /** `device`: the other is a device this subject uses, not another person. */
  | { readonly act: 'linked'; readonly other: SubjectId; readonly device?: true }
  | { readonly act: 'unlinked'; readonly other: SubjectId }
  /** Data from before denies. Grants go, refusals stay. */
  | { readonly act: 'erased' }

export type SubjectBody = GrantBody | RefusalBody | SubjectFactBody

/** Opens a release: the `events` that follow it in the log are what was approved and published together. */
export type ReleasePublished = {
  readonly act: 'release_published'
  readonly release: string
  readonly title: string
  /** `member:` and her id, or an API key's id. */
  readonly author: string
  /** Who approved it: `member:` and her id. */
  readonly approvers: readonly string[]
  /** Of the canonical JSON (RFC 8785) of the release's items, hex: what they approved. */
  readonly sha256: string
  readonly events: number
}

/** Configuration is in the log too, so that it reaches followers in sequence. */
export type ConfigBody =
  | { readonly act: 'organisation_published'; readonly definition: OrganisationDefinition }
  | { readonly act: 'property_published'; readonly definition: PropertyDefinition }
  | { readonly act: 'regime_published'; readonly version: number; readonly definition: RegimeDefinition }
  | {
      readonly act: 'purpose_published'
      readonly version: number
      readonly definition: PurposeDefinition
      /** An officer says that people must be asked anew, although nothing is wider. Never the reverse. */
      readonly material?: true
    }
  | { readonly act: 'purpose_retired'; readonly purpose: PurposeKey }
  /** `sha256` is of the definition's canonical JSON (RFC 8785), hex. */
  | { readonly act: 'notice_published'; readonly sha256: string; readonly definition: NoticeDefinition }
  | { readonly act: 'notice_withdrawn'; readonly notice: string; readonly version: number }
  /** Strikes every consent given under the version. */
  | { readonly act: 'notice_invalidated'; readonly notice: string; readonly version: number }
  | {
      readonly act: 'experience_published'
      readonly version: number
      readonly definition: ExperienceDefinition
      /** Rules of symmetry it was held to, by name. Those published before rules had names have none. */
      readonly rules?: readonly string[]
    }
  | ReleasePublished
  /** A recall: strikes every consent of its scope. `by` is who asked for it: a key's id, or `member:<id>`. */
  | {
      readonly act: 'consents_invalidated'
      readonly scope: RecallScope
      readonly reason: string
      readonly by: string
    }
  | { readonly act: 'assessment_approved'; readonly definition: AssessmentDefinition }
  | { readonly act: 'assessment_revoked'; readonly assessment: string }
  | { readonly act: 'key_created'; readonly definition: ApiKeyDefinition }
  /** `by` is who did it: `member:` and her id, or an API key's id. */
  | { readonly act: 'key_revoked'; readonly key: string; readonly by?: string }
  /** It is a key for `t < atMs`, and needs no job to end. */
  | { readonly act: 'key_expires'; readonly key: string; readonly atMs: number; readonly by?: string }

export type EventBody = SubjectBody | ConfigBody

type Envelope = {
  readonly id: EventId
  readonly organisationId: OrganisationId
  /** Position in the log: dense, from 1. */
  readonly seq: number
  /** The writer's time; never falls along `seq`. Milliseconds. */
  readonly recordedAtMs: number
  /** When it was said, as the caller tells it. Milliseconds. */
  readonly occurredAtMs: number
}

export type SubjectEvent = Envelope & { readonly subjectId: SubjectId; readonly body: SubjectBody }
export type ConfigEvent = Envelope & { readonly subjectId: null; readonly body: ConfigBody }
export type AssentEvent = SubjectEvent | ConfigEvent
