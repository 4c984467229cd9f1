import { z } from '@hono/zod-openapi'
import { parseIdentifier } from '../../domain/identifier.ts'
import { formatRevision } from '../../domain/revision.ts'
import type { ApiDeps } from '../deps.ts'
import { doerOf } from '../people/person-access.ts'
import { route } from '../route.ts'
import { revision, subject } from '../schemas/fields.ts'

const years = z.int().min(0).max(130).nullable()

/**
 * POST /v1/ages: how old somebody is, as a service or an officer knows it. What she says later on the preference page is not
 * held to be older than that.
 */
export const recordAge = (deps: Pick<ApiDeps, 'ledger' | 'decisions' | 'people' | 'clock'>) =>
  route({
    method: 'post',
    path: '/v1/ages',
    access: { scope: 'consents:write' },
    tag: 'Consents',
    summary: 'Record how old somebody is, in years',
    description:
      'Yeses given from then on are judged by it; those given before stay as they were judged. Members: written down as `age_recorded`.',
    body: z
      .strictObject({
        subject,
        at_least: years.openapi({ example: 16, description: 'Null where only an upper bound is known.' }),
        below: years.openapi({ example: null, description: 'She is younger than that; null for no bound.' }),
      })
      .refine(({ at_least, below }) => at_least !== null || below !== null, {
        path: ['at_least'],
        message: 'or below must be a number of years',
      })
      .refine(({ at_least, below }) => at_least === null || below === null || at_least < below, {
        path: ['below'],
        message: 'must be more than at_least',
      }),
    response: z.object({ revision }),
    status: 201,
    handle: async ({ principal, body }) => {
      const { organisationId } = principal
      const whom = parseIdentifier(body.subject)!
      const recorded = await deps.ledger.recordFact(organisationId, whom, {
        ...{ act: 'age_stated', atLeast: body.at_least, below: body.below },
      })
      if (principal.member !== undefined) {
        const detail = { subject: deps.decisions.subjectOf(organisationId, whom) ?? '' }
        await deps.people.act(organisationId, 'age_recorded', detail, doerOf(principal, deps))
      }
      return { status: 201, body: { revision: formatRevision(recorded.revision) } }
    },
  })
