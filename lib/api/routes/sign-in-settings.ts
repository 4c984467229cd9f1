import { z } from '@hono/zod-openapi'
import { AssentError } from '../../domain/errors.ts'
import type { ApiDeps } from '../deps.ts'
import { route } from '../route.ts'

/** GET, PUT /v1/sign-in-settings and DELETE /v1/members/{id}/second-factor: how the organisation's members sign in. */
export const signInSettingsRoutes = ({ signInSettings, signInMethods, secondFactor, clock }: ApiDeps) => {
  const shared = { tag: 'Members', access: { scope: 'members:write' } } as const
  return [
    route({
      ...shared,
      method: 'get',
      path: '/v1/sign-in-settings',
      access: { scope: 'members:read' },
      summary: 'How members sign in, and who has a second factor',
      response: z.object({
        passwords: z.boolean(),
        provider: z
          .object({ name: z.string(), issuer: z.string() })
          .nullable()
          .openapi({ description: 'Configured by the operator; its secret is never shown.' }),
        require_second_factor: z.boolean(),
        members: z.array(
          z.object({
            id: z.string(),
            email: z.string(),
            has_second_factor: z.boolean(),
            is_known_to_provider: z.boolean(),
          }),
        ),
      }),
      handle: async ({ principal: { organisationId } }) => {
        const { requireSecondFactor, members } = await signInSettings.read(organisationId)
        const { hasPasswords, provider } = signInMethods
        return {
          body: {
            passwords: hasPasswords,
            provider: provider === undefined ? null : { name: provider.name, issuer: provider.issuer },
            require_second_factor: requireSecondFactor,
            members: members.map(({ id, email, hasSecondFactor, isKnownToProvider }) => ({
              ...{ id, email, has_second_factor: hasSecondFactor },
              is_known_to_provider: isKnownToProvider,
            })),
          },
        }
      },
    }),
    route({
      ...shared,
      method: 'put',
      path: '/v1/sign-in-settings',
      summary: 'Demand a second factor of all members, or no longer',
      description: 'At once: who has none can only add one (`second_factor_needed`) until she has.',
      body: z.object({ require_second_factor: z.boolean() }),
      response: z.object({}),
      handle: async ({ principal: { organisationId, name }, body }) => {
        const by = { actor: name, atMs: clock() }
        await signInSettings.requireSecondFactor(organisationId, body.require_second_factor, by)
        return { body: {} }
      },
    }),
    route({
      ...shared,
      method: 'delete',
      path: '/v1/members/{id}/second-factor',
      summary: 'Remove the second factor of a member who lost it; her sessions end',
      description: 'Not the caller’s own (`conflict`): that takes a code of it.',
      params: z.object({ id: z.string().max(64) }),
      response: z.object({}),
      handle: async ({ principal: { organisationId, name, member }, params: { id } }) => {
        if (member?.id === id)
          throw new AssentError('conflict', 'Remove your own at your account, by a code.')
        if (await secondFactor.removeFor(organisationId, id, name)) return { body: {} }
        throw new AssentError('not_found', 'There is no such member.')
      },
    }),
  ]
}
