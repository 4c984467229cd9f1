import { randomBytes } from 'node:crypto'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { makeApiKey } from '../../auth/api-keys.ts'
import { createSigningIn, type SignInConfiguration } from '../../auth/create-signing-in.ts'
import { digestQuestionText } from '../../auth/digest-question-text.ts'
import { createInvitations } from '../../auth/invitations.ts'
import type { Role } from '../../auth/member-store.ts'
import { hashPassword } from '../../auth/passwords.ts'
import { type Scope, scopes } from '../../auth/scopes.ts'
import { createSigner } from '../../auth/signer.ts'
import type { OrganisationId } from '../../domain/ids.ts'
import { followEvidence } from '../../jobs/project-evidence.ts'
import type { EventReader } from '../../ledger/event-reader.ts'
import { createIdentifierReader } from '../../ledger/identifier-reader.ts'
import { createPersonReader } from '../../ledger/person-reader.ts'
import { createTextSealer } from '../../ledger/text-sealer.ts'
import { createReleases, type Releases } from '../../releases/create-releases.ts'
import { createFlipReports, type FlipReports } from '../../releases/flip-reports.ts'
import { createReplicaFeed } from '../../replica/replica-feed.ts'
import { createKeyStore } from '../../storage/api-keys.ts'
import { createComparisonStore } from '../../storage/comparisons.ts'
import { createConsumers } from '../../storage/consumers.ts'
import { createEvidenceProjection } from '../../storage/evidence/evidence-projection.ts'
import { createEvidenceReader } from '../../storage/evidence/evidence-reader.ts'
import { createFilters } from '../../storage/filters.ts'
import { createFlipReportStore } from '../../storage/flip-reports.ts'
import { createIdentifierStore } from '../../storage/identifiers.ts'
import { createInvitationStore } from '../../storage/invitations.ts'
import { createEventReader } from '../../storage/ledger/event-reader.ts'
import { createLogSource } from '../../storage/ledger/log-source.ts'
import { createSealedIdentifiers } from '../../storage/ledger/sealed-identifiers.ts'
import { openStateStream } from '../../storage/ledger/state-stream.ts'
import { type RunningLedger, startLedger } from '../../storage/ledger/testing/start-ledger.ts'
import { createLookStore } from '../../storage/looks.ts'
import { createMemberAdmin } from '../../storage/member-admin.ts'
import { createMembers } from '../../storage/members.ts'
import { openPrisma } from '../../storage/open-prisma.ts'
import { createOverviewStore } from '../../storage/overview.ts'
import { createPendingConfirmations } from '../../storage/pending-confirmations.ts'
import { createPeopleStore } from '../../storage/people.ts'
import { createPersonRecords } from '../../storage/person-records.ts'
import { createRecalls } from '../../storage/recalls.ts'
import { createRegimeVersions } from '../../storage/regimes.ts'
import { createReleaseStore } from '../../storage/releases.ts'
import { createRequestStore } from '../../storage/requests.ts'
import { createRoomStore } from '../../storage/rooms.ts'
import { createSampledQuestions } from '../../storage/sampled-questions.ts'
import { createSecondFactorStore } from '../../storage/second-factors.ts'
import { createServiceStore } from '../../storage/services.ts'
import { createSessions } from '../../storage/sessions.ts'
import { createSignInSettings } from '../../storage/sign-in-settings.ts'
import { createSnapshots } from '../../storage/snapshots.ts'
import { createSnippets } from '../../storage/snippets.ts'
import { createTestDatabase, type TestDatabase } from '../../storage/testing/test-database.ts'
import { createUsageStore } from '../../storage/usage.ts'
import { createUsedTokens } from '../../storage/used-tokens.ts'
import { createApi } from '../create-api.ts'
import type { FastLane } from '../hot/fast-lane.ts'
import { defaultLimits, type Limits } from '../limits/key-limits.ts'
import type { Mailer } from '../public/mailer.ts'
import { createPlaces } from '../public/places.ts'
import { createSeeToRecalls } from '../see-to-recalls.ts'
import { createSightings } from '../snippet-store.ts'
import { createUsage, type Usage } from '../usage/create-usage.ts'

export type RunningApi = RunningLedger & {
  readonly database: TestDatabase
  readonly events: EventReader
  readonly usage: Usage
  readonly releases: Releases
  readonly flipReports: FlipReports
  readonly url: string
  readonly port: number
  /** What answers on the port, behind the fast lane. */
  readonly handler: RequestListener
  readonly lane: FastLane
  readonly internalToken: string
  readonly routes: readonly string[]
  /** The headers with which the pages speak for a new member of this role, who has just signed in. */
  signInAs(role: Role, organisationId?: OrganisationId): Promise<Record<string, string>>
  /** A live key with these scopes; all without any. */
  makeKey(...wanted: Scope[]): Promise<string>
  /** Calls with a key that has every scope; an object is sent as JSON. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Called>
}

export type Called = {
  readonly status: number
  readonly headers: Headers
  readonly body: Record<string, unknown>
}

export const member = { email: 'alice@example.com', password: 'correct horse battery' }

/** The whole API on a port of its own, over a database of its own. */
export async function startApi(
  options: {
    readonly clock?: () => number
    readonly limits?: Partial<Limits>
    readonly sampleRate?: number
    /** How many single answers of each kind are kept a day: none without it. */
    readonly keptOfKind?: number
    readonly signIn?: SignInConfiguration
    readonly mailer?: Mailer
    /** Hears what operators are told. */
    readonly heard?: (what: object, message: string) => void
  } = {},
): Promise<RunningApi> {
  const database = await createTestDatabase()
  const running = await startLedger(database.serve, options)
  const { decisions, ledger, keys, organisationId } = running
  const prisma = openPrisma(database.serve)
  const events = createEventReader(database.serve)
  const identifiers = createIdentifierStore(database.serve)
  const personRecords = createPersonRecords(database.serve)
  const sealedIdentifiers = createSealedIdentifiers(database.serve)
  const usageStore = createUsageStore(prisma)
  const log = { error: () => undefined, warn: () => undefined, info: () => undefined }
  const evidence = createEvidenceReader(database.serve, prisma)
  const following = followEvidence({ projection: createEvidenceProjection(database.serve), log })
  const usage = createUsage({
    ...{ decisions, clock: options.clock ?? Date.now, log, store: usageStore },
    ...{ sampleRate: options.sampleRate ?? 0, sampleDays: 30, keptOfKind: options.keptOfKind ?? 0 },
    digestOf: digestQuestionText(keys.question),
  })
  const consumers = createConsumers(prisma)
  const recalls = createRecalls(prisma)
  const members = createMembers(prisma)
  const clock = options.clock ?? Date.now
  const seeToRecalls = createSeeToRecalls({ decisions, recalls, consumers, clock })
  const sessions = createSessions(prisma, clock)
  const releaseStore = createReleaseStore(prisma)
  const flipReports = createFlipReports({
    ...{ store: createFlipReportStore(prisma), releases: releaseStore, decisions, clock, log },
    ...{ questions: createSampledQuestions(prisma), digestOf: digestQuestionText(keys.question) },
  })
  const releases = createReleases({
    ...{ store: releaseStore, ledger, decisions, flips: flipReports, clock, log },
  })
  const usedTokens = createUsedTokens(prisma)
  const internalToken = 'i'.repeat(43)
  const replicaSource = createLogSource(database.serve)
  const replica = createReplicaFeed({
    decisions,
    source: replicaSource,
    openState: async () => openStateStream(database.serve, keys.fingerprint),
  })
  const http = createServer()
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  const { handler, openFastLane, routes } = createApi({
    decisions,
    ledger,
    events,
    evidence: { ...evidence, ...following },
    identifiers: createIdentifierReader(identifiers, keys.wrap),
    ...createSigningIn({
      ...{ members, sessions, keys, clock, log },
      ...{ secondFactors: createSecondFactorStore(prisma), used: usedTokens },
      configuration: options.signIn ?? { hasPasswords: true, provider: undefined },
    }),
    signInSettings: createSignInSettings(prisma),
    usedTokens,
    sessions,
    members: createMemberAdmin(prisma),
    invitations: createInvitations(createInvitationStore(prisma), clock),
    regimes: createRegimeVersions(prisma),
    releases,
    flipReports,
    looks: createLookStore(prisma),
    comparisons: createComparisonStore(prisma),
    filters: createFilters(prisma),
    rooms: createRoomStore(prisma),
    overview: createOverviewStore(prisma),
    people: createPeopleStore(prisma),
    persons: createPersonReader(personRecords, keys.wrap),
    requests: createRequestStore(prisma),
    texts: createTextSealer(keys.organisationSeal),
    pending: createPendingConfirmations(prisma),
    consumers,
    recalls,
    seeToRecalls,
    snapshots: createSnapshots(prisma),
    sightings: createSightings(createSnippets(prisma), log),
    sealedIdentifiers,
    usage,
    usageStore,
    keyStore: createKeyStore(prisma),
    services: createServiceStore(prisma),
    keys,
    signer: await createSigner({ current: randomBytes(32), previous: [] }),
    clock,
    limits: { ...defaultLimits, ...options.limits },
    replica,
    publicOrganisation: organisationId,
    publicUrl: 'http://localhost:3000',
    places: createPlaces({ countryHeader: 'x-country', lookUp: undefined }),
    mailer: options.mailer,
    internalToken,
    log: { error: options.heard ?? (() => undefined), warn: () => undefined },
  })
  http.on('request', handler)
  const lane = openFastLane(http)
  await members.create({
    organisationId,
    email: member.email,
    role: 'owner',
    passwordHash: await hashPassword(member.password),
  })
  const url = `http://127.0.0.1:${port}`
  const makeKey = async (...wanted: Scope[]) => {
    const { secret, definition } = makeApiKey('Test', wanted.length === 0 ? scopes : wanted)
    await ledger.publish(organisationId, [{ act: 'key_created', definition }])
    return secret
  }
  const passwordHash = await hashPassword(member.password)
  const signInAs = async (role: Role, of = organisationId) => {
    const email = `${role}-${randomBytes(4).toString('hex')}@example.com`
    await members.create({ organisationId: of, email, role, passwordHash })
    const Authorization = `Bearer ${internalToken}`
    const response = await fetch(`${url}/v1/internal/sign-in`, {
      method: 'POST',
      headers: { Authorization, 'Content-Type': 'application/json' },
      body: JSON.stringify({ email, password: member.password }),
    })
    const { session } = (await response.json()) as { session: string }
    return { Authorization, 'Assent-Session': session }
  }
  const key = await makeKey()
  return {
    ...running,
    database,
    events,
    usage,
    releases,
    flipReports,
    url,
    port,
    handler,
    lane,
    internalToken,
    routes,
    signInAs,
    makeKey,
    async call(method, path, body, headers = {}) {
      const isRaw = body === undefined || typeof body === 'string' || body instanceof Uint8Array
      const response = await fetch(url + path, {
        method,
        headers: {
          Authorization: `Bearer ${key}`,
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...headers,
        },
        body: isRaw ? ((body as string | undefined) ?? null) : JSON.stringify(body),
      })
      const text = await response.text()
      return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) }
    },
    async close() {
      lane.close()
      http.closeAllConnections()
      http.close()
      await flipReports.close()
      await usage.close()
      await following.close()
      await running.close()
      replica.close()
      const readers = [replicaSource, events, evidence, identifiers, sealedIdentifiers, personRecords].map(
        (reader) => reader.close(),
      )
      await Promise.all([...readers, prisma.$disconnect()])
      await database.drop()
    },
  }
}
