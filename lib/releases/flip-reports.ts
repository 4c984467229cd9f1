import { randomUUID } from 'node:crypto'
import type { Decisions } from '../decisions/decisions.ts'
import { findFlips } from '../decisions/flips/find-flips.ts'
import type { FlipReport } from '../decisions/flips/flip-report.ts'
import type { DigestOf } from '../decisions/flips/kept-question.ts'
import { daysBack, type SampledQuestions, sampledDays } from '../decisions/flips/sampled-questions.ts'
import type { Clock } from '../domain/clock.ts'
import { AssentError } from '../domain/errors.ts'
import type { OrganisationId } from '../domain/ids.ts'
import { bodiesOf } from '../domain/release-bodies.ts'
import { contentHashes, itemsOf, sha256 } from './approvals.ts'
import type { FlipReportStore, StoredFlipReport } from './flip-report-store.ts'
import type { FlipSummary, ReleaseStore, StoredRelease } from './release-store.ts'

const progressEvery = 5

export type FlipReports = ReturnType<typeof createFlipReports>

/** Makes, keeps and finds the reports on what releases would change in the answers. One at a time for a release. */
export function createFlipReports(options: {
  readonly store: FlipReportStore
  readonly releases: Pick<ReleaseStore, 'find' | 'keepFlips'>
  readonly questions: SampledQuestions
  readonly decisions: Pick<Decisions, 'policy' | 'state' | 'revision'>
  readonly digestOf: DigestOf
  readonly clock: Clock
  readonly log: { readonly error: (what: object, message: string) => void }
}) {
  const { store, questions, decisions, digestOf, clock, log } = options
  const underWay = new Map<string, { readonly row: StoredFlipReport; readonly made: Promise<boolean> }>()

  function hashesOf(organisationId: OrganisationId, release: StoredRelease) {
    const policy = decisions.policy(organisationId)
    if (policy === undefined) throw new AssentError('not_ready', 'The configuration is not there yet.')
    const items = itemsOf(release)
    return { policy, items, ...contentHashes(policy, items) }
  }

  async function make(
    organisationId: OrganisationId,
    release: StoredRelease,
    row: StoredFlipReport,
    { policy, items }: Pick<ReturnType<typeof hashesOf>, 'policy' | 'items'>,
  ): Promise<boolean> {
    try {
      const nowMs = row.startedAtMs
      const report = await findFlips({
        policy,
        steps: bodiesOf(policy, items, sha256),
        nowMs: Math.max(nowMs, policy.asOfMs),
        days: sampledDays(questions, organisationId, nowMs, async (done) => {
          if (done % progressEvery === 0) await store.progress(organisationId, row.id, done)
        }),
        stateOf: (subject) => decisions.state(organisationId, subject),
        digestOf,
      })
      const madeAtMs = clock()
      // One that was begun for other items meanwhile has taken its place.
      if (!(await store.end(organisationId, row.id, { report }, madeAtMs))) return false
      const last = (await options.releases.find(organisationId, release.id))?.flips ?? null
      const summary = summaryOf(row, report, madeAtMs, last)
      await options.releases.keepFlips(organisationId, release.id, summary)
      return true
    } catch (error) {
      log.error({ err: error, release: release.id }, 'a flip report could not be made')
      const known = error instanceof AssentError ? error.message : 'It failed; the server’s log says why.'
      await store
        .end(organisationId, row.id, { error: known }, clock())
        .catch((err: unknown) => log.error({ err, release: release.id }, 'nor could that be stored'))
      return false
    }
  }

  async function begin(organisationId: OrganisationId, release: StoredRelease, by: string) {
    const { policy, items, sha256: itemsSha256, baseSha256 } = hashesOf(organisationId, release)
    const running = underWay.get(release.id)
    if (running?.row.sha256 === itemsSha256 && running.row.baseSha256 === baseSha256) return running
    const row: StoredFlipReport = {
      ...{ id: randomUUID(), release: release.id, sha256: itemsSha256, baseSha256, state: 'running' },
      ...{ done: 0, total: daysBack, error: null, report: null, seq: decisions.revision().seq },
      ...{ startedBy: by, startedAtMs: clock(), finishedAtMs: null },
    }
    await store.begin(organisationId, row, 'The release was changed meanwhile.')
    const made = make(organisationId, release, row, { policy, items }).finally(() => {
      if (underWay.get(release.id)?.row.id === row.id) underWay.delete(release.id)
    })
    const entry = { row, made }
    underWay.set(release.id, entry)
    return entry
  }

  return {
    /** Begins a report on the release as it is, or answers the one under way. Throws `not_ready`. */
    begin: async (organisationId: OrganisationId, release: StoredRelease, by: string) =>
      (await begin(organisationId, release, by)).row,
    /** The same, and waits for it: false where it could not be made. */
    async makeNow(organisationId: OrganisationId, release: StoredRelease, by: string): Promise<boolean> {
      return (await begin(organisationId, release, by)).made
    },
    latest: (organisationId: OrganisationId, release: string) => store.latest(organisationId, release),
    /** Whether a report is of the release as it is, and builds on what is in force. */
    isCurrent(organisationId: OrganisationId, release: StoredRelease, report: StoredFlipReport): boolean {
      const now = hashesOf(organisationId, release)
      return report.sha256 === now.sha256 && report.baseSha256 === now.baseSha256
    },
    /** What an earlier process was making when it ended has failed. */
    abandon: () => store.abandon('The server was started anew while it was made. Make it again.', clock()),
    /** Waits for what is under way. */
    async close(): Promise<void> {
      await Promise.all([...underWay.values()].map(({ made }) => made))
    },
  }
}

/**
 * What approvals and publication look at. A cause that an earlier report on the same content showed was known from then
 * on: who approved after that has seen it.
 */
function summaryOf(
  { sha256: itemsSha256, baseSha256 }: StoredFlipReport,
  { sample, allowed, denied }: FlipReport,
  madeAtMs: number,
  last: FlipSummary | null,
): FlipSummary {
  const isSame = last?.sha256 === itemsSha256 && last.baseSha256 === baseSha256
  const known = isSame ? last.newYes : {}
  const causes = allowed.causes.map(
    ({ purpose, item, before, after }) => `${purpose} ${item.kind} ${item.key} ${before} ${after}`,
  )
  return {
    ...{ sha256: itemsSha256, baseSha256, madeAtMs, hasNewYes: allowed.questions > 0 },
    newYes: Object.fromEntries(causes.map((cause) => [cause, known[cause] ?? madeAtMs])),
    ...{ allowed: allowed.questions, denied: denied.questions, questions: sample.questions },
  }
}
