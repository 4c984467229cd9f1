import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import { createApi } from './api/create-api.ts'
import { defaultLimits, type Limits } from './api/limits/key-limits.ts'
import type { Places } from './api/public/places.ts'
import { createSeeToRecalls } from './api/see-to-recalls.ts'
import { createSightings } from './api/snippet-store.ts'
import { createUsage } from './api/usage/create-usage.ts'
import { defineApiKey, makeApiKey, sha256Of } from './auth/api-keys.ts'
import { createSigningIn, type SignInConfiguration } from './auth/create-signing-in.ts'
import type { Keys } from './auth/derive-keys.ts'
import { digestQuestionText } from './auth/digest-question-text.ts'
import { createInvitations } from './auth/invitations.ts'
import { hashPassword } from './auth/passwords.ts'
import { scopes } from './auth/scopes.ts'
import type { Signer } from './auth/signer.ts'
import { demoDays, seedDemo } from './config/demo.ts'
import { ensureConfiguration } from './config/ensure-configuration.ts'
import { starterOrganisation } from './config/starter-purposes.ts'
import { createDecisions } from './decisions/create-decisions.ts'
import type { FreshnessBounds } from './env.ts'
import { followEvidence } from './jobs/project-evidence.ts'
import { createPublishJob } from './jobs/publish-releases.ts'
import { createLedger } from './ledger/create-ledger.ts'
import { createIdentifierReader } from './ledger/identifier-reader.ts'
import { createPersonReader } from './ledger/person-reader.ts'
import { randomIds } from './ledger/random-ids.ts'
import { createTextSealer } from './ledger/text-sealer.ts'
import { createSmtpMailer } from './mail/smtp-mailer.ts'
import { createReleases } from './releases/create-releases.ts'
import { createFlipReports } from './releases/flip-reports.ts'
import { createReplicaFeed } from './replica/replica-feed.ts'
import { acknowledgeEverywhere } from './server/workers/acknowledge-everywhere.ts'
import type { Fleet } from './server/workers/fleet.ts'
import { createKeyStore } from './storage/api-keys.ts'
import { createComparisonStore } from './storage/comparisons.ts'
import { createConsumers } from './storage/consumers.ts'
import type { DatabaseAddress } from './storage/database-address.ts'
import { createEvidenceProjection } from './storage/evidence/evidence-projection.ts'
import { createEvidenceReader } from './storage/evidence/evidence-reader.ts'
import { createFilters } from './storage/filters.ts'
import { createFlipReportStore } from './storage/flip-reports.ts'
import { createIdentifierStore } from './storage/identifiers.ts'
import { createInvitationStore } from './storage/invitations.ts'
import { createEventReader } from './storage/ledger/event-reader.ts'
import { createLedgerStore } from './storage/ledger/ledger-store.ts'
import { createLogSource } from './storage/ledger/log-source.ts'
import { createSealedIdentifiers } from './storage/ledger/sealed-identifiers.ts'
import { openStateStream } from './storage/ledger/state-stream.ts'
import { createLookStore } from './storage/looks.ts'
import { createMemberAdmin } from './storage/member-admin.ts'
import { createMembers } from './storage/members.ts'
import { openPrisma } from './storage/open-prisma.ts'
import { ensureOrganisation } from './storage/organisations.ts'
import { createOverviewStore } from './storage/overview.ts'
import { createPendingConfirmations } from './storage/pending-confirmations.ts'
import { createPeopleStore } from './storage/people.ts'
import { createPersonRecords } from './storage/person-records.ts'
import { createRecalls } from './storage/recalls.ts'
import { createRegimeVersions } from './storage/regimes.ts'
import { createReleaseStore } from './storage/releases.ts'
import { createRequestStore } from './storage/requests.ts'
import { createRoomStore } from './storage/rooms.ts'
import { createSampledQuestions } from './storage/sampled-questions.ts'
import { createSecondFactorStore } from './storage/second-factors.ts'
import { createServiceStore } from './storage/services.ts'
import { createSessions } from './storage/sessions.ts'
import { createSignInSettings } from './storage/sign-in-settings.ts'
import { createSnapshots } from './storage/snapshots.ts'
import { createSnippets } from './storage/snippets.ts'
import { createUsageStore } from './storage/usage.ts'
import { createUsedTokens } from './storage/used-tokens.ts'

/** What waited to be confirmed, and has run out. */
const forgetEveryMs = 600_000

export type Wired = Awaited<ReturnType<typeof wire>>

/**
 * Puts the parts together over a migrated database: the one place that knows them all. Rejects where the database
 * cannot be read, or is not durable.
 */
export async function wire(options: {
  readonly serve: DatabaseAddress
  readonly keys: Keys
  readonly signer: Signer
  readonly publicUrl: string
  readonly internalToken: string
  readonly bounds: FreshnessBounds
  readonly log: Logger
  /** How members may sign in. */
  readonly signIn: SignInConfiguration
  /** Share of single answers that are kept, and for how many days. */
  readonly samples: { readonly rate: number; readonly days: number }
  /** What each API key may use at once, where it is not the default. */
  readonly limits: Partial<Limits>
  readonly places: Places
  /** The server that mail goes through; undefined where none is sent. */
  readonly mail: { readonly url: string; readonly from: string } | undefined
  /** A committed batch could not be applied: the process must end. */
  readonly fatal: (error: unknown) => void
  /** Where questions are answered by processes beside this one. */
  readonly fleet?: Fleet | undefined
}) {
  const { serve, keys, signer, publicUrl, internalToken, log, fleet } = options
  let simulatedMs: number | null = null
  const clock = () => simulatedMs ?? Date.now()
  const prisma = openPrisma(serve)
  const source = createLogSource(serve)
  const events = createEventReader(serve)
  const identifiers = createIdentifierStore(serve)
  const personRecords = createPersonRecords(serve)
  const sealedIdentifiers = createSealedIdentifiers(serve)
  const organisationId = await ensureOrganisation(serve, starterOrganisation)
  const decisions = await createDecisions({
    source,
    lookupKey: keys.lookup,
    clock,
    log,
    ...options.bounds,
  })
  if (fleet !== undefined) decisions.observe(fleet.observer)
  const ledger = createLedger({
    store: createLedgerStore(serve),
    index: decisions,
    keys,
    // The database's time, which every process agrees on: this one's clock may jump, and what is recorded stays.
    clock: () => simulatedMs ?? Math.round(decisions.contact()?.databaseNowMs ?? Date.now()),
    ids: randomIds,
    fatal: options.fatal,
  })
  const usageStore = createUsageStore(prisma)
  const usage = createUsage({
    ...{ decisions, clock, log, store: usageStore },
    ...{ sampleRate: options.samples.rate, sampleDays: options.samples.days },
    digestOf: digestQuestionText(keys.question),
  })
  const replicaSource = createLogSource(serve)
  const replica = createReplicaFeed({
    decisions,
    source: replicaSource,
    openState: async () => openStateStream(serve, keys.fingerprint),
  })
  const consumers = createConsumers(prisma)
  const recalls = createRecalls(prisma)
  const seeToRecalls = createSeeToRecalls({ decisions, recalls, consumers, clock })
  const members = createMembers(prisma)
  const sessions = createSessions(prisma)
  const everywhere = fleet === undefined ? ledger : acknowledgeEverywhere(ledger, fleet)
  const releaseStore = createReleaseStore(prisma)
  const digestOf = digestQuestionText(keys.question)
  const flipReports = createFlipReports({
    ...{ store: createFlipReportStore(prisma), releases: releaseStore, decisions, digestOf, clock, log },
    questions: createSampledQuestions(prisma),
  })
  const releases = createReleases({
    ...{ store: releaseStore, ledger: everywhere, decisions, flips: flipReports, clock, log },
    scheduled: () => publishing.wake(),
  })
  const publishing = createPublishJob({ releases, nextDueMs: releaseStore.nextDueMs, clock, log })
  const evidence = createEvidenceReader(serve, prisma)
  const following = followEvidence({ projection: createEvidenceProjection(serve), log })
  const usedTokens = createUsedTokens(prisma)
  const pending = createPendingConfirmations(prisma)
  const forgetting = setInterval(() => void pending.forget(clock()).catch(() => undefined), forgetEveryMs)
  forgetting.unref()
  const mailer = options.mail && createSmtpMailer(options.mail)
  const signingIn = createSigningIn({
    ...{ members, sessions, keys, clock, log, configuration: options.signIn },
    ...{ secondFactors: createSecondFactorStore(prisma), used: usedTokens },
  })

  return {
    decisions,
    /** The keys of what people are asked on. */
    properties: () => [...(decisions.policy(organisationId)?.properties.keys() ?? [])],
    /** Publishes and records what a new installation begins with; harmless to repeat. */
    async seed(
      kind: 'demo' | 'starter' | 'none',
      onProgress: (done: number, all: number) => void,
    ): Promise<boolean> {
      const isNew = decisions.revision().seq === 0
      const nowMs = Date.now()
      if (kind === 'none') {
        if (isNew) {
          const definition = starterOrganisation
          await ledger.publish(organisationId, [{ act: 'organisation_published', definition }])
        }
        return false
      }
      if (isNew && kind === 'demo') simulatedMs = nowMs - demoDays * 86_400_000
      try {
        await ensureConfiguration({ ledger, decisions, organisationId, publicOrigin: publicUrl })
        if (!isNew || kind !== 'demo') return false
        const setClock = (atMs: number | null) => {
          simulatedMs = atMs
        }
        await seedDemo({ ledger, setClock, organisationId, nowMs, onProgress })
        return true
      } finally {
        simulatedMs = null
      }
    },
    /** The first member, where there is none; answers the password if it had to make one up. */
    async ensureFirstMember(email: string, password: string | undefined): Promise<string | undefined> {
      if ((await members.count(organisationId)) > 0) return undefined
      const made = password ?? randomUUID().replaceAll('-', '').slice(0, 20)
      await members.create({ organisationId, email, role: 'owner', passwordHash: await hashPassword(made) })
      return password === undefined ? made : undefined
    },
    /**
     * Makes sure that `secret` is a live key, with every scope where it is new. False where it cannot be: it was revoked
     * or has ended, and stays so.
     */
    async ensureKey(secret: string, name: string): Promise<boolean> {
      const sha256 = sha256Of(secret)
      if (decisions.keyBySha256(sha256) !== undefined) return true
      if (await prisma.apiKey.findUnique({ where: { sha256: Buffer.from(sha256, 'hex') } })) return false
      const definition = defineApiKey(secret, name, scopes)
      await ledger.publish(organisationId, [{ act: 'key_created', definition }])
      return true
    },
    /** A new key with every scope. */
    async makeKey(name: string): Promise<string> {
      const { secret, definition } = makeApiKey(name, scopes)
      await ledger.publish(organisationId, [{ act: 'key_created', definition }])
      return secret
    },
    api: createApi({
      decisions,
      ledger: everywhere,
      releases,
      flipReports,
      looks: createLookStore(prisma),
      comparisons: createComparisonStore(prisma),
      events,
      evidence: { ...evidence, ...following },
      identifiers: createIdentifierReader(identifiers, keys.wrap),
      ...signingIn,
      signInSettings: createSignInSettings(prisma),
      usedTokens,
      sessions,
      members: createMemberAdmin(prisma),
      invitations: createInvitations(createInvitationStore(prisma), clock),
      regimes: createRegimeVersions(prisma),
      filters: createFilters(prisma),
      rooms: createRoomStore(prisma),
      overview: createOverviewStore(prisma),
      people: createPeopleStore(prisma),
      persons: createPersonReader(personRecords, keys.wrap),
      requests: createRequestStore(prisma),
      texts: createTextSealer(keys.organisationSeal),
      pending,
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
      signer,
      clock,
      limits: { ...defaultLimits, ...options.limits },
      replica,
      publicOrganisation: organisationId,
      publicUrl,
      places: options.places,
      mailer,
      internalToken,
      log,
      workers: fleet,
    }),
    /** Begins what is done by the clock; after seeding. */
    async startJobs(): Promise<void> {
      await flipReports.abandon()
      publishing.start()
    },
    /** Ends the batch under way, then everything else. */
    async close(): Promise<void> {
      clearInterval(forgetting)
      await publishing.close()
      await flipReports.close()
      await usage.close()
      await following.close()
      await decisions.close()
      await ledger.close()
      replica.close()
      mailer?.close()
      const readers = [source, replicaSource, events, evidence, identifiers, sealedIdentifiers, personRecords]
      await Promise.all([...readers.map((reader) => reader.close()), prisma.$disconnect()])
    },
  }
}
