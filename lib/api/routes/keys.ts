import { z } from '@hono/zod-openapi'
import { makeApiKey } from '../../auth/api-keys.ts'
import type { ApiKeyDefinition } from '../../domain/definitions.ts'
import { AssentError } from '../../domain/errors.ts'
import { formatRevision, type Revision } from '../../domain/revision.ts'
import type { Principal } from '../authenticate.ts'
import type { ApiDeps } from '../deps.ts'
import type { KeyListed } from '../key-store.ts'
import { route } from '../route.ts'
import { revision, scope, text } from '../schemas/fields.ts'

const keyShown = z.object({
  id: z.string(),
  name: z.string(),
  prefix: z.string(),
  scopes: z.array(z.string()),
  legal_entity: z.string().nullable(),
  replaces: z.string().nullable().openapi({ description: 'The key whose place it takes.' }),
})
const instant = z.iso.datetime().nullable()

/** What is answered once, and never again. */
export const keyMade = keyShown.extend({ key: z.string(), revision })

/** A key and what it is called by, as its maker gets them. */
export function madeBody(secret: string, definition: ApiKeyDefinition, at: Revision): object {
  const { id, name, prefix, scopes, legalEntity, replaces } = definition
  return {
    ...{ id, name, prefix, scopes, legal_entity: legalEntity ?? null, replaces: replaces ?? null },
    ...{ key: secret, revision: formatRevision(at) },
  }
}

/** Nobody hands out what she does not hold. Throws `scope_missing`. */
export function mayGiveScopes({ scopes }: Pick<Principal, 'scopes'>, wanted: readonly string[]): void {
  const beyond = wanted.find((each) => !scopes.includes(each))
  if (beyond === undefined) return
  throw new AssentError('scope_missing', `The caller does not have the scope ${beyond} itself.`)
}

/** POST, GET and DELETE /v1/keys: a key is shown once; a revocation is in the log and acts at once. */
export const keyRoutes = ({ ledger, decisions, keyStore, usage, clock }: ApiDeps) => [
  route({
    method: 'post',
    path: '/v1/keys',
    access: { scope: 'keys:write' },
    tag: 'Keys',
    summary: 'Make an API key; it is shown once',
    description: 'The caller needs every scope that she gives.',
    body: z
      .object({
        name: text(100),
        scopes: z.array(scope).min(1).max(20),
        legal_entity: text(200).optional().openapi({ description: 'The company that holds the key.' }),
      })
      .openapi('KeyRequest'),
    response: keyMade,
    status: 201,
    handle: async ({ principal, body }) => {
      mayGiveScopes(principal, body.scopes)
      const { secret, definition } = makeApiKey(body.name, [...new Set(body.scopes)], {
        createdBy: principal.name,
        ...(body.legal_entity === undefined ? {} : { legalEntity: body.legal_entity }),
      })
      const { revision: at } = await ledger.publish(principal.organisationId, [
        { act: 'key_created', definition },
      ])
      return { status: 201, body: madeBody(secret, definition, at) }
    },
  }),
  route({
    method: 'get',
    path: '/v1/keys',
    access: { scope: 'audit:read', or: 'keys:write' },
    tag: 'Keys',
    summary: 'Live API keys, without the keys themselves',
    query: z.object({
      revoked: z
        .enum(['true', 'false'])
        .default('false')
        .openapi({ description: '`true` for those that were revoked or have ended, instead.' }),
    }),
    response: z.object({
      keys: z.array(
        keyShown.extend({
          created_at: z.iso.datetime(),
          created_by: z.string().nullable().openapi({
            description: '`member:` and her id, or a key’s id; null for one that came with the installation.',
          }),
          created_by_name: z.string().nullable().openapi({
            description: 'A member’s address is shown to who may read members.',
          }),
          expires_at: instant.openapi({ description: 'It is a key until then, and not from then on.' }),
          revoked_at: instant,
          revoked_by: z.string().nullable(),
          last_used_at: instant.openapi({
            description: 'To the minute, whatever for. Nodes that only decide tell nobody.',
          }),
        }),
      ),
    }),
    handle: async ({ principal: { organisationId, scopes }, query }) => {
      const nowMs = clock()
      const isOver = ({ revokedAtMs, endsAtMs }: KeyListed) =>
        revokedAtMs !== null || (endsAtMs !== null && endsAtMs <= nowMs)
      const keys = (await keyStore.list(organisationId))
        .filter((key) => isOver(key) === (query.revoked === 'true'))
        .map((key) => shown(key, usage.uses.lastMs(key.id, nowMs), scopes.includes('members:read')))
      return { body: { keys } }
    },
  }),
  route({
    method: 'delete',
    path: '/v1/keys/{id}',
    access: { scope: 'keys:write' },
    tag: 'Keys',
    summary: 'Revoke an API key, at once',
    params: z.object({ id: z.string().max(64) }),
    response: z.object({ revision }),
    handle: async ({ principal: { organisationId, name: by }, params }) => {
      if (!decisions.policy(organisationId)?.keys.has(params.id)) {
        throw new AssentError('not_found', 'There is no such key.')
      }
      const { revision: at } = await ledger.publish(organisationId, [
        { act: 'key_revoked', key: params.id, by },
      ])
      return { body: { revision: formatRevision(at) } }
    },
  }),
]

function shown(key: KeyListed, usedMs: number | undefined, mayNameMembers: boolean): object {
  const at = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())
  const mayName = mayNameMembers || !key.createdBy?.startsWith('member:')
  const lastUsedMs = Math.max(usedMs ?? 0, key.lastUsedAtMs ?? 0)
  return {
    ...{ id: key.id, name: key.name, prefix: key.prefix, scopes: key.scopes },
    ...{ legal_entity: key.legalEntity, replaces: key.replaces, created_at: at(key.createdAtMs) },
    ...{ created_by: key.createdBy, created_by_name: mayName ? key.createdByName : null },
    ...{ expires_at: at(key.endsAtMs), revoked_at: at(key.revokedAtMs), revoked_by: key.revokedBy },
    last_used_at: lastUsedMs === 0 ? null : at(lastUsedMs),
  }
}
