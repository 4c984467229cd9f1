import { z } from '@hono/zod-openapi'
import { makeApiKey } from '../../auth/api-keys.ts'
import { AssentError } from '../../domain/errors.ts'
import { formatRevision } from '../../domain/revision.ts'
import type { ApiDeps } from '../deps.ts'
import { route } from '../route.ts'
import { revision, scope, text } from '../schemas/fields.ts'

const keyShown = z.object({
  id: z.string(),
  name: z.string(),
  prefix: z.string(),
  scopes: z.array(z.string()),
})

/** POST, GET and DELETE /v1/keys: a key is shown once; a revocation is in the log and acts at once. */
export const keyRoutes = ({ ledger, decisions }: ApiDeps) => [
  route({
    method: 'post',
    path: '/v1/keys',
    access: { scope: 'keys:write' },
    tag: 'Keys',
    summary: 'Make an API key; it is shown once',
    body: z.object({ name: text(100), scopes: z.array(scope).min(1).max(20) }).openapi('KeyRequest'),
    response: keyShown.extend({ key: z.string(), revision }),
    status: 201,
    handle: async ({ principal, body }) => {
      // Nobody hands out what she does not hold.
      const beyond = body.scopes.find((wanted) => !principal.scopes.includes(wanted))
      if (beyond !== undefined) {
        throw new AssentError('scope_missing', `The caller does not have the scope ${beyond} itself.`)
      }
      const { secret, definition } = makeApiKey(body.name, [...new Set(body.scopes)])
      const { revision: at } = await ledger.publish(principal.organisationId, [
        { act: 'key_created', definition },
      ])
      const { id, name, prefix, scopes } = definition
      return { status: 201, body: { id, name, prefix, scopes, key: secret, revision: formatRevision(at) } }
    },
  }),
  route({
    method: 'get',
    path: '/v1/keys',
    access: { scope: 'keys:write' },
    tag: 'Keys',
    summary: 'Live API keys, without the keys themselves',
    response: z.object({ keys: z.array(keyShown) }),
    handle: ({ principal: { organisationId } }) => ({
      body: {
        keys: [...(decisions.policy(organisationId)?.keys.values() ?? [])].map(
          ({ id, name, prefix, scopes }) => ({ id, name, prefix, scopes }),
        ),
      },
    }),
  }),
  route({
    method: 'delete',
    path: '/v1/keys/{id}',
    access: { scope: 'keys:write' },
    tag: 'Keys',
    summary: 'Revoke an API key, at once',
    params: z.object({ id: z.string().max(64) }),
    response: z.object({ revision }),
    handle: async ({ principal: { organisationId }, params }) => {
      if (!decisions.policy(organisationId)?.keys.has(params.id)) {
        throw new AssentError('not_found', 'There is no such key.')
      }
      const { revision: at } = await ledger.publish(organisationId, [{ act: 'key_revoked', key: params.id }])
      return { body: { revision: formatRevision(at) } }
    },
  }),
]
