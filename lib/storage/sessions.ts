import { type Role, type Sessions, sessionTerms } from '../auth/member-store.ts'
import type { OrganisationId } from '../domain/ids.ts'
import { recordAct, type Transaction, waits } from './admin-acts.ts'
import type { PrismaClient } from './prisma/client.ts'
import { isUuid, toOrganisationId, toUuid } from './row-ids.ts'

/** A session's `last_seen_at` is this exact, so that not every page writes. */
const seenEveryMs = 60_000

type Row = {
  id: string
  organisation_id: string
  member_id: string
  email: string
  role: string
  last_seen_at: Date
  must_enrol: boolean
}

export function createSessions(prisma: PrismaClient, clock: () => number = Date.now): Sessions {
  /** Ends those of a member's live sessions that `which` names, and writes it down where there were any. */
  const endOwn = (
    organisationId: OrganisationId,
    memberId: string,
    which: { id: string | { not: string } },
  ) =>
    prisma.$transaction(async (tx) => {
      const atMs = clock()
      const { count } = await tx.session.updateMany({
        where: { ...live(atMs), organisationId: toUuid(organisationId), memberId, ...which },
        data: { revokedAt: new Date(atMs) },
      })
      const by = { actor: `member:${memberId}`, atMs }
      if (count > 0) await recordAct(tx, organisationId, by, 'own_sessions_ended', { ended: String(count) })
      return count
    }, waits)

  return {
    create: ({ idSha256, organisationId, memberId, atMs, expiresAtMs, shown }) =>
      prisma.$transaction(async (tx) => {
        if (!(await isStillAllowed(tx, organisationId, memberId, shown))) return false
        const { by, secondFactor, identity } = shown
        await tx.member.updateMany({
          where: { organisationId: toUuid(organisationId), id: memberId },
          data: {
            ...{ failedSignIns: 0, lockedUntil: null },
            ...(identity && { identityIssuer: identity.issuer, identitySubject: identity.subject }),
          },
        })
        const { id } = await tx.session.create({
          data: {
            ...{ idSha256: new Uint8Array(idSha256), organisationId: toUuid(organisationId), memberId },
            ...{ createdAt: new Date(atMs), lastSeenAt: new Date(atMs), expiresAt: new Date(expiresAtMs) },
          },
        })
        const detail = { session: id, by, second_factor: secondFactor }
        await recordAct(tx, organisationId, { actor: `member:${memberId}`, atMs }, 'signed_in', detail)
        return true
      }, waits),
    async find(idSha256) {
      const at = new Date(clock())
      const [row] = await prisma.$queryRaw<Row[]>`
        SELECT s.id, s.organisation_id, s.member_id, s.last_seen_at, m.email, m.role,
          coalesce(w.require_second_factor, false) AND f.confirmed_at IS NULL AS must_enrol
        FROM sessions s
        JOIN members m ON m.organisation_id = s.organisation_id AND m.id = s.member_id AND m.removed_at IS NULL
        LEFT JOIN second_factors f ON f.organisation_id = s.organisation_id AND f.member_id = s.member_id
        LEFT JOIN sign_in_settings w ON w.organisation_id = s.organisation_id
        WHERE s.id_sha256 = ${Buffer.from(idSha256)} AND s.revoked_at IS NULL AND s.expires_at > ${at}
          AND s.last_seen_at > ${idleSince(at.getTime())}`
      if (row === undefined) return undefined
      if (at.getTime() - row.last_seen_at.getTime() >= seenEveryMs) {
        await prisma.session.updateMany({ where: { id: row.id }, data: { lastSeenAt: at } })
      }
      return {
        sessionId: row.id,
        organisationId: toOrganisationId(row.organisation_id),
        memberId: row.member_id,
        email: row.email,
        role: row.role as Role,
        mustEnrol: row.must_enrol,
      }
    },
    async revoke(idSha256) {
      await prisma.$transaction(async (tx) => {
        const atMs = clock()
        const where = { ...live(atMs), idSha256: new Uint8Array(idSha256) }
        const row = await tx.session.findFirst({ where })
        if (row === null) return
        const { count } = await tx.session.updateMany({ where, data: { revokedAt: new Date(atMs) } })
        if (count === 0) return
        const by = { actor: `member:${row.memberId}`, atMs }
        await recordAct(tx, toOrganisationId(row.organisationId), by, 'signed_out', { session: row.id })
      }, waits)
    },
    async list(organisationId, memberId) {
      const rows = await prisma.session.findMany({
        where: { ...live(clock()), organisationId: toUuid(organisationId), memberId },
        orderBy: { lastSeenAt: 'desc' },
      })
      return rows.map(({ id, createdAt, lastSeenAt, expiresAt }) => ({
        ...{ id, createdAtMs: createdAt.getTime(), lastSeenAtMs: lastSeenAt.getTime() },
        expiresAtMs: Math.min(expiresAt.getTime(), lastSeenAt.getTime() + sessionTerms.idleMs),
      }))
    },
    end: async (organisationId, memberId, id) =>
      isUuid(id) && (await endOwn(organisationId, memberId, { id })) === 1,
    endOthers: (organisationId, memberId, keptId) =>
      endOwn(organisationId, memberId, { id: { not: keptId } }),
  }
}

const idleSince = (atMs: number) => new Date(atMs - sessionTerms.idleMs)
const live = (atMs: number) => ({
  revokedAt: null,
  expiresAt: { gt: new Date(atMs) },
  lastSeenAt: { gt: idleSince(atMs) },
})

/** Under the lock of her row, which removing her and enrolling a second factor wait for, too. */
async function isStillAllowed(
  tx: Transaction,
  organisationId: OrganisationId,
  memberId: string,
  { secondFactor, identity }: Parameters<Sessions['create']>[0]['shown'],
): Promise<boolean> {
  const [member] = await tx.$queryRaw<{ identity_issuer: string | null; identity_subject: string | null }[]>`
    SELECT identity_issuer, identity_subject FROM members
    WHERE organisation_id = ${toUuid(organisationId)}::uuid AND id = ${memberId}::uuid AND removed_at IS NULL
    FOR UPDATE`
  if (member === undefined) return false
  const { identity_issuer: issuer, identity_subject: subject } = member
  const isAnother = subject !== null && (issuer !== identity?.issuer || subject !== identity?.subject)
  if (identity !== undefined && isAnother) return false
  const where = { organisationId: toUuid(organisationId), memberId, confirmedAt: { not: null } }
  const has = (await tx.secondFactor.count({ where })) > 0
  return has === (secondFactor !== 'none')
}
