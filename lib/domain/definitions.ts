import type { PropertyKey, PurposeKey } from './ids.ts'
import type { NormalForm } from './normal-form.ts'

/** Text by BCP 47 language tag. */
export type Localised = Readonly<Record<string, string>>

export type RuleKind = 'opt_in' | 'opt_out' | 'notice_only' | 'prohibited'

/** GDPR Art. 6(1). */
export type LegalBasis =
  | 'consent'
  | 'contract'
  | 'legal_obligation'
  | 'vital_interests'
  | 'public_task'
  | 'legitimate_interests'

/** How a regime treats one purpose. */
export type RegimeRule = {
  readonly rule: RuleKind
  readonly basis: LegalBasis
  /** A subject known to be younger needs `opt_in` whatever `rule` says (CCPA §1798.120(c)). */
  readonly optInBelowAge?: number
}

/** The age from which a person consents for herself (GDPR Art. 8), by country of the act. */
export type AgeBands = {
  readonly default: number
  /** ISO 3166-1 alpha-2 to years. */
  readonly countries: Readonly<Record<string, number>>
  /** What an unstated age means: `capable` (the service is for adults) or `unknown` (a grant is void). */
  readonly unstated: 'capable' | 'unknown'
}

export type RegimeDefinition = {
  readonly key: string
  readonly name: string
  /**
   * Where it holds: countries (ISO 3166-1 alpha-2) and regions (ISO 3166-2). At most one regime claims each; a region's
   * regime holds beside its country's. Absent: it holds only where it is named, or is the organisation's own.
   */
  readonly territories?: readonly string[]
  /** By purpose key; a child without an entry follows its nearest ancestor's. */
  readonly rules: Readonly<Record<PurposeKey, RegimeRule>>
  /** For purposes whose lineage has no entry. */
  readonly fallback: RegimeRule
  readonly ageBands: AgeBands | null
  readonly gpc: {
    /** Whether Sec-GPC refuses purposes flagged `saleOrSharing`. */
    readonly counts: boolean
    /** Purposes it refuses besides, with their descendants. */
    readonly purposes: readonly PurposeKey[]
  }
  /** A grant runs out this many days after it acts. */
  readonly consentLifetimeDays: number
}

export type PurposeDefinition = {
  readonly key: PurposeKey
  readonly name: Localised
  /** What people read: what is done and why. */
  readonly description: Localised
  /** Why the service cannot be given without it; only for purposes resting on a contract. */
  readonly necessity?: Localised
  /** Keys of `OrganisationDefinition.categories`. */
  readonly categories: readonly string[]
  /** Recipients outside the controller. */
  readonly recipients: readonly string[]
  readonly controllers: readonly string[]
  /** Countries outside the EEA data goes to. */
  readonly transfers: readonly string[]
  /** Data may be used this many days after collection; null where nothing bounds it. */
  readonly retentionDays: number | null
  readonly saleOrSharing: boolean
  /** Questions must say when the data was collected. Holds for descendants too. */
  readonly needsCollectedAt: boolean
  /**
   * A yes counts only once it was confirmed by a mailbox (double opt-in): it, one to its parts, and one that would cover
   * it are recorded with that method or not at all. Purposes published before it could be said need none.
   */
  readonly needsConfirmation?: boolean
  readonly automatedDecisions: boolean
  /** The basis it rests on where a regime's rule names none stricter. */
  readonly basis: LegalBasis
  /** W3C DPV IRIs (purpose and processing). */
  readonly dpv: readonly string[]
  /** The assessments it rests on. Purposes published before they could be linked have none. */
  readonly assessments?: readonly AssessmentLink[]
}

/** Impact (GDPR Art. 35), balance of interests (Art. 6(1)(f)), or transfer (Art. 46, Schrems II). */
export const assessmentKinds = ['dpia', 'legitimate_interests', 'transfer'] as const
export type AssessmentKind = (typeof assessmentKinds)[number]

/** Where the organisation keeps an assessment of its own: an address, a file reference, or both. */
export type AssessmentLink = {
  readonly kind: AssessmentKind
  readonly title: string
  readonly url?: string
  readonly reference?: string
  /** A date, `2026-11-23`. */
  readonly approvedOn: string
}

export type NoticePurpose = {
  readonly purpose: PurposeKey
  readonly version: number
  /** Data collected before the consent that it covers as well; null for none. */
  readonly coversEarlier: { readonly fromMs: number; readonly sourcePurposes: readonly PurposeKey[] } | null
  /** Special categories (GDPR Art. 9) the notice names and asks explicit consent for. */
  readonly explicitCategories: readonly string[]
}

/** The text of one locale. Its paragraphs are plain text. */
export type NoticeText = {
  readonly title: string
  readonly body: readonly string[]
  readonly withdrawal: string
  readonly rights: string
  readonly controller: string
  readonly contact: string
}

export type NoticeDefinition = {
  readonly key: string
  readonly version: number
  /** The one property it reaches, or null for the whole organisation. */
  readonly property: PropertyKey | null
  readonly purposes: readonly NoticePurpose[]
  readonly texts: Readonly<Record<string, NoticeText>>
}

/** What the three choices of one locale are called. */
export type ExperienceText = {
  readonly accept: string
  readonly reject: string
  readonly choose: string
}

/** Colours of one scheme, `#rrggbb`. Accept and reject have one colour: there is no other to give. */
export type Colours = {
  readonly surface: string
  readonly text: string
  readonly button: string
  readonly buttonText: string
}
export type Theme = { readonly light: Colours; readonly dark: Colours }

/**
 * How one property asks: a banner or a dialog. What would be a dark pattern cannot be said: there is no member for a
 * choice that is made beforehand, for a hidden refusal, or for AI training inside “accept all”.
 */
export type ExperienceDefinition = {
  readonly key: string
  readonly property: PropertyKey
  readonly layout: 'bar' | 'box' | 'dialog'
  /** Keys of the notices it shows, each in the version in force. */
  readonly notices: readonly string[]
  /** The order in which purposes are asked about. */
  readonly purposes: readonly PurposeKey[]
  /** Own colours, in both schemes; absent: Assent's. */
  readonly theme?: Theme
  readonly texts: Readonly<Record<string, ExperienceText>>
  /**
   * The key of another experience of the property, shown in turn with this one, to see in which of the two people change
   * their minds less. Both were held to every rule.
   */
  readonly comparedTo?: string
  /** Of so many who answer for the first time in one of the two, one is asked what she answered; 0: nobody. Absent: 5. */
  readonly askedBackOneIn?: number
}

export type PropertyDefinition = {
  readonly key: PropertyKey
  readonly name: string
  /** Web origins (`https://example.com`) whose pages may act for it. */
  readonly origins: readonly string[]
  /** What it says of its own assets to whoever would train on them (IETF AIPREF); absent: nothing. */
  readonly trainAi?: 'y' | 'n'
  /** How its host says who its users are. Absent: it cannot, and people are known by their devices. */
  readonly identity?: IdentityDefinition
}

/** Signatures that anyone can check and the host alone can make: never `none`, never a shared secret. */
export const assertionAlgorithms = ['ES256', 'EdDSA', 'RS256'] as const
export type AssertionAlgorithm = (typeof assertionAlgorithms)[number]

/** How a host asserts who its user is: a JWT (RFC 7519), signed with one algorithm and one of a few keys. */
export type IdentityDefinition = {
  /** Of its users' ids; never `device`. */
  readonly namespace: string
  readonly algorithm: AssertionAlgorithm
  /** More than one while the host changes its key. */
  readonly publicKeys: readonly PublicKey[]
}

/** The public half of a key (JWK, RFC 7517): what Ed25519, P-256 and RSA have, and nothing that is secret. */
export type PublicKey = {
  readonly kty: 'EC' | 'OKP' | 'RSA'
  readonly kid?: string
  readonly crv?: string
  readonly x?: string
  readonly y?: string
  readonly n?: string
  readonly e?: string
  readonly use?: string
  readonly alg?: string
}

export type OrganisationDefinition = {
  readonly key: string
  readonly name: string
  /** The regime that always applies. */
  readonly regime: string
  /** The normal form of each namespace's ids; `exact` for those that are not there. */
  readonly namespaces?: Readonly<Record<string, NormalForm>>
  readonly categories: readonly {
    readonly key: string
    readonly name: Localised
    /** GDPR Art. 9. */
    readonly special: boolean
    /** Read from the person's device (ePrivacy Art. 5(3)). */
    readonly fromDevice: boolean
  }[]
}

/** An approved compatibility assessment (GDPR Art. 6(4), Recital 50). */
export type AssessmentDefinition = {
  readonly key: string
  readonly purpose: PurposeKey
  /** Purposes the data was collected for. */
  readonly sourcePurposes: readonly PurposeKey[]
  readonly categories: readonly string[]
  readonly expiresAtMs: number | null
}

export type ApiKeyDefinition = {
  readonly id: string
  readonly name: string
  /** The first characters, to recognise it by. */
  readonly prefix: string
  /** SHA-256 of the whole key, hex. */
  readonly sha256: string
  readonly scopes: readonly string[]
  /** The company that holds it, by its legal name. */
  readonly legalEntity?: string
  /** `member:` and her id, or an API key's id. */
  readonly createdBy?: string
  /** The key whose place it takes. */
  readonly replaces?: string
}
