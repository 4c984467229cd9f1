import { z } from '@hono/zod-openapi'
import type { Policy, PublishedRelease } from '../../domain/policy.ts'
import { itemKinds } from '../../domain/release.ts'
import { type Approvals, judgeApprovals, stateNow } from '../../releases/approvals.ts'
import {
  type ApprovalTerms,
  type ReleaseStore,
  releaseStates,
  type StoredComment,
  type StoredRelease,
} from '../../releases/release-store.ts'
import type { Principal } from '../authenticate.ts'

const time = z.iso.datetime()
const name = z.string().openapi({ example: 'member:…', description: 'A member or an API key; see `people`.' })
const hash = z.string().openapi({ description: 'SHA-256 of canonical JSON (RFC 8785), hex.' })
export const itemKind = z.enum(itemKinds).openapi('ItemKind')
export const people = z.record(z.string(), z.string()).openapi({
  description:
    'Members’ addresses, for who may read members, and keys’ names, by the names used in this answer.',
})

const summary = {
  id: z.string(),
  title: z.string(),
  state: z.enum(releaseStates).openapi('ReleaseState'),
  author: name,
  created_at: time,
  updated_at: time,
  submitted_at: time.nullable(),
  publish_at: time.nullable(),
  published_at: time.nullable(),
  publish_error: z
    .object({ code: z.string(), message: z.string(), at: time })
    .nullable()
    .openapi({ description: 'Why it could not be published when it was due.' }),
  approvals_needed: z.int(),
  approvers: z.array(name).openapi({ description: 'Whose approvals count now.' }),
}

export const releaseListed = z
  .object({ ...summary, items: z.array(z.object({ kind: itemKind, key: z.string() })) })
  .openapi('ReleaseListed')

export const releaseShown = z
  .object({
    ...summary,
    editors: z.array(name),
    items: z.array(
      z.object({
        kind: itemKind,
        key: z.string(),
        edit: z.int().openapi({ description: 'To be named by whoever edits it.' }),
        edited_by: name,
        edited_at: time,
        definition: z.looseObject({}),
      }),
    ),
    sha256: hash.openapi({ description: 'Of its items: what an approval is of.' }),
    base_sha256: hash.openapi({ description: 'Of what is in force that they build on.' }),
    approvals: z.array(
      z.object({
        approver: name,
        at: time,
        sha256: hash,
        void_because: z
          .enum([
            'withdrawn',
            'items_changed',
            'base_changed',
            'before_report',
            'own_work',
            'may_not_approve',
          ])
          .nullable()
          .openapi({ description: 'Why it does not count; null where it does.' }),
      }),
    ),
    has_new_yes: z.boolean().openapi({ description: 'Its report says that it turns some no into a yes.' }),
    flips: z
      .object({
        is_current: z.boolean().openapi({ description: 'Of the release as it is.' }),
        made_at: time,
        questions: z.int(),
        allowed: z.int().openapi({ description: 'Of these: no becomes yes.' }),
        denied: z.int().openapi({ description: 'Of these: yes becomes no.' }),
      })
      .nullable()
      .openapi({ description: 'Its last flip report in short; see …/flips.' }),
    comments: z.array(
      z.object({
        id: z.string(),
        at: time,
        author: name,
        text: z.string(),
        item: z.object({ kind: z.string(), key: z.string() }).nullable(),
      }),
    ),
    first_seq: z.int().nullable(),
    last_seq: z.int().nullable(),
    people,
  })
  .openapi('Release')

/** A release that published something, as that thing’s page names it. */
export const publishedIn = z
  .object({
    id: z.string(),
    title: z.string(),
    author: name,
    approved_by: z.array(name),
    sha256: hash,
    published_at: time,
    seq: z.int(),
  })
  .nullable()
  .openapi({ description: 'Null for what was published without one.' })

const iso = (atMs: number) => new Date(atMs).toISOString()
const isoOrNull = (atMs: number | null) => (atMs === null ? null : iso(atMs))

function summaryOf(release: StoredRelease, approvals: Approvals, published: PublishedRelease | undefined) {
  return {
    ...{
      id: release.id,
      title: release.title,
      state: stateNow(release.state, approvals),
      author: release.author,
    },
    ...{ created_at: iso(release.createdAtMs), updated_at: iso(release.updatedAtMs) },
    ...{ submitted_at: isoOrNull(release.submittedAtMs), publish_at: isoOrNull(release.publishAtMs) },
    published_at: isoOrNull(release.publishedAtMs),
    publish_error: release.publishError,
    approvals_needed: published === undefined ? approvals.needed : published.approvers.length,
    // Of what is published the log says who approved.
    approvers: published === undefined ? approvals.approvers : published.approvers,
  }
}

export function toListed(release: StoredRelease, terms: ApprovalTerms, policy: Policy) {
  const items = release.items.filter(({ definition }) => definition !== null)
  return {
    ...summaryOf(release, judgeApprovals(release, terms, policy), policy.releases.get(release.id)),
    items: items.map(({ kind, key }) => ({ kind, key })),
  }
}

export function toShown(
  release: StoredRelease,
  terms: ApprovalTerms,
  policy: Policy,
  comments: readonly StoredComment[],
) {
  const approvals = judgeApprovals(release, terms, policy)
  const published = policy.releases.get(release.id)
  return {
    ...summaryOf(release, approvals, published),
    editors: release.editors,
    items: release.items.flatMap(({ kind, key, definition, edit, editedBy, editedAtMs }) =>
      definition === null
        ? []
        : [{ kind, key, edit, edited_by: editedBy, edited_at: iso(editedAtMs), definition }],
    ),
    ...{ sha256: approvals.content.sha256, base_sha256: approvals.content.baseSha256 },
    approvals: approvals.judged.map(({ approver, atMs, sha256, voidBecause }) => ({
      ...{ approver, at: iso(atMs), sha256 },
      // Once published, what it builds on has changed by itself.
      void_because:
        published?.approvers.includes(approver) && voidBecause === 'base_changed' ? null : voidBecause,
    })),
    has_new_yes: approvals.flips.hasNewYes,
    flips: toFlips(release.flips, approvals),
    comments: comments.map(({ id, atMs, author, text, item }) => ({ id, at: iso(atMs), author, text, item })),
    ...{ first_seq: release.firstSeq, last_seq: release.lastSeq },
  }
}

function toFlips(flips: StoredRelease['flips'], approvals: Approvals) {
  if (flips === null) return null
  const { questions, allowed, denied, madeAtMs } = flips
  const isCurrent = approvals.flips.madeAtMs === madeAtMs
  return { is_current: isCurrent, made_at: iso(madeAtMs), questions, allowed, denied }
}

/** Everyone whom an answer about this release names. */
export function namesIn(release: StoredRelease, comments: readonly StoredComment[]): readonly string[] {
  return [
    ...new Set([
      release.author,
      ...release.editors,
      ...(release.scheduledBy === null ? [] : [release.scheduledBy]),
      ...release.approvals.map(({ approver }) => approver),
      ...comments.map(({ author }) => author),
    ]),
  ]
}

/** The release whose events hold this position in the log. */
export function releaseAt(policy: Policy, seq: number): PublishedRelease | undefined {
  return [...policy.releases.values()].find((each) => each.seq < seq && seq <= each.lastSeq)
}

export function toPublishedIn(release: PublishedRelease | undefined) {
  if (release === undefined) return null
  const { id, title, author, approvers, sha256, publishedAtMs, seq } = release
  return { id, title, author, approved_by: approvers, sha256, published_at: iso(publishedAtMs), seq }
}

/** Whose names these are; members’ addresses for who may read members. */
export function peopleIn(
  store: Pick<ReleaseStore, 'people'>,
  { organisationId, scopes }: Pick<Principal, 'organisationId' | 'scopes'>,
  names: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const mayRead = scopes.includes('members:read')
  return store.people(
    organisationId,
    [...new Set(names)].filter((name) => mayRead || !name.startsWith('member:')),
  )
}
