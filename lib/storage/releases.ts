import { randomUUID } from 'node:crypto'
import type { FourEyes } from '../domain/approvals-needed.ts'
import { AssentError } from '../domain/errors.ts'
import type { OrganisationId } from '../domain/ids.ts'
import type {
  ApprovalTerms,
  FlipSummary,
  PublishError,
  ReleaseChange,
  ReleaseDoer,
  ReleaseState,
  ReleaseStore,
  StoredItem,
  StoredRelease,
} from '../releases/release-store.ts'
import { recordAct, type Transaction, waits } from './admin-acts.ts'
import { Prisma, type PrismaClient } from './prisma/client.ts'
import { isUuid, toOrganisationId, toUuid } from './row-ids.ts'

const whole = {
  items: { orderBy: [{ kind: 'asc' }, { key: 'asc' }] },
  approvals: { orderBy: [{ at: 'asc' }, { id: 'asc' }] },
} as const satisfies Prisma.ReleaseInclude

type Row = Prisma.ReleaseGetPayload<{ include: typeof whole }>

export function createReleaseStore(prisma: PrismaClient): ReleaseStore {
  async function find(
    tx: Transaction,
    organisationId: OrganisationId,
    id: string,
  ): Promise<StoredRelease | undefined> {
    if (!isUuid(id)) return undefined
    const row = await tx.release.findFirst({
      where: { organisationId: toUuid(organisationId), id },
      include: whole,
    })
    return row === null ? undefined : toRelease(row)
  }

  return {
    create: (organisationId, title, by) =>
      prisma.$transaction(async (tx) => {
        const at = new Date(by.atMs)
        const row = await tx.release.create({
          data: {
            ...{ id: randomUUID(), organisationId: toUuid(organisationId), title, state: 'draft' },
            ...{ author: by.actor, createdAt: at, updatedAt: at },
          },
          include: whole,
        })
        await recordAct(tx, organisationId, by, 'release_opened', { release: row.id, title })
        return toRelease(row)
      }, waits),
    async list(organisationId, { states, limit, before }) {
      const organisation = { organisationId: toUuid(organisationId) }
      const last =
        before === null || !isUuid(before)
          ? null
          : await prisma.release.findFirst({ where: { ...organisation, id: before } })
      const older =
        last === null
          ? {}
          : {
              OR: [{ createdAt: { lt: last.createdAt } }, { createdAt: last.createdAt, id: { lt: last.id } }],
            }
      const rows = await prisma.release.findMany({
        where: { ...organisation, state: { in: [...states] }, ...older },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: limit,
        include: whole,
      })
      return rows.map(toRelease)
    },
    find: (organisationId, id) => find(prisma, organisationId, id),
    async comments(organisationId, id) {
      if (!isUuid(id)) return []
      const rows = await prisma.releaseComment.findMany({
        where: { organisationId: toUuid(organisationId), releaseId: id },
        orderBy: [{ at: 'asc' }, { id: 'asc' }],
      })
      return rows.map(({ itemKind, itemKey, at, ...row }) => ({
        ...{ id: row.id, author: row.author, text: row.text, atMs: at.getTime() },
        item: itemKind === null || itemKey === null ? null : { kind: itemKind, key: itemKey },
      }))
    },
    async change(organisationId, id, by, decide) {
      if (!isUuid(id)) return undefined
      try {
        return await prisma.$transaction(async (tx) => {
          await tx.$queryRaw`SELECT 1 FROM releases
            WHERE organisation_id = ${toUuid(organisationId)}::uuid AND id = ${id}::uuid FOR UPDATE`
          const release = await find(tx, organisationId, id)
          if (release === undefined) return undefined
          await write(tx, organisationId, id, by, decide(release, await termsOf(tx, organisationId)))
          return find(tx, organisationId, id)
        }, waits)
      } catch (error) {
        if (isTaken(error)) {
          throw new AssentError('release_state', 'Another release is being published. Try again soon.', {
            cause: error,
          })
        }
        throw error
      }
    },
    async keepFlips(organisationId, id, flips) {
      if (!isUuid(id)) return
      await prisma.release.updateMany({
        where: { organisationId: toUuid(organisationId), id, state: { not: 'published' } },
        data: { flips: flips as unknown as Prisma.InputJsonObject },
      })
    },
    terms: (organisationId) => termsOf(prisma, organisationId),
    setFourEyes: (organisationId, fourEyes, by) =>
      prisma.$transaction(async (tx) => {
        const organisation = toUuid(organisationId)
        await tx.organisationSettings.upsert({
          where: { organisationId: organisation },
          create: { organisationId: organisation, fourEyes },
          update: { fourEyes },
        })
        await recordAct(tx, organisationId, by, 'four_eyes_set', { to: fourEyes })
      }, waits),
    async people(organisationId, names) {
      const organisation = { organisationId: toUuid(organisationId) }
      const members = names
        .flatMap((name) => (name.startsWith('member:') ? [name.slice(7)] : []))
        .filter(isUuid)
      const [found, keys] = await Promise.all([
        prisma.member.findMany({ where: { ...organisation, id: { in: members } } }),
        prisma.apiKey.findMany({ where: { ...organisation, id: { in: [...names] } } }),
      ])
      return Object.fromEntries([
        ...found.map(({ id, email }) => [`member:${id}`, email]),
        ...keys.map(({ id, name }) => [id, name]),
      ])
    },
    async due(atMs) {
      const where = { state: 'scheduled', publishAt: { lte: new Date(atMs) } }
      return (await prisma.release.findMany({ where, orderBy: [{ publishAt: 'asc' }, { id: 'asc' }] })).map(
        toRef,
      )
    },
    async nextDueMs(afterMs) {
      const row = await prisma.release.findFirst({
        where: { state: 'scheduled', publishAt: { gt: new Date(afterMs) } },
        orderBy: { publishAt: 'asc' },
      })
      return row?.publishAt?.getTime()
    },
    async open() {
      const where = { state: { notIn: ['published', 'discarded'] } }
      const rows = await prisma.release.findMany({ where, orderBy: { id: 'asc' } })
      return rows.map((row) => ({ ...toRef(row), state: row.state as ReleaseState }))
    },
  }
}

async function termsOf(tx: Transaction, organisationId: OrganisationId): Promise<ApprovalTerms> {
  const organisation = toUuid(organisationId)
  const settings = await tx.organisationSettings.findUnique({ where: { organisationId: organisation } })
  const members = await tx.member.findMany({
    where: { organisationId: organisation, removedAt: null, role: { in: ['owner', 'officer'] } },
    select: { id: true },
  })
  const keys = await tx.apiKey.findMany({
    where: { organisationId: organisation, createdBy: { not: null } },
    select: { id: true, createdBy: true },
  })
  const kept = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM decision_samples
    WHERE organisation_id = ${organisation}::uuid AND decided_at >= now() - interval '30 days'
      AND question IS NOT NULL LIMIT 1`
  return {
    keyMakers: new Map(keys.flatMap(({ id, createdBy }) => (createdBy === null ? [] : [[id, createdBy]]))),
    fourEyes: (settings?.fourEyes ?? 'auto') as FourEyes,
    mayApprove: members.map(({ id }) => `member:${id}`),
    hasQuestions: kept.length > 0,
  }
}

async function write(
  tx: Transaction,
  organisationId: OrganisationId,
  id: string,
  by: ReleaseDoer,
  { release, item, approval, withdraw, comment, act }: ReleaseChange,
): Promise<void> {
  const owned = { organisationId: toUuid(organisationId), releaseId: id }
  const at = new Date(by.atMs)
  if (item !== undefined) await putItem(tx, owned, item)
  if (withdraw !== undefined) {
    await tx.releaseApproval.updateMany({
      where: { ...owned, approver: { in: [...withdraw] }, withdrawnAt: null },
      data: { withdrawnAt: at },
    })
  }
  if (approval !== undefined) {
    await tx.releaseApproval.create({ data: { id: randomUUID(), ...owned, ...approval, at } })
  }
  if (comment !== undefined) {
    await tx.releaseComment.create({
      data: {
        ...{ id: randomUUID(), ...owned, at, author: by.actor, text: comment.text },
        ...{ itemKind: comment.item?.kind ?? null, itemKey: comment.item?.key ?? null },
      },
    })
  }
  if (act !== undefined) await recordAct(tx, organisationId, by, act.act, act.detail)
  if (release === undefined && item === undefined) return
  const { publishAtMs, submittedAtMs, publishedAtMs, publishError, editors, firstSeq, lastSeq, ...same } =
    release ?? {}
  await tx.release.updateMany({
    where: { organisationId: toUuid(organisationId), id },
    data: {
      ...same,
      updatedAt: at,
      ...(editors === undefined ? {} : { editors: [...editors] }),
      ...(publishAtMs === undefined ? {} : { publishAt: dateOf(publishAtMs) }),
      ...(submittedAtMs === undefined ? {} : { submittedAt: dateOf(submittedAtMs) }),
      ...(publishedAtMs === undefined ? {} : { publishedAt: dateOf(publishedAtMs) }),
      ...(firstSeq === undefined ? {} : { firstSeq }),
      ...(lastSeq === undefined ? {} : { lastSeq }),
      ...(publishError === undefined ? {} : { publishError: publishError ?? Prisma.DbNull }),
    },
  })
}

async function putItem(
  tx: Transaction,
  owned: { readonly organisationId: string; readonly releaseId: string },
  { kind, key, definition, edit, editedBy, editedAtMs }: StoredItem,
): Promise<void> {
  const data = {
    definition: (definition as Prisma.InputJsonObject | null) ?? Prisma.DbNull,
    ...{ edit, editedBy, editedAt: new Date(editedAtMs) },
  }
  await tx.releaseItem.upsert({
    where: { releaseId_kind_key: { releaseId: owned.releaseId, kind, key } },
    create: { ...owned, kind, key, ...data },
    update: data,
  })
}

const dateOf = (atMs: number | null) => (atMs === null ? null : new Date(atMs))
const numberOf = (seq: bigint | null) => (seq === null ? null : Number(seq))
const toRef = (row: { id: string; organisationId: string }) => ({
  ...{ organisationId: toOrganisationId(row.organisationId), id: row.id },
})

/** The one unique key that a change can meet: one release is published at a time. */
function isTaken(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002'
}

function toRelease(row: Row): StoredRelease {
  return {
    ...{ id: row.id, title: row.title, state: row.state as ReleaseState, author: row.author },
    editors: row.editors,
    publishAtMs: row.publishAt?.getTime() ?? null,
    scheduledBy: row.scheduledBy,
    publishError: row.publishError as PublishError | null,
    flips: row.flips as FlipSummary | null,
    submittedAtMs: row.submittedAt?.getTime() ?? null,
    publishedAtMs: row.publishedAt?.getTime() ?? null,
    ...{ firstSeq: numberOf(row.firstSeq), lastSeq: numberOf(row.lastSeq) },
    ...{ createdAtMs: row.createdAt.getTime(), updatedAtMs: row.updatedAt.getTime() },
    items: row.items.map((item) => ({
      ...{ kind: item.kind as StoredItem['kind'], key: item.key, edit: item.edit, editedBy: item.editedBy },
      definition: item.definition as StoredItem['definition'],
      editedAtMs: item.editedAt.getTime(),
    })),
    approvals: row.approvals.map(({ approver, sha256, baseSha256, at, withdrawnAt }) => ({
      ...{ approver, sha256, baseSha256, atMs: at.getTime(), isWithdrawn: withdrawnAt !== null },
    })),
  }
}
