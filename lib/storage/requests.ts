import { randomUUID } from 'node:crypto'
import type { RequestListed, RequestStore } from '../api/people/request-store.ts'
import type { RequestState } from '../domain/request-changes.ts'
import type { RequestKind, RequestRegime } from '../domain/request-clocks.ts'
import { recordAct, waits } from './admin-acts.ts'
import { Prisma, type PrismaClient } from './prisma/client.ts'
import { isUuid, toSubjectId, toUuid } from './row-ids.ts'

type Row = {
  id: string
  kind: string
  regime: string
  subject_id: string | null
  namespace: string | null
  received_at: Date
  due_at: Date
  extended_until: Date | null
  state: string
  answered_at: Date | null
  proof_sha256: Uint8Array | null
  revision: number
}

const columns = Prisma.sql`id, kind, regime, subject_id, namespace, received_at, due_at, extended_until, state,
  answered_at, proof_sha256, revision`

const bytes = (given: Uint8Array | null) => (given === null ? null : new Uint8Array(given))
const date = (atMs: number | null) => (atMs === null ? null : new Date(atMs))

export function createRequestStore(prisma: PrismaClient): RequestStore {
  return {
    async list(organisationId, { state, kind, subjectId, overdueAtMs }, { after, limit }) {
      const wanted = [Prisma.sql`organisation_id = ${toUuid(organisationId)}::uuid`]
      if (state !== undefined) wanted.push(Prisma.sql`state = ${state}`)
      if (kind !== undefined) wanted.push(Prisma.sql`kind = ${kind}`)
      if (subjectId !== undefined) wanted.push(Prisma.sql`subject_id = ${toUuid(subjectId)}::uuid`)
      if (overdueAtMs !== undefined)
        wanted.push(Prisma.sql`state = 'open' AND answer_by < ${new Date(overdueAtMs)}`)
      if (after !== null) {
        const { isClosed, answerByMs, id } = after
        wanted.push(
          Prisma.sql`((state <> 'open'), answer_by, id) > (${isClosed}, ${new Date(answerByMs)}, ${id}::uuid)`,
        )
      }
      const rows = await prisma.$queryRaw<Row[]>`
        SELECT ${columns} FROM requests WHERE ${Prisma.join(wanted, ' AND ')}
        ORDER BY (state <> 'open'), answer_by, id LIMIT ${limit}`
      return rows.map(toListed)
    },
    async count(organisationId, atMs) {
      const where = { organisationId: toUuid(organisationId), state: 'open' }
      const [open, overdue] = await Promise.all([
        prisma.request.count({ where }),
        prisma.request.count({ where: { ...where, answerBy: { lt: new Date(atMs) } } }),
      ])
      return { open, overdue }
    },
    async find(organisationId, id) {
      if (!isUuid(id)) return undefined
      const rows = await prisma.$queryRaw<Row[]>`
        SELECT ${columns} FROM requests
        WHERE organisation_id = ${toUuid(organisationId)}::uuid AND id = ${id}::uuid`
      return rows.map(toListed)[0]
    },
    async history(organisationId, id) {
      if (!isUuid(id)) return []
      const rows = await prisma.requestEvent.findMany({
        where: { organisationId: toUuid(organisationId), requestId: id },
        orderBy: { revision: 'asc' },
      })
      return rows.map(({ revision, at, actor, change, detail }) => ({
        ...{ revision, actor, change, atMs: at.getTime() },
        detail: detail as Record<string, string>,
      }))
    },
    async sealedIdentifier(organisationId, id) {
      if (!isUuid(id)) return null
      const row = await prisma.request.findFirst({
        where: { organisationId: toUuid(organisationId), id },
        select: { sealedIdentifier: true },
      })
      return row?.sealedIdentifier ?? null
    },
    async readTexts(organisationId, id, by) {
      if (!isUuid(id)) return undefined
      const organisation = toUuid(organisationId)
      return prisma.$transaction(async (tx) => {
        const request = await tx.request.findFirst({ where: { organisationId: organisation, id } })
        if (request === null) return undefined
        const texts = await tx.requestText.findMany({
          where: { organisationId: organisation, requestId: id },
          orderBy: { revision: 'asc' },
        })
        await recordAct(tx, organisationId, by, 'request_read', { request: id })
        return { identifier: request.sealedIdentifier, texts }
      }, waits)
    },
    create: (organisationId, { facts, subjectId, namespace, sealedIdentifier, detail, sealedText }, by) =>
      prisma.$transaction(async (tx) => {
        const organisation = toUuid(organisationId)
        const id = randomUUID()
        const revision = 1
        await tx.request.create({
          data: {
            ...{ id, organisationId: organisation, namespace, revision },
            ...{ kind: facts.kind, regime: facts.regime, state: facts.state },
            subjectId: subjectId === null ? null : toUuid(subjectId),
            sealedIdentifier: bytes(sealedIdentifier),
            receivedAt: new Date(facts.receivedAtMs),
            dueAt: new Date(facts.dueAtMs),
          },
        })
        await tx.requestEvent.create({
          data: {
            ...{ organisationId: organisation, requestId: id, revision, actor: by.actor, detail },
            ...{ at: new Date(by.atMs), change: 'received' },
          },
        })
        if (sealedText !== null) {
          const sealed = new Uint8Array(sealedText)
          await tx.requestText.create({
            data: { organisationId: organisation, requestId: id, revision, sealed },
          })
        }
        const { kind } = facts
        await recordAct(tx, organisationId, by, 'request_received', {
          ...{ request: id, kind },
          ...(subjectId === null ? {} : { subject: subjectId }),
        })
        return { ...facts, id, subjectId, namespace, proofSha256: null, revision }
      }, waits),
    async change(organisationId, id, seen, plan, by) {
      if (!isUuid(id)) return 'unknown'
      const organisation = toUuid(organisationId)
      return prisma.$transaction(async (tx) => {
        const [row] = await tx.$queryRaw<Row[]>`
          SELECT ${columns} FROM requests
          WHERE organisation_id = ${organisation}::uuid AND id = ${id}::uuid FOR UPDATE`
        if (row === undefined) return 'unknown'
        if (seen !== null && row.revision !== seen) return 'conflict'
        const before = toListed(row)
        const { facts, change, detail, sealedText, ...more } = plan(before)
        const { subjectId = before.subjectId, proofSha256 = before.proofSha256 } = more
        const revision = before.revision + 1
        await tx.request.updateMany({
          where: { organisationId: organisation, id },
          data: {
            ...{ state: facts.state, revision, proofSha256: bytes(proofSha256) },
            ...{ answeredAt: date(facts.answeredAtMs), extendedUntil: date(facts.extendedUntilMs) },
            subjectId: subjectId === null ? null : toUuid(subjectId),
          },
        })
        await tx.requestEvent.create({
          data: {
            ...{ organisationId: organisation, requestId: id, revision, actor: by.actor, change, detail },
            at: new Date(by.atMs),
          },
        })
        if (sealedText !== null) {
          const sealed = new Uint8Array(sealedText)
          await tx.requestText.create({
            data: { organisationId: organisation, requestId: id, revision, sealed },
          })
        }
        await recordAct(tx, organisationId, by, 'request_changed', { request: id, change })
        return { ...before, ...facts, subjectId, proofSha256, revision }
      }, waits)
    },
  }
}

function toListed(row: Row): RequestListed {
  return {
    ...{ id: row.id, namespace: row.namespace, proofSha256: row.proof_sha256, revision: row.revision },
    kind: row.kind as RequestKind,
    regime: row.regime as RequestRegime,
    subjectId: row.subject_id === null ? null : toSubjectId(row.subject_id),
    receivedAtMs: row.received_at.getTime(),
    dueAtMs: row.due_at.getTime(),
    extendedUntilMs: row.extended_until?.getTime() ?? null,
    state: row.state as RequestState,
    answeredAtMs: row.answered_at?.getTime() ?? null,
  }
}
