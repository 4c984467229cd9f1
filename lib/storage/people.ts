import { randomUUID } from 'node:crypto'
import type { PeopleStore } from '../api/people/people-store.ts'
import type { ViewReason } from '../domain/view-reasons.ts'
import { recordAct, waits } from './admin-acts.ts'
import type { PrismaClient } from './prisma/client.ts'
import { toUuid } from './row-ids.ts'

/** Views and acts, each written with the other or not at all. */
export function createPeopleStore(prisma: PrismaClient): PeopleStore {
  return {
    view: (organisationId, subjectId, why, by) =>
      prisma.$transaction(async (tx) => {
        const { memberId, atMs } = by
        if (memberId !== null && why !== null) {
          await tx.personView.create({
            data: {
              ...{ id: randomUUID(), organisationId: toUuid(organisationId), memberId },
              ...{ subjectId: toUuid(subjectId), at: new Date(atMs), ...why },
            },
          })
        }
        await recordAct(tx, organisationId, by, 'person_viewed', { subject: subjectId, ...why })
      }, waits),
    async viewSince(organisationId, subjectId, memberId, sinceMs) {
      const row = await prisma.personView.findFirst({
        where: {
          ...{ organisationId: toUuid(organisationId), memberId, subjectId: toUuid(subjectId) },
          at: { gt: new Date(sinceMs) },
        },
        orderBy: { at: 'desc' },
      })
      if (row === null) return undefined
      return { reason: row.reason as ViewReason, note: row.note, atMs: row.at.getTime() }
    },
    act: (organisationId, act, detail, by) =>
      prisma.$transaction((tx) => recordAct(tx, organisationId, by, act, detail), waits),
  }
}
