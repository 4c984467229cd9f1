import { randomUUID } from 'node:crypto'
import type { Room, RoomContent, RoomListed, RoomStore } from '../api/rooms/room-store.ts'
import type { ViewReason } from '../domain/view-reasons.ts'
import { recordAct, waits } from './admin-acts.ts'
import type { PrismaClient } from './prisma/client.ts'
import { isUuid, toOrganisationId, toUuid } from './row-ids.ts'

const listedMax = 500

type Row = {
  id: string
  organisation_id: string
  content: RoomContent
  content_sha256: Uint8Array
  created_by: string
  reason: string
  note: string
  created_at: Date
  expires_at: Date
  revoked_at: Date | null
}
type ListedRow = Row & { views: bigint; last_viewed_at: Date | null }

/** Rooms and who looked into them, each written with the act that says so. */
export function createRoomStore(prisma: PrismaClient): RoomStore {
  return {
    open: (organisationId, room, by, detail) =>
      prisma.$transaction(async (tx) => {
        const id = randomUUID()
        const rows = await tx.$queryRaw<Row[]>`
          INSERT INTO rooms (id, organisation_id, token_sha256, content, content_sha256, created_by, reason, note,
            created_at, expires_at)
          VALUES (${id}::uuid, ${toUuid(organisationId)}::uuid, ${room.tokenSha256}, ${JSON.stringify(room.content)}::jsonb,
            ${Buffer.from(room.contentSha256, 'hex')}, ${by.actor}, ${room.why.reason}, ${room.why.note},
            ${new Date(by.atMs)}, ${new Date(room.expiresAtMs)})
          RETURNING *`
        await recordAct(tx, organisationId, by, 'room_opened', { room: id, ...detail })
        return toRoom(rows[0]!)
      }, waits),
    async list(organisationId) {
      const rows = await prisma.$queryRaw<ListedRow[]>`
        SELECT r.*, v.views, v.last_viewed_at FROM rooms r CROSS JOIN LATERAL (
          SELECT count(*) AS views, max(at) AS last_viewed_at FROM room_views WHERE room_id = r.id
        ) v WHERE r.organisation_id = ${toUuid(organisationId)}::uuid
        ORDER BY r.created_at DESC, r.id LIMIT ${listedMax}`
      return rows.map(toListed)
    },
    async find(organisationId, id) {
      if (!isUuid(id)) return undefined
      const rows = await prisma.$queryRaw<ListedRow[]>`
        SELECT r.*, v.views, v.last_viewed_at FROM rooms r CROSS JOIN LATERAL (
          SELECT count(*) AS views, max(at) AS last_viewed_at FROM room_views WHERE room_id = r.id
        ) v WHERE r.organisation_id = ${toUuid(organisationId)}::uuid AND r.id = ${id}::uuid`
      const row = rows[0]
      if (row === undefined) return undefined
      const seen = await prisma.$queryRaw<{ at: Date; address_prefix: string }[]>`
        SELECT v.at, v.address_prefix FROM room_views v JOIN rooms r ON r.id = v.room_id
        WHERE r.organisation_id = ${toUuid(organisationId)}::uuid AND r.id = ${id}::uuid
        ORDER BY v.id DESC LIMIT ${listedMax}`
      return {
        ...toListed(row),
        seen: seen.map(({ at, address_prefix }) => ({ atMs: at.getTime(), addressPrefix: address_prefix })),
      }
    },
    async revoke(organisationId, id, by) {
      if (!isUuid(id)) return false
      return prisma.$transaction(async (tx) => {
        const rows = await tx.$queryRaw<{ revoked_at: Date | null }[]>`
          SELECT revoked_at FROM rooms WHERE organisation_id = ${toUuid(organisationId)}::uuid AND id = ${id}::uuid
          FOR UPDATE`
        if (rows[0] === undefined) return false
        if (rows[0].revoked_at !== null) return true
        await tx.$executeRaw`
          UPDATE rooms SET revoked_at = ${new Date(by.atMs)}
          WHERE organisation_id = ${toUuid(organisationId)}::uuid AND id = ${id}::uuid`
        await recordAct(tx, organisationId, by, 'room_closed', { room: id })
        return true
      }, waits)
    },
    view: (tokenSha256, { atMs, addressPrefix }) =>
      prisma.$transaction(async (tx) => {
        // Whoever closes it waits for a view that has begun, and none begins after.
        const rows = await tx.$queryRaw<
          Row[]
        >`SELECT * FROM rooms WHERE token_sha256 = ${tokenSha256} FOR SHARE`
        const row = rows[0]
        if (row === undefined) return undefined
        const room = toRoom(row)
        if (room.revokedAtMs !== null || atMs >= room.expiresAtMs) return { room, isClosed: true }
        await tx.$executeRaw`
          INSERT INTO room_views (room_id, at, address_prefix)
          VALUES (${row.id}::uuid, ${new Date(atMs)}, ${addressPrefix})`
        const detail = { room: row.id, from: addressPrefix }
        const by = { actor: 'visitor', atMs }
        await recordAct(tx, toOrganisationId(row.organisation_id), by, 'room_viewed', detail)
        return { room, isClosed: false }
      }, waits),
    async approvalOf(organisationId, seq) {
      const rows = await prisma.$queryRaw<
        { title: string; published_at: Date; by: string | null; at: Date | null }[]
      >`
        SELECT r.title, r.published_at, coalesce(m.email, a.approver) AS by, a.at FROM releases r
        LEFT JOIN release_approvals a ON a.organisation_id = r.organisation_id AND a.release_id = r.id
          AND a.withdrawn_at IS NULL AND a.at <= r.published_at
        LEFT JOIN members m ON m.organisation_id = r.organisation_id AND 'member:' || m.id = a.approver
        WHERE r.organisation_id = ${toUuid(organisationId)}::uuid AND r.first_seq <= ${seq} AND r.last_seq >= ${seq}
        ORDER BY a.at`
      const first = rows[0]
      if (first === undefined) return undefined
      return {
        release: first.title,
        publishedAtMs: first.published_at.getTime(),
        approvals: rows.flatMap(({ by, at }) =>
          by === null || at === null ? [] : [{ by, atMs: at.getTime() }],
        ),
      }
    },
  }
}

function toRoom(row: Row): Room {
  return {
    ...{ id: row.id, content: row.content, createdBy: row.created_by },
    contentSha256: Buffer.from(row.content_sha256).toString('hex'),
    why: { reason: row.reason as ViewReason, note: row.note },
    createdAtMs: row.created_at.getTime(),
    expiresAtMs: row.expires_at.getTime(),
    revokedAtMs: row.revoked_at?.getTime() ?? null,
  }
}

function toListed(row: ListedRow): RoomListed {
  return {
    ...toRoom(row),
    ...{ views: Number(row.views), lastViewedAtMs: row.last_viewed_at?.getTime() ?? null },
  }
}
