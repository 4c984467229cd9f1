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
import type { OrganisationId, PropertyKey, PurposeKey } from './ids.ts'
import type { CompiledRecalls } from './recall.ts'

/** Where and when one version was published. */
export type Publication = {
  readonly seq: number
  readonly atMs: number
  /** People who had agreed to the version before must be asked anew. */
  readonly isMaterial: boolean
  /** It was said to be so, whatever the definition shows. */
  readonly isDeclaredMaterial: boolean
}

export type CompiledPurpose = {
  readonly key: PurposeKey
  readonly isRetired: boolean
  readonly currentVersion: number
  /** The version from which on nothing has changed materially: a grant for an older one is superseded. */
  readonly materialVersion: number
  /** Index `version - 1`. */
  readonly versions: readonly PurposeDefinition[]
  /** Index `version - 1`. */
  readonly publications: readonly Publication[]
  /** Own flag or an ancestor's. */
  readonly needsCollectedAt: boolean
  readonly saleOrSharing: boolean
  /** Own flag, an ancestor's, or that of a part still in use, which a yes could cover: a yes must be confirmed. */
  readonly needsConfirmation: boolean
  readonly children: readonly PurposeKey[]
}

export type CompiledNotice = {
  readonly definition: NoticeDefinition
  readonly sha256: string
  readonly publishedSeq: number
  readonly publishedAtMs: number
  /** Until when it was the version in force: withdrawn or replaced by the next; null while it is. */
  readonly untilMs: number | null
  readonly isInvalidated: boolean
}

export type CompiledExperience = {
  readonly definition: ExperienceDefinition
  /** Rules of symmetry it was held to, by name. */
  readonly rules: readonly string[]
  readonly version: number
  readonly publishedSeq: number
  readonly publishedAtMs: number
}

export type CompiledRegime = {
  readonly version: number
  readonly definition: RegimeDefinition
  readonly publishedAtMs: number
}

/** What was approved and published together: the events after `seq` up to `lastSeq`. */
export type PublishedRelease = {
  readonly id: string
  readonly title: string
  readonly author: string
  readonly approvers: readonly string[]
  readonly sha256: string
  readonly seq: number
  readonly lastSeq: number
  readonly publishedAtMs: number
}

/** A key that was not revoked. */
export type StandingKey = ApiKeyDefinition & {
  readonly createdAtMs: number
  /** It is a key for `t < endsAtMs`; null where it has no end. */
  readonly endsAtMs: number | null
}

/** One organisation's configuration as of one revision, compiled once and looked up per question. */
export type Policy = {
  readonly organisationId: OrganisationId
  readonly organisation: OrganisationDefinition
  /** The last configuration event folded. */
  readonly seq: number
  readonly purposes: ReadonlyMap<PurposeKey, CompiledPurpose>
  readonly regimes: ReadonlyMap<string, CompiledRegime>
  readonly properties: ReadonlyMap<PropertyKey, PropertyDefinition>
  /** By notice key, then index `version - 1`. */
  readonly notices: ReadonlyMap<string, readonly CompiledNotice[]>
  /** By experience key, then index `version - 1`. */
  readonly experiences: ReadonlyMap<string, readonly CompiledExperience[]>
  /** By id; none is published twice. */
  readonly releases: ReadonlyMap<string, PublishedRelease>
  readonly assessments: ReadonlyMap<string, AssessmentDefinition & { readonly approvedAtMs: number }>
  /** Keys that were not revoked, by id. One whose end has come is still among them: ask its `endsAtMs`. */
  readonly keys: ReadonlyMap<string, StandingKey>
  readonly recalls: CompiledRecalls
  /** Highest `recordedAtMs` among the events folded. */
  readonly asOfMs: number
}
