import { z } from '@hono/zod-openapi'
import { fourEyesSettings, isFourEyes } from '../../domain/approvals-needed.ts'
import type { OrganisationId } from '../../domain/ids.ts'
import type { ApiDeps } from '../deps.ts'
import { route } from '../route.ts'

const fourEyes = z.enum(fourEyesSettings).openapi({
  description: 'Whether another person approves each release. auto: as soon as two members could approve.',
})
const settings = z
  .object({
    four_eyes: fourEyes,
    is_four_eyes: z.boolean().openapi({ description: 'What that means now.' }),
    may_approve: z.int().openapi({ description: 'How many members are owner or officer.' }),
  })
  .openapi('PublicationSettings')

/** GET and PUT /v1/settings/publication: who must see what is published before it is. */
export const settingsRoutes = ({ releases, clock }: Pick<ApiDeps, 'releases' | 'clock'>) => {
  const shared = { tag: 'Releases', path: '/v1/settings/publication', response: settings } as const
  const read = async (organisationId: OrganisationId) => {
    const { fourEyes, mayApprove } = await releases.store.terms(organisationId)
    return {
      body: {
        ...{ four_eyes: fourEyes, is_four_eyes: isFourEyes(fourEyes, mayApprove.length) },
        may_approve: mayApprove.length,
      },
    }
  }
  return [
    route({
      ...shared,
      method: 'get',
      access: { scope: 'config:read' },
      summary: 'Whether another person approves what is published',
      handle: ({ principal: { organisationId } }) => read(organisationId),
    }),
    route({
      ...shared,
      method: 'put',
      access: { scope: 'members:write', by: 'member' },
      summary: 'Settle whether another person approves what is published',
      description: 'By an owner. What turns a no into a yes takes two people whatever is settled here.',
      body: z.strictObject({ four_eyes: fourEyes }),
      handle: async ({ principal: { organisationId, name }, body }) => {
        await releases.store.setFourEyes(organisationId, body.four_eyes, { actor: name, atMs: clock() })
        return read(organisationId)
      },
    }),
  ]
}
