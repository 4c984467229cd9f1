import type { Decisions } from '../decisions/decisions.ts'
import type { Clock } from '../domain/clock.ts'
import { AssentError } from '../domain/errors.ts'
import type { ConfigBody, ReleasePublished } from '../domain/events.ts'
import type { OrganisationId } from '../domain/ids.ts'
import type { Policy, PublishedRelease } from '../domain/policy.ts'
import { bodiesOf } from '../domain/release-bodies.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { contentHashes, itemsOf, judgeApprovals, sha256 } from './approvals.ts'
import { act, demand, demandApproved, demandComplete, unscheduled } from './demands.ts'
import type { FlipReports } from './flip-reports.ts'
import type { ReleaseRef, ReleaseStore, StoredRelease } from './release-store.ts'

/** After these nothing was written to the log. */
const nothingWritten: readonly string[] = ['definition_invalid', 'conflict', 'queue_full', 'log_unavailable']

/** While a release that is due is held, its report is made again so often. */
const lookAgainMs = 600_000

/**
 * Publication: one call of the ledger, all or nothing, whose first event names the release; the log refuses the same
 * release a second time. So the row may lag behind the log, and is brought up to it: after a crash, `reconcile` reads
 * from the log whether it was published.
 */
export function createPublication(options: {
  readonly store: ReleaseStore
  readonly ledger: Pick<Ledger, 'publish'>
  readonly decisions: Pick<Decisions, 'policy' | 'catchUp'>
  readonly clock: Clock
  readonly log: Readonly<Record<'error' | 'warn', (what: object, message: string) => void>>
  readonly policyOf: (organisationId: OrganisationId) => Policy
  readonly change: (
    organisationId: OrganisationId,
    id: string,
    actor: string,
    decide: Parameters<ReleaseStore['change']>[3],
  ) => Promise<StoredRelease>
  readonly flips: Pick<FlipReports, 'makeNow'>
  readonly scheduled?: () => void
}) {
  const { store, ledger, decisions, clock, log, policyOf, change } = options
  /** Being written by this process, the log’s only writer: their rows are left alone. */
  const underWay = new Set<string>()

  const publishedAs = (organisationId: OrganisationId, id: string): PublishedRelease | undefined =>
    decisions.policy(organisationId)?.releases.get(id)

  /** Writes into the row what the log says. */
  async function settle(ref: ReleaseRef, published: PublishedRelease): Promise<StoredRelease> {
    return change(ref.organisationId, ref.id, published.author, (release) =>
      release.state === 'published'
        ? {}
        : {
            release: {
              state: 'published',
              publishedAtMs: published.publishedAtMs,
              firstSeq: published.seq,
              lastSeq: published.lastSeq,
              publishError: null,
            },
          },
    )
  }

  /** Not in the log: it is what it was before. */
  async function takeBack({ organisationId, id }: ReleaseRef, actor: string, error: unknown): Promise<void> {
    await change(organisationId, id, actor, (release, terms) => {
      if (release.state !== 'publishing') return {}
      const state = release.publishAtMs === null ? 'in_review' : 'scheduled'
      const { needed, approvers } = judgeApprovals(release, terms, policyOf(organisationId))
      const isApproved = state === 'in_review' && needed > 0 && approvers.length >= needed
      return {
        release: { state: isApproved ? 'approved' : state, publishError: errorOf(error, clock()) },
        ...act('release_publish_failed', release, { code: errorOf(error, 0).code }),
      }
    })
  }

  /** Makes the report on what is due anew; while it is held, every few minutes. Throws `flip_report_needed`. */
  async function lookAgain(organisationId: OrganisationId, release: StoredRelease): Promise<void> {
    const { flips, publishAtMs } = release
    const hashes = contentHashes(policyOf(organisationId), itemsOf(release))
    if (flips?.sha256 === hashes.sha256 && flips.baseSha256 === hashes.baseSha256) {
      if (flips.madeAtMs >= (publishAtMs ?? 0) && clock() - flips.madeAtMs < lookAgainMs) return
    }
    if (await options.flips.makeNow(organisationId, release, 'assent')) return
    throw new AssentError('flip_report_needed', 'The flip report could not be made again. Look at why.')
  }

  async function publishNow(ref: ReleaseRef, actor: string): Promise<StoredRelease> {
    const { organisationId, id } = ref
    if (underWay.has(id)) throw new AssentError('release_state', 'It is being published.')
    underWay.add(id)
    try {
      let bodies: readonly ConfigBody[] = []
      await change(organisationId, id, actor, (release, terms) => {
        demand(release, ['in_review', 'approved', 'scheduled'], 'is published')
        const policy = policyOf(organisationId)
        const approvals = judgeApprovals(release, terms, policy)
        demandApproved(approvals, clock())
        demandComplete(policy, release)
        const { title, author } = release
        const published = bodiesOf(policy, itemsOf(release), sha256).map(({ body }) => body)
        const opening: ReleasePublished = {
          act: 'release_published',
          ...{ release: id, title, author, approvers: approvals.approvers },
          ...{ sha256: approvals.content.sha256, events: published.length },
        }
        bodies = [opening, ...published]
        return {
          release: { state: 'publishing', publishError: null },
          ...act('release_publish_begun', release),
        }
      })
      try {
        await ledger.publish(organisationId, bodies)
      } catch (error) {
        // Refused as published before, or answered by nobody: the log knows.
        await decisions.catchUp().catch(() => undefined)
        const isWritten = publishedAs(organisationId, id) !== undefined
        if (!isWritten) {
          if (error instanceof AssentError && nothingWritten.includes(error.code)) {
            await takeBack(ref, actor, error)
          }
          throw error
        }
      }
      const published = publishedAs(organisationId, id)
      if (published === undefined)
        throw new AssentError('not_ready', 'It is being published. Look again soon.')
      return await settle(ref, published)
    } finally {
      underWay.delete(id)
    }
  }

  return {
    /**
     * Publishes now, or at a time to come. Throws `approval_missing`, `release_incomplete`, `release_state`, and what
     * `Ledger.publish` throws; then nothing is published.
     */
    async publish(
      organisationId: OrganisationId,
      id: string,
      atMs: number | null,
      actor: string,
    ): Promise<StoredRelease> {
      if (atMs === null) return publishNow({ organisationId, id }, actor)
      if (atMs <= clock()) {
        throw new AssentError('body_invalid', '/at: lies in the past. Leave it out to publish now.', {
          pointer: '/at',
        })
      }
      const release = await change(organisationId, id, actor, (release, terms) => {
        demand(release, ['in_review', 'approved', 'scheduled'], 'is scheduled')
        const policy = policyOf(organisationId)
        demandApproved(judgeApprovals(release, terms, policy), clock())
        demandComplete(policy, release)
        return {
          release: { state: 'scheduled', publishAtMs: atMs, scheduledBy: actor, publishError: null },
          ...act('release_scheduled', release, { at: new Date(atMs).toISOString() }),
        }
      })
      options.scheduled?.()
      return release
    },
    unschedule: (organisationId: OrganisationId, id: string, actor: string): Promise<StoredRelease> =>
      change(organisationId, id, actor, (release, terms) => {
        demand(release, ['scheduled'], 'is taken off the schedule')
        const { needed, approvers } = judgeApprovals(release, terms, policyOf(organisationId))
        const state = needed > 0 && approvers.length >= needed ? 'approved' : 'in_review'
        return { release: { state, ...unscheduled }, ...act('release_unscheduled', release) }
      }),
    /** Brings every open release’s row up to what the log says of it. */
    async reconcile(): Promise<void> {
      for (const ref of await store.open()) {
        if (underWay.has(ref.id) || decisions.policy(ref.organisationId) === undefined) continue
        const published = publishedAs(ref.organisationId, ref.id)
        if (published !== undefined) await settle(ref, published)
        else if (ref.state === 'publishing')
          await takeBack(ref, 'assent', new AssentError('log_unavailable', 'It was not written to the log.'))
      }
    },
    /** Publishes what is due. What fails stays scheduled, with the reason kept. */
    async publishDue(): Promise<void> {
      for (const ref of await store.due(clock())) {
        const scheduledBy = (await store.find(ref.organisationId, ref.id))?.scheduledBy
        if (scheduledBy == null) continue
        try {
          // Since it was scheduled other questions were asked, and others may have agreed or refused.
          const scheduled = await store.find(ref.organisationId, ref.id)
          if (scheduled?.state === 'scheduled') await lookAgain(ref.organisationId, scheduled)
          await publishNow(ref, scheduledBy)
        } catch (error) {
          log.warn({ err: error, release: ref.id }, 'a scheduled release could not be published')
          await change(ref.organisationId, ref.id, scheduledBy, (release) => {
            if (release.state !== 'scheduled') return {}
            const { code, message, at } = errorOf(error, clock())
            const isSame = release.publishError?.code === code && release.publishError.message === message
            return {
              release: { publishError: { code, message, at } },
              // Tried again each minute: the first failure is an act, its repetitions are not.
              ...(isSame ? {} : act('release_publish_failed', release, { code })),
            }
          })
        }
      }
    },
  }
}

/** What is shown of it: only an `AssentError`’s own words are for people. */
function errorOf(error: unknown, atMs: number) {
  const known =
    error instanceof AssentError
      ? error
      : new AssentError('internal', 'It failed; the server’s log says why.')
  return { code: known.code, message: known.message, at: new Date(atMs).toISOString() }
}
