import { randomBytes } from 'node:crypto'
import { z } from '@hono/zod-openapi'
import { hashOf } from '../../auth/hash-of.ts'
import { AssentError } from '../../domain/errors.ts'
import { parseIdentifier } from '../../domain/identifier.ts'
import type { PropertyKey, PurposeKey, SubjectId } from '../../domain/ids.ts'
import { viewReasons } from '../../domain/view-reasons.ts'
import type { ApiDeps } from '../deps.ts'
import { instantOf } from '../evidence/evidence-query.ts'
import { peerAddress } from '../peer-address.ts'
import { pastOf } from '../people/past-of.ts'
import { doerOf, reasonOf, unknownSubject, viewReason } from '../people/person-access.ts'
import { addressPrefix, RateLimit } from '../public/rate-limit.ts'
import type { Room, RoomListed } from '../rooms/room-store.ts'
import { answerContent, eventsFor, noticesOf } from '../rooms/seal-answer.ts'
import { route } from '../route.ts'
import { instant, purpose, subject, text } from '../schemas/fields.ts'

const dayMs = 86_400_000
const aheadMs = 5_000
const looksAMinute = 60

const listed = z
  .object({
    id: z.string(),
    question: z.object({
      subject: z.string(),
      purpose: z.string(),
      property: z.string().nullable(),
      at: z.iso.datetime(),
    }),
    state: z.enum(['open', 'expired', 'revoked']),
    why: z.enum(viewReasons),
    note: z.string(),
    created_by: z.string(),
    created_at: z.iso.datetime(),
    expires_at: z.iso.datetime(),
    revoked_at: z.iso.datetime().nullable(),
    views: z.int(),
    last_viewed_at: z.iso.datetime().nullable(),
  })
  .openapi('Room')
const sealed = {
  content: z.record(z.string(), z.unknown()),
  content_sha256: z.string().openapi({ description: 'Of the content’s canonical JSON (RFC 8785).' }),
}
const params = z.object({ id: z.string().max(64) })
const unknownRoom = () => new AssentError('not_found', 'There is no such room.')

/** Rooms: one question's answer, sealed, for whoever has the link (GDPR Art. 5(2), 7(1): able to demonstrate). */
export const roomRoutes = (deps: ApiDeps) => {
  const { rooms, clock } = deps
  const shared = { access: { scope: 'audit:read' }, tag: 'Rooms' } as const
  return [
    route({
      ...shared,
      method: 'get',
      path: '/v1/rooms',
      summary: 'Rooms, newest first, with how often each was looked into',
      response: z.object({ rooms: z.array(listed) }),
      handle: async ({ principal: { organisationId } }) => ({
        body: { rooms: (await rooms.list(organisationId)).map((room) => listedBody(room, clock())) },
      }),
    }),
    route({
      ...shared,
      method: 'get',
      path: '/v1/rooms/{id}',
      summary: 'A room with what it shows, and who looked into it when',
      params,
      response: listed.extend({
        ...sealed,
        seen: z
          .array(z.object({ at: z.iso.datetime(), from: z.string() }))
          .openapi({ description: '`from`: the network, not the address. The newest 500.' }),
      }),
      handle: async ({ principal: { organisationId }, params: { id } }) => {
        const room = await rooms.find(organisationId, id)
        if (room === undefined) throw unknownRoom()
        return {
          body: {
            ...listedBody(room, clock()),
            ...{ content: room.content, content_sha256: room.contentSha256 },
            seen: room.seen.map(({ atMs, addressPrefix: from }) => ({ at: iso(atMs), from })),
          },
        }
      },
    }),
    openRoom(deps),
    route({
      ...shared,
      method: 'delete',
      path: '/v1/rooms/{id}',
      access: { scope: 'rooms:write' },
      summary: 'Close a room, at once and for good',
      params,
      response: z.object({}),
      handle: async ({ principal, params: { id } }) => {
        if (await rooms.revoke(principal.organisationId, id, doerOf(principal, deps))) return { body: {} }
        throw unknownRoom()
      },
    }),
    lookIntoRoom(deps),
  ]
}

/** POST /v1/rooms. */
const openRoom = (deps: ApiDeps) =>
  route({
    method: 'post',
    path: '/v1/rooms',
    access: { scope: 'rooms:write' },
    tag: 'Rooms',
    summary: 'Seal the answer to one question, and get a link to it, once',
    description:
      'What was decided about a person, a purpose and a moment, row by row, with the words she was shown and the events relied on. No identifiers, no evidence: what is withheld is said. Whoever has the link can read it until it expires; its token stands behind #, where no server’s log sees it.',
    body: z
      .object({
        subject,
        purpose,
        property: text(63).nullish(),
        at: instant.nullish().openapi({ description: 'The moment in question; now without it.' }),
        reason: viewReason,
        days: z.int().min(1).max(90).default(14).openapi({ description: 'How long the link opens it.' }),
      })
      .openapi('RoomRequest'),
    response: listed.extend({ ...sealed, link: z.url() }),
    status: 201,
    handle: async ({ principal, body }) => {
      const { decisions, people, persons, rooms, publicUrl } = deps
      const { organisationId, member } = principal
      const policy = decisions.policy(organisationId)
      if (policy === undefined) throw new AssentError('not_ready', 'The configuration is not there yet.')
      if (!policy.purposes.has(body.purpose as PurposeKey)) {
        throw new AssentError('purpose_not_found', 'There is no such purpose.', { pointer: '/purpose' })
      }
      const property = (body.property ?? null) as PropertyKey | null
      if (property !== null && !policy.properties.has(property)) {
        throw new AssentError('property_not_found', 'There is no such property.', { pointer: '/property' })
      }
      const identifier = parseIdentifier(body.subject)!
      const by = doerOf(principal, deps)
      const found = decisions.subjectOf(organisationId, identifier)
      const names = found === undefined ? [] : await persons.identifiers(organisationId, found)
      const why = reasonOf(body.reason, [identifier, ...names])
      if (found === undefined) {
        await people.act(organisationId, 'person_not_found', why, by)
        throw unknownSubject()
      }
      await people.view(organisationId, found, why, { ...by, memberId: member?.id ?? null })

      const { past, recorded, nowMs } = await pastOf(deps, organisationId, found)
      const atMs = body.at == null ? nowMs : instantOf(body.at, 'at')
      if (atMs > nowMs + aheadMs) {
        throw new AssentError('body_invalid', '/at: lies in the future; nothing was answered then.', {
          pointer: '/at',
        })
      }
      const question = { subject: found, purpose: body.purpose as PurposeKey, property, atMs }
      const events = eventsFor(recorded, question)
      const words = await persons.words(organisationId, noticesOf(events))
      const sealedAnswer = answerContent(question, {
        ...{ organisation: policy.organisation.name, past, events, nowMs },
        words: await Promise.all(
          words.map(async (each) => {
            const seq = policy.notices.get(each.key)?.[each.version - 1]?.publishedSeq
            const approval = seq === undefined ? undefined : await rooms.approvalOf(organisationId, seq)
            return { ...each, approval: approval ?? null }
          }),
        ),
      })
      const token = randomBytes(32).toString('base64url')
      const room = await rooms.open(
        organisationId,
        {
          ...sealedAnswer,
          ...{ tokenSha256: hashOf(token), why, expiresAtMs: by.atMs + body.days * dayMs },
        },
        by,
        detailOf(question),
      )
      return {
        status: 201,
        body: {
          ...listedBody({ ...room, views: 0, lastViewedAtMs: null }, by.atMs),
          ...{ content: room.content, content_sha256: room.contentSha256 },
          link: `${publicUrl}/room#${token}`,
        },
      }
    },
  })

/** POST /v1/public/rooms: the token travels in the body, so that no log has it. */
const lookIntoRoom = ({ rooms, clock }: ApiDeps) => {
  const limit = new RateLimit(looksAMinute)
  return route({
    method: 'post',
    path: '/v1/public/rooms',
    access: 'public',
    tag: 'Rooms',
    summary: 'What a room shows, with the token of its link; each look is written down',
    description: 'A room that has run out or was closed is `room_closed`, and shows nothing.',
    body: z.object({ token: text(64) }).openapi('RoomLook'),
    response: z.object({ ...sealed, created_at: z.iso.datetime(), expires_at: z.iso.datetime() }),
    headers: () => ({ 'X-Robots-Tag': 'noindex, nofollow', 'Referrer-Policy': 'no-referrer' }),
    handle: async ({ body: { token }, request }) => {
      const prefix = addressPrefix(peerAddress(request)).slice(0, 64)
      limit.count(prefix, clock())
      const found = await rooms.view(hashOf(token), { atMs: clock(), addressPrefix: prefix })
      if (found === undefined) throw unknownRoom()
      if (found.isClosed) {
        throw new AssentError(
          'room_closed',
          found.room.revokedAtMs === null ? 'This room has run out.' : 'This room was closed.',
        )
      }
      const { content, contentSha256, createdAtMs, expiresAtMs } = found.room
      return {
        body: {
          ...{ content, content_sha256: contentSha256 },
          ...{ created_at: iso(createdAtMs), expires_at: iso(expiresAtMs) },
        },
      }
    },
  })
}

const iso = (atMs: number) => new Date(atMs).toISOString()
const detailOf = ({
  subject: id,
  purpose: key,
  property,
}: {
  subject: SubjectId
  purpose: string
  property: string | null
}) => ({
  ...{ subject: id, purpose: key },
  ...(property === null ? {} : { property }),
})

function listedBody(room: RoomListed, nowMs: number): z.input<typeof listed> {
  const { id, content, why, createdBy, createdAtMs, expiresAtMs, revokedAtMs, views, lastViewedAtMs } = room
  return {
    ...{ id, question: content.question as z.input<typeof listed>['question'], state: stateOf(room, nowMs) },
    ...{ why: why.reason, note: why.note, created_by: createdBy, created_at: iso(createdAtMs) },
    expires_at: iso(expiresAtMs),
    revoked_at: revokedAtMs === null ? null : iso(revokedAtMs),
    views,
    last_viewed_at: lastViewedAtMs === null ? null : iso(lastViewedAtMs),
  }
}

function stateOf({ revokedAtMs, expiresAtMs }: Room, nowMs: number): 'open' | 'expired' | 'revoked' {
  if (revokedAtMs !== null) return 'revoked'
  return nowMs < expiresAtMs ? 'open' : 'expired'
}
