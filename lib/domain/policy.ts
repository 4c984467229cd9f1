import type {
  ApiKeyDefinition,
  AssessmentDefinition,
  NoticeDefinition,
  OrganisationDefinition,
  PropertyDefinition,
  PurposeDefinition,
  RegimeDefinition,
} from './definitions.ts'
import type { OrganisationId, PropertyKey, PurposeKey } from './ids.ts'

export type CompiledPurpose = {
  readonly key: PurposeKey
  readonly isRetired: boolean
  readonly currentVersion: number
  /** The version from which on nothing has changed materially: a grant for an older one is superseded. */
  readonly materialVersion: number
  /** Index `version - 1`. */
  readonly versions: readonly PurposeDefinition[]
  /** Own flag or an ancestor's. */
  readonly needsCollectedAt: boolean
  readonly saleOrSharing: boolean
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

/** One organisation's configuration as of one revision, compiled once and looked up per question. */
export type Policy = {
  readonly organisationId: OrganisationId
  readonly organisation: OrganisationDefinition
  /** The last configuration event folded. */
  readonly seq: number
  readonly purposes: ReadonlyMap<PurposeKey, CompiledPurpose>
  readonly regimes: ReadonlyMap<string, { readonly version: number; readonly definition: RegimeDefinition }>
  readonly properties: ReadonlyMap<PropertyKey, PropertyDefinition>
  /** By notice key, then index `version - 1`. */
  readonly notices: ReadonlyMap<string, readonly CompiledNotice[]>
  readonly assessments: ReadonlyMap<string, AssessmentDefinition & { readonly approvedAtMs: number }>
  /** Live keys by id. */
  readonly keys: ReadonlyMap<string, ApiKeyDefinition>
  /** Highest `recordedAtMs` among the events folded. */
  readonly asOfMs: number
}
