import { z } from '@hono/zod-openapi'
import { exportKeyOf } from '../../auth/derive-keys.ts'
import { AssentError } from '../../domain/errors.ts'
import type { ApiDeps } from '../deps.ts'
import { route } from '../route.ts'

/** GET /v1/snapshots/key: what join keys are computed with. GET …/signature: what was signed of a snapshot. */
export const snapshotRoutes = ({ decisions, keys, snapshots }: ApiDeps) => [
  route({
    method: 'get',
    path: '/v1/snapshots/key',
    access: { scope: 'snapshots:read' },
    tag: 'Snapshots',
    summary: 'The key of your organisation’s join keys',
    description:
      'A join key is HMAC-SHA-256(key, namespace ‖ 0x00 ‖ id in its normal form), in lower-case hex. Whoever has this key can test guesses of identifiers against a snapshot: keep it like a password.',
    response: z.object({
      key: z.string().openapi({ description: '32 bytes, hex.' }),
      algorithm: z.literal('HMAC-SHA-256'),
      namespaces: z
        .record(z.string(), z.string())
        .openapi({ description: 'Normal forms by namespace; exact for all others.' }),
    }),
    handle: ({ principal: { organisationId } }) => ({
      body: {
        key: Buffer.from(exportKeyOf(keys, organisationId)).toString('hex'),
        algorithm: 'HMAC-SHA-256',
        namespaces: decisions.policy(organisationId)?.organisation.namespaces ?? {},
      },
    }),
  }),
  route({
    method: 'get',
    path: '/v1/snapshots/{purpose}/{id}/signature',
    access: { scope: 'snapshots:read' },
    tag: 'Snapshots',
    summary: 'The signed digest of a snapshot',
    description:
      'A compact JWS (EdDSA, typ assent-snapshot+jws) over digest, counts and revisions, by a key of /.well-known/jwks.json. It exists once the snapshot was sent whole.',
    params: z.object({ purpose: z.string().max(255), id: z.string().max(64) }),
    response: z.object({ signature: z.string() }),
    handle: async ({ principal: { organisationId }, params }) => {
      const signature = await snapshots.findSignature(organisationId, params.purpose, params.id)
      if (signature === undefined) throw new AssentError('not_found', 'There is no such snapshot.')
      return { body: { signature } }
    },
  }),
]
