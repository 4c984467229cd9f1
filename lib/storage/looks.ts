import type { LookSet, LookStore, StoredShot } from '../api/looks/look-store.ts'
import { recordAct, waits } from './admin-acts.ts'
import type { Prisma, PrismaClient } from './prisma/client.ts'
import { isUuid, toUuid } from './row-ids.ts'

const listedMax = 20
/** Every column of a picture's row but the picture. */
const withoutPicture = {
  ...{ locale: true, size: true, theme: true, layer: true, results: true, broken: true, takenAt: true },
} as const

type Row = Prisma.ExperienceLookGetPayload<object>

const toSet = (row: Row): LookSet => ({
  ...{ id: row.id, experience: row.experience, definitionSha256: row.definitionSha256 },
  ...{ contentSha256: row.contentSha256, notice: row.notice, noticeVersion: row.noticeVersion },
  ...{ locales: row.locales, userAgent: row.userAgent, takenBy: row.takenBy },
  takenAtMs: row.takenAt.getTime(),
})

export function createLookStore(prisma: PrismaClient): LookStore {
  return {
    begin: (organisationId, { takenAtMs, ...set }) =>
      prisma.$transaction(async (tx) => {
        const data = { ...set, locales: [...set.locales], takenAt: new Date(takenAtMs) }
        await tx.experienceLook.create({ data: { ...data, organisationId: toUuid(organisationId) } })
        const { id, experience, contentSha256 } = set
        const detail = { look: id, experience, sha256: contentSha256 }
        await recordAct(tx, organisationId, { actor: set.takenBy, atMs: takenAtMs }, 'looks_taken', detail)
      }, waits),
    async find(organisationId, id) {
      if (!isUuid(id)) return undefined
      const where = { id, organisationId: toUuid(organisationId) }
      const row = await prisma.experienceLook.findFirst({ where })
      return row === null ? undefined : toSet(row)
    },
    async list(organisationId, experience, definitionSha256) {
      const owned = { organisationId: toUuid(organisationId) }
      const rows = await prisma.experienceLook.findMany({
        where: { ...owned, experience, definitionSha256 },
        orderBy: [{ takenAt: 'desc' }, { id: 'desc' }],
        take: listedMax,
      })
      const ofThese = { ...owned, lookId: { in: rows.map(({ id }) => id) } }
      const count = (where: object) =>
        prisma.experienceShot.groupBy({ by: ['lookId'], where: { ...ofThese, ...where }, _count: true })
      const [taken, broken] = await Promise.all([count({}), count({ broken: { gt: 0 } })])
      const of = (counts: typeof taken, id: string) => counts.find(({ lookId }) => lookId === id)?._count ?? 0
      return rows.map((row) => ({ ...toSet(row), taken: of(taken, row.id), broken: of(broken, row.id) }))
    },
    async add(organisationId, id, { takenAtMs, results, ...shot }, picture, mediaType) {
      const { count } = await prisma.experienceShot.createMany({
        data: {
          ...{ organisationId: toUuid(organisationId), lookId: id, ...shot, mediaType },
          ...{ picture: new Uint8Array(picture), takenAt: new Date(takenAtMs) },
          results: results as unknown as Prisma.InputJsonArray,
        },
        skipDuplicates: true,
      })
      return count === 1
    },
    async shots(organisationId, id) {
      if (!isUuid(id)) return []
      const rows = await prisma.experienceShot.findMany({
        where: { organisationId: toUuid(organisationId), lookId: id },
        select: withoutPicture,
        orderBy: [{ locale: 'asc' }, { size: 'asc' }, { theme: 'asc' }, { layer: 'asc' }],
      })
      return rows.map(
        ({ takenAt, ...row }) => ({ ...row, takenAtMs: takenAt.getTime() }) as unknown as StoredShot,
      )
    },
    async picture(organisationId, id, { locale, size, theme, layer }) {
      if (!isUuid(id)) return undefined
      const row = await prisma.experienceShot.findFirst({
        where: { organisationId: toUuid(organisationId), lookId: id, locale, size, theme, layer },
        select: { picture: true, mediaType: true },
      })
      return row === null ? undefined : { bytes: row.picture, mediaType: row.mediaType }
    },
  }
}
