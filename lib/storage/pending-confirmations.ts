import type { Pending, PendingStore } from '../api/public/pending-store.ts'
import type { PendingConfirmation, PrismaClient } from './prisma/client.ts'
import { toSubjectId, toUuid } from './row-ids.ts'

export function createPendingConfirmations(prisma: PrismaClient): PendingStore {
  const forget = async (nowMs: number) => {
    await prisma.pendingConfirmation.deleteMany({ where: { expiresAt: { lte: new Date(nowMs) } } })
  }

  return {
    async put(organisationId, pending) {
      const { property, purpose, kind, asked } = pending
      const subjectDigest = new Uint8Array(pending.subjectDigest)
      const key = { organisationId: toUuid(organisationId), property, subjectDigest, purpose }
      const value = {
        kind,
        codeSha256: new Uint8Array(pending.codeSha256),
        sealed: new Uint8Array(pending.sealed),
        askedSeq: BigInt(asked.seq),
        subjectId: asked.subjectId === null ? null : toUuid(asked.subjectId),
        erasedBefore: asked.erasedBeforeMs === null ? null : new Date(asked.erasedBeforeMs),
        askedAt: new Date(pending.askedAtMs),
        expiresAt: new Date(pending.expiresAtMs),
      }
      await forget(pending.askedAtMs)
      await prisma.pendingConfirmation.upsert({
        where: { organisationId_property_subjectDigest_purpose: key },
        create: { ...key, ...value },
        update: value,
      })
    },
    async find(organisationId, property, codeSha256, nowMs) {
      const row = await prisma.pendingConfirmation.findFirst({
        where: {
          ...{ organisationId: toUuid(organisationId), property },
          ...{ codeSha256: new Uint8Array(codeSha256), expiresAt: { gt: new Date(nowMs) } },
        },
      })
      return row === null ? undefined : toPending(row)
    },
    async list(organisationId, property, subjectDigest, nowMs) {
      const rows = await prisma.pendingConfirmation.findMany({
        where: {
          ...{ organisationId: toUuid(organisationId), property },
          ...{ subjectDigest: new Uint8Array(subjectDigest), expiresAt: { gt: new Date(nowMs) } },
        },
        orderBy: { purpose: 'asc' },
      })
      return rows.map(toPending)
    },
    async drop(organisationId, codeSha256) {
      await prisma.pendingConfirmation.deleteMany({
        where: { organisationId: toUuid(organisationId), codeSha256: new Uint8Array(codeSha256) },
      })
    },
    forget,
  }
}

function toPending(row: PendingConfirmation): Pending {
  return {
    ...{ property: row.property, subjectDigest: row.subjectDigest, purpose: row.purpose },
    ...{ kind: row.kind as Pending['kind'], codeSha256: row.codeSha256, sealed: row.sealed },
    asked: {
      seq: Number(row.askedSeq),
      subjectId: row.subjectId === null ? null : toSubjectId(row.subjectId),
      erasedBeforeMs: row.erasedBefore?.getTime() ?? null,
    },
    ...{ askedAtMs: row.askedAt.getTime(), expiresAtMs: row.expiresAt.getTime() },
  }
}
