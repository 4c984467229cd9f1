import type { MemberAdmin } from '../auth/admin-store.ts'
import type { Keys } from '../auth/derive-keys.ts'
import type { IdTokens } from '../auth/id-tokens.ts'
import type { Invitations } from '../auth/invitations.ts'
import type { Sessions } from '../auth/member-store.ts'
import type { SecondFactor } from '../auth/second-factor.ts'
import type { SignInSettingsStore, UsedTokens } from '../auth/second-factor-store.ts'
import type { SignIn, SignInMethods } from '../auth/sign-in.ts'
import type { SignInTickets } from '../auth/sign-in-tickets.ts'
import type { Signer } from '../auth/signer.ts'
import type { Decisions } from '../decisions/decisions.ts'
import type { Clock } from '../domain/clock.ts'
import type { OrganisationId } from '../domain/ids.ts'
import type { EvidenceFollower } from '../jobs/project-evidence.ts'
import type { EventReader } from '../ledger/event-reader.ts'
import type { IdentifierReader } from '../ledger/identifier-reader.ts'
import type { SealedIdentifiers } from '../ledger/known-identifiers.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { PersonReader } from '../ledger/person-reader.ts'
import type { TextSealer } from '../ledger/text-sealer.ts'
import type { Releases } from '../releases/create-releases.ts'
import type { FlipReports } from '../releases/flip-reports.ts'
import type { ReplicaFeed } from '../replica/replica-feed.ts'
import type { ComparisonStore } from './comparisons/comparison-store.ts'
import type { Consumers } from './consumer-store.ts'
import type { EvidenceReader } from './evidence/evidence-store.ts'
import type { Filters } from './filter-store.ts'
import type { KeyStore } from './key-store.ts'
import type { Limits } from './limits/key-limits.ts'
import type { LookStore } from './looks/look-store.ts'
import type { OtherCounts } from './metrics.ts'
import type { OverviewStore } from './overview/overview-store.ts'
import type { PeopleStore } from './people/people-store.ts'
import type { RequestStore } from './people/request-store.ts'
import type { Mailer } from './public/mailer.ts'
import type { PendingStore } from './public/pending-store.ts'
import type { Places } from './public/places.ts'
import type { Recalls } from './recall-store.ts'
import type { RegimeVersions } from './regime-store.ts'
import type { RoomStore } from './rooms/room-store.ts'
import type { SeeToRecalls } from './see-to-recalls.ts'
import type { ServiceStore } from './service-store.ts'
import type { Snapshots } from './snapshot-store.ts'
import type { Sightings } from './snippet-store.ts'
import type { Usage } from './usage/create-usage.ts'
import type { UsageStore } from './usage/usage-store.ts'

/** What messages for operators go to. */
type Log = Readonly<Record<'error' | 'warn', (what: object, message: string) => void>>

/** What the API stands on; given by `wire`. */
export type ApiDeps = {
  readonly decisions: Decisions
  readonly ledger: Ledger
  readonly events: EventReader
  /** The log of evidence; `settle` and `lag` are those of whoever follows it. */
  readonly evidence: EvidenceReader & Pick<EvidenceFollower, 'settle' | 'lag'>
  readonly identifiers: IdentifierReader
  readonly signIn: SignIn
  readonly secondFactor: SecondFactor
  readonly tickets: SignInTickets
  /** Undefined where no provider is configured. */
  readonly idTokens: IdTokens | undefined
  readonly signInMethods: SignInMethods
  readonly signInSettings: SignInSettingsStore
  /** Tokens that serve once. */
  readonly usedTokens: UsedTokens
  readonly sessions: Pick<Sessions, 'list' | 'end' | 'endOthers'>
  readonly members: MemberAdmin
  readonly invitations: Invitations
  readonly regimes: RegimeVersions
  readonly releases: Releases
  readonly flipReports: FlipReports
  readonly looks: LookStore
  readonly comparisons: ComparisonStore
  readonly filters: Filters
  readonly rooms: RoomStore
  readonly overview: OverviewStore
  readonly people: PeopleStore
  readonly persons: PersonReader
  readonly requests: RequestStore
  readonly texts: TextSealer
  readonly pending: PendingStore
  readonly consumers: Consumers
  readonly recalls: Recalls
  readonly seeToRecalls: SeeToRecalls
  readonly snapshots: Snapshots
  readonly sightings: Sightings
  readonly sealedIdentifiers: SealedIdentifiers
  readonly keys: Pick<
    Keys,
    'subjectToken' | 'subjectCode' | 'snapshot' | 'search' | 'snapshotExport' | 'wrap'
  >
  readonly signer: Signer
  readonly usage: Usage
  readonly usageStore: Pick<UsageStore, 'read' | 'samples'>
  /** Keys as people read them. */
  readonly keyStore: KeyStore
  readonly services: ServiceStore
  readonly clock: Clock
  /** What each key may use at once. */
  readonly limits: Limits
  /** For nodes that follow this one. */
  readonly replica: ReplicaFeed
  /** Who runs this installation; whose properties the public routes speak for. */
  readonly publicOrganisation: OrganisationId
  readonly publicUrl: string
  /** Undefined where no mail is sent. */
  readonly mailer: Mailer | undefined
  /** Where callers of the public routes are. */
  readonly places: Places
  readonly internalToken: string
  readonly log: Log
  /** The processes that answer questions beside this one, where there are any. */
  readonly workers?: OtherCounts | undefined
}
