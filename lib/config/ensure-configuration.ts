import type { Decisions } from '../decisions/decisions.ts'
import type { ConfigBody } from '../domain/events.ts'
import type { OrganisationId } from '../domain/ids.ts'
import type { Policy } from '../domain/policy.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { starterConfiguration } from './starter.ts'

/**
 * Publishes what an installation lacks of the starter configuration, and nothing that it has: whatever an
 * officer published since stands. A changed public origin is added to the property `demo`.
 *
 * Harmless to repeat. Answers how many events it published.
 */
export async function ensureConfiguration(options: {
  readonly ledger: Pick<Ledger, 'publish'>
  readonly decisions: Pick<Decisions, 'policy'>
  readonly organisationId: OrganisationId
  readonly publicOrigin: string
}): Promise<number> {
  const policy = options.decisions.policy(options.organisationId)
  const missing = missingFrom(policy, starterConfiguration(options.publicOrigin))
  if (missing.length > 0) await options.ledger.publish(options.organisationId, missing)
  return missing.length
}

/** The bodies of `wanted` whose keys `policy` does not hold, in their order. */
export function missingFrom(
  policy: Policy | undefined,
  wanted: readonly ConfigBody[],
): readonly ConfigBody[] {
  if (policy === undefined) return wanted
  return wanted.flatMap((body): readonly ConfigBody[] => {
    switch (body.act) {
      case 'organisation_published':
        return []
      case 'regime_published':
        return policy.regimes.has(body.definition.key) ? [] : [body]
      case 'purpose_published':
        return policy.purposes.has(body.definition.key) ? [] : [body]
      case 'notice_published':
        return policy.notices.get(body.definition.key)?.[body.definition.version - 1] === undefined
          ? [body]
          : []
      case 'property_published': {
        const standing = policy.properties.get(body.definition.key)
        if (standing === undefined) return [body]
        const added = body.definition.origins.filter((origin) => !standing.origins.includes(origin))
        if (added.length === 0) return []
        return [{ ...body, definition: { ...standing, origins: [...standing.origins, ...added] } }]
      }
      default:
        return [body]
    }
  })
}
