import { z } from '@hono/zod-openapi'
import { makeApiKey } from '../../auth/api-keys.ts'
import { AssentError } from '../../domain/errors.ts'
import type { ConfigBody } from '../../domain/events.ts'
import type { ApiDeps } from '../deps.ts'
import { route } from '../route.ts'
import { keyMade, madeBody, mayGiveScopes } from './keys.ts'

const hourMs = 3_600_000
const overlapHoursMax = 720

/**
 * POST /v1/keys/{id}/rotate: a successor with the same name, scopes and holder, and an end for the key whose place it
 * takes, in one write. An end that was said before stands where it comes sooner.
 */
export const rotateKey = ({ ledger, decisions, clock }: ApiDeps) =>
  route({
    method: 'post',
    path: '/v1/keys/{id}/rotate',
    access: { scope: 'keys:write' },
    tag: 'Keys',
    summary: 'Put another key in a key’s place; both work for so many hours',
    description:
      'The new key is shown once. The old one ends `overlap_hours` from now, to the millisecond, on every node and without a further call; with 0 it is revoked at once. The caller needs every scope of the key.',
    params: z.object({ id: z.string().max(64) }),
    body: z
      .object({
        overlap_hours: z
          .int()
          .min(0)
          .max(overlapHoursMax)
          .openapi({ example: 24, description: 'Both work so long.' }),
      })
      .openapi('KeyRotation'),
    response: keyMade.extend({
      replaced: z.object({
        id: z.string(),
        expires_at: z.iso.datetime().nullable().openapi({ description: 'Null where it was revoked.' }),
      }),
    }),
    status: 201,
    handle: async ({ principal, params, body }) => {
      const { organisationId, name: by } = principal
      const nowMs = clock()
      const old = decisions.policy(organisationId)?.keys.get(params.id)
      if (old === undefined || (old.endsAtMs !== null && old.endsAtMs <= nowMs)) {
        throw new AssentError('not_found', 'There is no such key.')
      }
      mayGiveScopes(principal, old.scopes)
      const { secret, definition } = makeApiKey(old.name, old.scopes, {
        ...{ createdBy: by, replaces: old.id },
        ...(old.legalEntity === undefined ? {} : { legalEntity: old.legalEntity }),
      })
      const wantedMs = nowMs + body.overlap_hours * hourMs
      const endsAtMs = Math.min(wantedMs, old.endsAtMs ?? wantedMs)
      const ending: ConfigBody =
        body.overlap_hours === 0
          ? { act: 'key_revoked', key: old.id, by }
          : { act: 'key_expires', key: old.id, atMs: endsAtMs, by }
      const { revision: at } = await ledger.publish(organisationId, [
        { act: 'key_created', definition },
        ending,
      ])
      const expires_at = body.overlap_hours === 0 ? null : new Date(endsAtMs).toISOString()
      return {
        status: 201,
        body: { ...madeBody(secret, definition, at), replaced: { id: old.id, expires_at } },
      }
    },
  })
