import type { FlipReport } from '../decisions/flips/flip-report.ts'
import type { FlipReportStore, StoredFlipReport } from '../releases/flip-report-store.ts'
import { waits } from './admin-acts.ts'
import type { Prisma, PrismaClient } from './prisma/client.ts'
import { isUuid, toUuid } from './row-ids.ts'

export function createFlipReportStore(prisma: PrismaClient): FlipReportStore {
  return {
    begin: (organisationId, { id, release, ...report }, because) =>
      prisma.$transaction(async (tx) => {
        const owned = { organisationId: toUuid(organisationId), releaseId: release }
        const startedAt = new Date(report.startedAtMs)
        await tx.flipReport.updateMany({
          where: { ...owned, state: 'running' },
          data: { state: 'failed', error: because, finishedAt: startedAt },
        })
        await tx.flipReport.create({
          data: {
            ...{ id, ...owned, sha256: report.sha256, baseSha256: report.baseSha256, state: 'running' },
            ...{ done: 0, total: report.total, seq: report.seq, startedBy: report.startedBy, startedAt },
          },
        })
      }, waits),
    async progress(organisationId, id, done) {
      await prisma.flipReport.updateMany({
        where: { organisationId: toUuid(organisationId), id, state: 'running' },
        data: { done },
      })
    },
    async end(organisationId, id, end, atMs) {
      const { count } = await prisma.flipReport.updateMany({
        where: { organisationId: toUuid(organisationId), id, state: 'running' },
        data:
          'error' in end
            ? { state: 'failed', error: end.error, finishedAt: new Date(atMs) }
            : {
                ...{ state: 'done', finishedAt: new Date(atMs) },
                report: end.report as unknown as Prisma.InputJsonObject,
              },
      })
      return count === 1
    },
    async latest(organisationId, release) {
      if (!isUuid(release)) return undefined
      const row = await prisma.flipReport.findFirst({
        where: { organisationId: toUuid(organisationId), releaseId: release },
        orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
      })
      if (row === null) return undefined
      return {
        ...{ id: row.id, release: row.releaseId, sha256: row.sha256, baseSha256: row.baseSha256 },
        ...{ state: row.state as StoredFlipReport['state'], done: row.done, total: row.total },
        ...{ error: row.error, report: row.report as FlipReport | null, seq: Number(row.seq) },
        ...{ startedBy: row.startedBy, startedAtMs: row.startedAt.getTime() },
        finishedAtMs: row.finishedAt?.getTime() ?? null,
      }
    },
    async abandon(because, atMs) {
      await prisma.flipReport.updateMany({
        where: { state: 'running' },
        data: { state: 'failed', error: because, finishedAt: new Date(atMs) },
      })
    },
  }
}
