import { z } from '@hono/zod-openapi'
import type { ApiDeps } from '../deps.ts'
import { memberOf, route } from '../route.ts'
import { text } from '../schemas/fields.ts'

/** GET, POST /v1/account/second-factor, POST …/confirm and …/remove: a member's own second factor. */
export const secondFactorRoutes = ({ secondFactor }: Pick<ApiDeps, 'secondFactor'>) => {
  const shared = { tag: 'Members', access: 'member', isForEnrolment: true } as const
  const code = z.object({
    code: text(64).openapi({ description: 'Six digits of the app, or a recovery code.', example: '123456' }),
  })
  return [
    route({
      ...shared,
      method: 'get',
      path: '/v1/account/second-factor',
      summary: 'Whether you have a second factor',
      response: z.object({
        confirmed_at: z.iso.datetime().nullable().openapi({ description: 'Null where you have none.' }),
        recovery_codes_left: z.int(),
      }),
      handle: async ({ principal }) => {
        const { confirmedAtMs, recoveryCodesLeft } = await secondFactor.find(
          principal.organisationId,
          memberOf(principal).id,
        )
        const confirmed_at = confirmedAtMs === null ? null : new Date(confirmedAtMs).toISOString()
        return { body: { confirmed_at, recovery_codes_left: recoveryCodesLeft } }
      },
    }),
    route({
      ...shared,
      method: 'post',
      path: '/v1/account/second-factor',
      summary: 'Begin to add a second factor (TOTP); the secret is shown once',
      description: 'It counts once a code has confirmed it. `conflict` where you have one.',
      response: z.object({
        secret: z.string().openapi({ description: 'Base32.' }),
        uri: z.string().openapi({ description: 'otpauth://…, as authenticator apps read it.' }),
      }),
      status: 201,
      handle: async ({ principal }) => ({
        body: await secondFactor.begin(principal.organisationId, memberOf(principal).id),
      }),
    }),
    route({
      ...shared,
      method: 'post',
      path: '/v1/account/second-factor/confirm',
      summary: 'Confirm the second factor by a code; all your sessions end',
      description: 'Answers ten recovery codes, shown once, each of which signs you in once without the app.',
      body: code,
      response: z.object({ recovery_codes: z.array(z.string()) }),
      handle: async ({ principal, body }) => ({
        body: {
          recovery_codes: await secondFactor.confirm(
            principal.organisationId,
            memberOf(principal).id,
            body.code,
          ),
        },
      }),
    }),
    route({
      ...shared,
      method: 'post',
      path: '/v1/account/second-factor/remove',
      summary: 'Remove your second factor by a code of it; all your sessions end',
      body: code,
      response: z.object({}),
      handle: async ({ principal, body }) => {
        await secondFactor.removeOwn(principal.organisationId, memberOf(principal).id, body.code)
        return { body: {} }
      },
    }),
  ]
}
