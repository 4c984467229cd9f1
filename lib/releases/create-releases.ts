import type { Decisions } from '../decisions/decisions.ts'
import type { Clock } from '../domain/clock.ts'
import { AssentError } from '../domain/errors.ts'
import type { OrganisationId } from '../domain/ids.ts'
import type { Policy } from '../domain/policy.ts'
import type { ItemKind, ReleaseItem } from '../domain/release.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { barTo, type Content, judgeApprovals, stateNow } from './approvals.ts'
import { act, closed, demand, demandComplete, notFound, unscheduled } from './demands.ts'
import type { FlipReports } from './flip-reports.ts'
import { createPublication } from './publication.ts'
import type {
  ReleaseChange,
  ReleaseDoer,
  ReleaseState,
  ReleaseStore,
  StoredItem,
  StoredRelease,
} from './release-store.ts'

export type Releases = ReturnType<typeof createReleases>

/** One change of one item. */
export type Edit = {
  readonly kind: ItemKind
  readonly key: string
  /** The one it is based on; 0 for what is not there yet. */
  readonly edit: number
  /** Null takes it out. */
  readonly definition: ReleaseItem['definition'] | null
}

const editable: readonly ReleaseState[] = ['draft', 'in_review', 'approved', 'scheduled']

/**
 * Drafts that are edited, reviewed and published together. Each function names who does it; a release of another
 * organisation is `not_found`, as one that does not exist. Throws `release_state` where its state does not admit the
 * act, and what the act itself says.
 */
export function createReleases(options: {
  readonly store: ReleaseStore
  readonly ledger: Pick<Ledger, 'publish'>
  readonly decisions: Pick<Decisions, 'policy' | 'catchUp'>
  readonly clock: Clock
  readonly log: Readonly<Record<'error' | 'warn', (what: object, message: string) => void>>
  readonly flips: Pick<FlipReports, 'begin' | 'makeNow'>
  /** Something was scheduled or is no longer: the job may have to wake earlier. */
  readonly scheduled?: () => void
}) {
  const { store, clock } = options
  const doer = (actor: string): ReleaseDoer => ({ actor, atMs: clock() })

  function policyOf(organisationId: OrganisationId): Policy {
    const policy = options.decisions.policy(organisationId)
    if (policy === undefined) throw new AssentError('not_ready', 'The configuration is not there yet.')
    return policy
  }

  async function change(
    organisationId: OrganisationId,
    id: string,
    actor: string,
    decide: Parameters<ReleaseStore['change']>[3],
  ): Promise<StoredRelease> {
    return (await store.change(organisationId, id, doer(actor), decide)) ?? notFound()
  }

  const publication = createPublication({ ...options, policyOf, change })

  return {
    ...publication,
    store,
    policyOf,
    find: async (organisationId: OrganisationId, id: string): Promise<StoredRelease> =>
      (await store.find(organisationId, id)) ?? notFound(),
    open: (organisationId: OrganisationId, title: string, actor: string) =>
      store.create(organisationId, title, doer(actor)),
    rename: (organisationId: OrganisationId, id: string, title: string, actor: string) =>
      change(organisationId, id, actor, (release) => {
        demand(release, ['draft', 'in_review'], 'is renamed')
        return { release: { title }, ...act('release_renamed', release, { title }) }
      }),
    /**
     * Puts an item in, changes it or takes it out. Throws `draft_conflict`, with what is there now, where it was based
     * on another edit than the last. Approvals are of what was there: the release is in review again.
     */
    edit: (organisationId: OrganisationId, id: string, edit: Edit, actor: string) =>
      change(organisationId, id, actor, (release): ReleaseChange => {
        demand(release, editable, 'is edited')
        const current = release.items.find(({ kind, key }) => kind === edit.kind && key === edit.key)
        const isGone = current === undefined || current.definition === null
        const isBasedOnLast = (isGone && edit.edit === 0) || current?.edit === edit.edit
        if (!isBasedOnLast) throw conflict(current)
        if (isGone && edit.definition === null) notFound()
        const { kind, key, definition } = edit
        const item = {
          ...{ kind, key, definition, edit: (current?.edit ?? 0) + 1 },
          ...{ editedBy: actor, editedAtMs: clock() },
        }
        const goesBack = release.state === 'approved' || release.state === 'scheduled'
        const isGoingOn = !goesBack && !isGone && definition !== null && current.editedBy === actor
        const what = definition === null ? 'taken_out' : isGone ? 'put_in' : 'changed'
        return {
          item,
          release: {
            editors: [...new Set([...release.editors, actor])].sort(),
            ...(goesBack ? { state: 'in_review', ...unscheduled } : {}),
          },
          // Who types on writes one act, not one a word.
          ...(isGoingOn ? {} : act('release_edited', release, { kind, key, what })),
        }
      }),
    comment: (
      organisationId: OrganisationId,
      id: string,
      comment: NonNullable<ReleaseChange['comment']>,
      actor: string,
    ) =>
      change(organisationId, id, actor, (release) => {
        if (release.state === 'published' || release.state === 'discarded') closed(release)
        return { comment, ...act('release_commented', release) }
      }),
    /** Throws `release_incomplete`, with all that keeps it from being published. */
    async submit(organisationId: OrganisationId, id: string, actor: string): Promise<StoredRelease> {
      const submitted = await change(organisationId, id, actor, (release, terms) => {
        demand(release, ['draft'], 'is submitted')
        const policy = policyOf(organisationId)
        demandComplete(policy, release)
        const state = stateNow('in_review', judgeApprovals(release, terms, policy))
        return { release: { state, submittedAtMs: clock() }, ...act('release_submitted', release) }
      })
      // It is in review whether or not its report can be begun: publication waits for one.
      await options.flips
        .begin(organisationId, submitted, actor)
        .catch((err: unknown) => options.log.warn({ err, release: id }, 'a flip report was not begun'))
      return submitted
    },
    /**
     * `seen` is what the approver was shown. Throws `draft_conflict` where it is not what is there now, `own_work`
     * where she wrote or edited it, `release_incomplete`.
     */
    approve: (organisationId: OrganisationId, id: string, seen: Content, approver: string) =>
      change(organisationId, id, approver, (release, terms): ReleaseChange => {
        demand(release, ['in_review', 'approved', 'scheduled'], 'is approved')
        const policy = policyOf(organisationId)
        const { content, flips } = judgeApprovals(release, terms, policy)
        if (barTo(release, terms, approver) !== null) {
          throw new AssentError(
            'own_work',
            'Another member, owner or officer, must approve: not its author, and nobody who edited it.',
          )
        }
        if (content.sha256 !== seen.sha256 || content.baseSha256 !== seen.baseSha256) {
          const what = content.sha256 === seen.sha256 ? 'what is in force' : 'the release'
          throw new AssentError('draft_conflict', `Meanwhile ${what} has changed. Look at it again.`, {
            members: { sha256: content.sha256, base_sha256: content.baseSha256 },
          })
        }
        demandComplete(policy, release)
        const approval = { approver, ...content }
        const before = release.approvals.filter((each) => !each.isWithdrawn && each.approver === approver)
        const ofThis = before.filter(
          (each) => each.sha256 === content.sha256 && each.baseSha256 === content.baseSha256,
        )
        if (ofThis.some(({ atMs }) => atMs >= flips.newYesKnownMs)) return {}
        const others = release.approvals.filter((each) => !ofThis.includes(each))
        const after = {
          ...release,
          approvals: [...others, { ...approval, atMs: clock(), isWithdrawn: false }],
        }
        const state = stateNow(release.state, judgeApprovals(after, terms, policy))
        return {
          approval,
          // One given before the report showed what it shows makes way.
          ...(ofThis.length === 0 ? {} : { withdraw: [approver] }),
          release: { state },
          ...act('release_approved', release, content),
        }
      }),
    withdrawApproval: (organisationId: OrganisationId, id: string, approver: string) =>
      change(organisationId, id, approver, (release) => {
        demand(release, ['in_review', 'approved', 'scheduled'], 'loses an approval')
        if (!release.approvals.some((each) => each.approver === approver && !each.isWithdrawn)) {
          throw new AssentError('release_state', 'You have not approved this release.')
        }
        return {
          withdraw: [approver],
          release: { state: 'in_review', ...unscheduled },
          ...act('approval_withdrawn', release),
        }
      }),
    /** Sends it back to its author with words that say why. Every approval is void. */
    requestChanges: (organisationId: OrganisationId, id: string, text: string, actor: string) =>
      change(organisationId, id, actor, (release) => {
        demand(release, ['in_review', 'approved', 'scheduled'], 'is sent back')
        return {
          comment: { text, item: null },
          withdraw: release.approvals.map(({ approver }) => approver),
          release: { state: 'draft', ...unscheduled },
          ...act('changes_requested', release),
        }
      }),
    discard: (organisationId: OrganisationId, id: string, actor: string) =>
      change(organisationId, id, actor, (release) => {
        demand(release, ['draft', 'in_review', 'approved'], 'is discarded')
        return { release: { state: 'discarded' }, ...act('release_discarded', release) }
      }),
  }
}

function conflict(current: StoredItem | undefined): AssentError {
  const said =
    current === undefined
      ? 'It is not in the release.'
      : `It was ${current.definition === null ? 'taken out' : 'edited'} meanwhile.`
  return new AssentError('draft_conflict', `${said} Yours was not stored: compare, and send it again.`, {
    members: {
      current:
        current === undefined
          ? null
          : {
              ...{ kind: current.kind, key: current.key, definition: current.definition },
              ...{ edit: current.edit, edited_by: current.editedBy },
              edited_at: new Date(current.editedAtMs).toISOString(),
            },
    },
  })
}
