import { z } from '@hono/zod-openapi'
import { createAssertions } from '../../auth/assertions.ts'
import type { createSubjectTokens } from '../../auth/subject-tokens.ts'
import { AssentError } from '../../domain/errors.ts'
import type { Identifier } from '../../domain/identifier.ts'
import type { SubjectId } from '../../domain/ids.ts'
import type { ApiDeps } from '../deps.ts'
import { peerAddress } from '../peer-address.ts'
import { type Route, route } from '../route.ts'
import { text } from '../schemas/fields.ts'
import type { Callers } from './callers.ts'
import { addressPrefix, RateLimit } from './rate-limit.ts'

const assertionsAMinute = 120
const asDevice = (id: string): Identifier => ({ namespace: 'device', id })

/**
 * Who a property's host says is using the device. While they are linked, what either refuses is refused for both; a yes
 * never flows, neither here nor when the link ends.
 */
export function identityRoutes(
  deps: ApiDeps,
  tokens: ReturnType<typeof createSubjectTokens>,
  { originOf, tokenOf, cors }: Callers,
): readonly Route[] {
  const { decisions, ledger, persons, clock } = deps
  const organisationId = deps.publicOrganisation
  const assertions = createAssertions({ used: deps.usedTokens, clock })
  const taken = new RateLimit(assertionsAMinute)

  const identityOf = (property: string) =>
    decisions.policy(organisationId)?.properties.get(property)?.identity

  /** Ends the device's links with users of the host, but for one. Other links, which officers made, stay. */
  async function endLinks(device: Identifier, namespace: string, but: SubjectId | undefined): Promise<void> {
    const id = decisions.subjectOf(organisationId, device)
    const links = id === undefined ? [] : (decisions.state(organisationId, id)?.links ?? [])
    for (const { other, untilMs } of links) {
      if (untilMs !== null || other === but) continue
      const user = (await persons.identifiers(organisationId, other)).find(
        (each) => each.namespace === namespace && each.id !== null,
      )
      if (user?.id == null) continue
      await ledger.unlinkSubjects(organisationId, device, { namespace, id: user.id })
    }
  }

  const shared = {
    access: 'public',
    tag: 'People',
    params: z.object({ property: z.string().max(63) }),
    headers: cors,
    method: 'post',
  } as const

  return [
    route({
      ...shared,
      path: '/v1/public/{property}/identities',
      summary: 'Exchange the host’s word for who its user is',
      description:
        'A JWT under the algorithm and a key of the property’s definition: `aud` the property, `sub` the user’s id, `exp` at most five minutes after `iat`, `jti` once, `origin` where it is to serve on one site alone. With a device’s token the device is linked to the user: what either refuses is refused for both, a yes never flows; who was linked before is not any more. The answer is a token for fifteen minutes, bound to property and origin.',
      body: z.object({ assertion: text(4_096) }),
      response: z.object({ token: z.string(), expires_at: z.iso.datetime() }),
      status: 201,
      handle: async ({ params: { property }, body, request }) => {
        const origin = originOf(request, property)
        const identity = identityOf(property)
        if (identity === undefined) {
          throw new AssentError('not_found', 'This property’s host does not say who its users are.')
        }
        taken.count(`${property} ${addressPrefix(peerAddress(request))}`, clock())
        const device = (await tokenOf(request, property))?.device ?? null
        const subject = await assertions.read(body.assertion, { organisationId, property, identity, origin })
        if (device !== null) {
          const user = decisions.subjectOf(organisationId, subject)
          await endLinks(asDevice(device), identity.namespace, user)
          await ledger.linkSubjects(organisationId, asDevice(device), subject)
        }
        const signed = await tokens.signSubject({ subject, device, knownBy: 'assertion', property, origin })
        return {
          status: 201,
          body: { token: signed.token, expires_at: new Date(signed.expiresAtMs).toISOString() },
        }
      },
    }),
    route({
      ...shared,
      path: '/v1/public/{property}/sign-out',
      summary: 'The user leaves the device',
      description:
        'Ends the device’s links with users of the host. What was refused while linked stays refused for both.',
      body: z.looseObject({}),
      response: z.object({ signed_out: z.literal(true) }),
      handle: async ({ params: { property }, request }) => {
        const token = await tokenOf(request, property)
        if (token === undefined) throw new AssentError('token_invalid', 'A token is needed.')
        const identity = identityOf(property)
        if (identity !== undefined && token.device !== null) {
          await endLinks(asDevice(token.device), identity.namespace, undefined)
        }
        return { body: { signed_out: true } }
      },
    }),
  ]
}
