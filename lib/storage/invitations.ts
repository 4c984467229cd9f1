import { randomUUID } from 'node:crypto'
import type { InvitationListed, InvitationStore } from '../auth/admin-store.ts'
import type { Identity, Role } from '../auth/member-store.ts'
import { lockOrganisation, recordAct, type Transaction, waits } from './admin-acts.ts'
import type { PrismaClient } from './prisma/client.ts'
import { isUuid, toOrganisationId, toUuid } from './row-ids.ts'

type Row = {
  id: string
  email: string
  role: string
  invitedBy: string
  createdAt: Date
  expiresAt: Date
}

/** Neither accepted nor withdrawn; it may have run out. */
const standing = { acceptedAt: null, withdrawnAt: null }

export function createInvitationStore(prisma: PrismaClient): InvitationStore {
  return {
    async listOpen(organisationId, atMs) {
      const rows = await prisma.invitation.findMany({
        where: {
          organisationId: toUuid(organisationId),
          ...standing,
          expiresAt: { gt: new Date(atMs) },
        },
        orderBy: { createdAt: 'desc' },
      })
      return rows.map(toListed)
    },
    create: (organisationId, { email, role, tokenSha256, expiresAtMs }, by) =>
      prisma.$transaction(async (tx) => {
        await lockOrganisation(tx, organisationId)
        const organisation = toUuid(organisationId)
        const at = new Date(by.atMs)
        const members = await tx.member.count({
          where: { organisationId: organisation, email, removedAt: null },
        })
        if (members > 0) return 'is_member'
        await tx.invitation.updateMany({
          where: { organisationId: organisation, email, ...standing },
          data: { withdrawnAt: at },
        })
        const row = await tx.invitation.create({
          data: {
            ...{ id: randomUUID(), organisationId: organisation, email, role, invitedBy: by.actor },
            tokenSha256: new Uint8Array(tokenSha256),
            createdAt: at,
            expiresAt: new Date(expiresAtMs),
          },
        })
        const detail = { invitation: row.id, email, role }
        await recordAct(tx, organisationId, by, 'member_invited', detail)
        return toListed(row)
      }, waits),
    async withdraw(organisationId, id, by) {
      if (!isUuid(id)) return false
      return prisma.$transaction(async (tx) => {
        const where = { organisationId: toUuid(organisationId), id, ...standing }
        const row = await tx.invitation.findFirst({ where })
        const { count } = await tx.invitation.updateMany({ where, data: { withdrawnAt: new Date(by.atMs) } })
        if (row === null || count === 0) return false
        const { email, role } = row
        await recordAct(tx, organisationId, by, 'invitation_withdrawn', { invitation: id, email, role })
        return true
      }, waits)
    },
    async isOpen(tokenSha256, atMs) {
      const where = { tokenSha256: new Uint8Array(tokenSha256), ...standing }
      return (await prisma.invitation.count({ where: { ...where, expiresAt: { gt: new Date(atMs) } } })) > 0
    },
    accept: (tokenSha256, shown, atMs) =>
      prisma.$transaction(async (tx) => {
        const at = new Date(atMs)
        const key = { tokenSha256: new Uint8Array(tokenSha256) }
        const row = await tx.invitation.findFirst({ where: key })
        if (row === null) return undefined
        const organisationId = toOrganisationId(row.organisationId)
        await lockOrganisation(tx, organisationId)
        if ('vouched' in shown && !(await mayJoin(tx, row, shown.vouched))) return undefined
        // Of two at once, the second finds it accepted.
        const { count } = await tx.invitation.updateMany({
          where: { ...key, organisationId: row.organisationId, ...standing, expiresAt: { gt: at } },
          data: { acceptedAt: at },
        })
        if (count === 0) return undefined
        const { id: invitation, email, role } = row
        const member = randomUUID()
        await tx.member.create({
          data: {
            ...{ id: member, organisationId: row.organisationId, email, role, createdAt: at },
            ...('vouched' in shown
              ? { identityIssuer: shown.vouched.issuer, identitySubject: shown.vouched.subject }
              : { passwordHash: shown.passwordHash }),
          },
        })
        const by = { actor: `member:${member}`, atMs }
        await recordAct(tx, organisationId, by, 'member_joined', { member, invitation, email, role })
        return { email, role: role as Role }
      }, waits),
  }
}

/** Whether the address is the invited one, and the provider's word is no other member's already. */
async function mayJoin(
  tx: Transaction,
  { organisationId, email }: { organisationId: string; email: string },
  vouched: Identity & { email: string },
): Promise<boolean> {
  const { issuer: identityIssuer, subject: identitySubject } = vouched
  const known = await tx.member.count({ where: { organisationId, identityIssuer, identitySubject } })
  return vouched.email === email && known === 0
}

function toListed(row: Row): InvitationListed {
  return {
    id: row.id,
    email: row.email,
    role: row.role as Role,
    invitedBy: row.invitedBy,
    createdAtMs: row.createdAt.getTime(),
    expiresAtMs: row.expiresAt.getTime(),
  }
}
