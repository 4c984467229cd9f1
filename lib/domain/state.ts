import type { Actor, RefusalAct } from './events.ts'
import type { PropertyKey, PurposeKey, SubjectId } from './ids.ts'
import type { GrantOrigin } from './recall.ts'

/** One standing or once-standing refusal; `byGuardian` ones a person of age lifts herself. */
export type Refusal = {
  readonly kind: RefusalAct
  readonly seq: number
  /** It acts from here: the earlier of when it was said and when it was recorded. */
  readonly atMs: number
  readonly byGuardian: boolean
  /** What was shown with it, else the notice of the grant it ended. */
  readonly notice: { readonly key: string; readonly version: number; readonly locale: string } | null
}

/** Capacity as judged when the grant was made; it never changes afterwards (a void grant never ripens). */
export type Capacity = 'capable' | 'guardian_required' | 'age_unknown'

/** An earlier yes of the same run. */
export type EarlierGrant = {
  readonly seq: number
  readonly noticeKey: string
  readonly noticeVersion: number
  readonly fromMs: number
  readonly isInvalidated: boolean
  readonly byGuardian: boolean
  readonly origin: GrantOrigin | null
}

/** The grant that a row holds. */
export type Grant = {
  readonly seq: number
  readonly noticeKey: string | null
  readonly noticeVersion: number
  readonly locale: string | null
  /** Version of the row's purpose that the notice named; 0 where unproven. */
  readonly purposeVersion: number
  readonly effectiveFromMs: number
  /** Start of the unbroken run of grants that this one continues. */
  readonly runStartMs: number
  /** The grants of that run before this one, oldest first: each covers data only while it holds itself. */
  readonly run: readonly EarlierGrant[]
  /** First millisecond at which it no longer holds. */
  readonly expiresAtMs: number
  readonly isProven: boolean
  readonly isInvalidated: boolean
  readonly isExplicit: boolean
  readonly namesGpcConflict: boolean
  readonly actor: Actor
  readonly capacity: Capacity
  readonly origin: GrantOrigin | null
}

/** What stands for one purpose in one scope: a property, or null for the organisation. */
export type Row = {
  readonly purpose: PurposeKey
  readonly property: PropertyKey | null
  /** At most one of each kind, ordered by `seq`. Lifted ones are gone. */
  readonly refusals: readonly Refusal[]
  readonly grant: Grant | null
  /** True where `grant` lifted a refusal: then every rule rests on that grant. */
  readonly grantLiftedRefusal: boolean
  /** When a refusal that stands in the way here was last lifted: data from before is covered by no later yes. */
  readonly liftedAtMs: number | null
  /** `seq` and time of the latest refusal ever, lifted or not; null for none. */
  readonly latestRefusal: { readonly seq: number; readonly atMs: number; readonly kind: RefusalAct } | null
}

export type Link = {
  readonly other: SubjectId
  readonly fromMs: number
  readonly untilMs: number | null
  /** `other` is a device she uses: it is no second person, however many she has. */
  readonly isToDevice: boolean
}

/** All that `decide` needs of one subject: the fold of her events. */
export type SubjectState = {
  readonly subjectId: SubjectId
  /** The last event folded. */
  readonly seq: number
  /** Regimes she was ever seen under; only grows. */
  readonly regimes: readonly string[]
  readonly age: { readonly atLeast: number | null; readonly below: number | null } | null
  readonly isRestricted: boolean
  /** Data collected before is erased. */
  readonly erasedBeforeMs: number | null
  /** The first Sec-GPC: 1; its later absence changes nothing. */
  readonly gpc: { readonly seq: number; readonly atMs: number } | null
  readonly links: readonly Link[]
  /** Ordered by purpose, then property (organisation first). */
  readonly rows: readonly Row[]
}
