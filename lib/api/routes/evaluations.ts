import { z } from '@hono/zod-openapi'
import type { Decisions } from '../../decisions/decisions.ts'
import { AssentError } from '../../domain/errors.ts'
import type { OrganisationId } from '../../domain/ids.ts'
import type { ApiDeps } from '../deps.ts'
import { ask, evaluationJson } from '../hot/answer.ts'
import { readEvaluation } from '../hot/read-question.ts'
import { route } from '../route.ts'
import { evaluationResponse, evaluationsRequest } from '../schemas/decisions.ts'

/** POST /access/v1/evaluations (AuthZEN 1.0 §7): many questions at once, each decided as if asked alone. */
export const evaluations = ({ decisions }: ApiDeps) =>
  route({
    method: 'post',
    path: '/access/v1/evaluations',
    access: { scope: 'decisions:read' },
    tag: 'Decisions',
    summary: 'Ask many questions at once (AuthZEN)',
    description:
      'Members at the top are defaults; an item’s member replaces the whole entity. A broken item is a no in a 200.',
    isAuthZen: true,
    body: evaluationsRequest,
    response: z.union([z.object({ evaluations: z.array(evaluationResponse) }), evaluationResponse]),
    handle: async ({ principal: { organisationId }, body }) => {
      const { evaluations: items, options, ...defaults } = body
      if (items === undefined || items === null || items.length === 0) {
        return { json: evaluationJson(await ask(decisions, organisationId, readEvaluation(defaults))) }
      }
      const semantic = options?.evaluations_semantic ?? 'execute_all'
      const answers: string[] = []
      for (const item of items) {
        const { isAllowed, json } = await answerItem(decisions, organisationId, defaults, item)
        answers.push(json)
        if (semantic === (isAllowed ? 'permit_on_first_permit' : 'deny_on_first_deny')) break
      }
      return { json: `{"evaluations":[${answers.join(',')}]}` }
    },
  })

async function answerItem(
  decisions: Decisions,
  organisationId: OrganisationId,
  defaults: object,
  item: unknown,
): Promise<{ readonly isAllowed: boolean; readonly json: string }> {
  try {
    const isObject = typeof item === 'object' && item !== null && !Array.isArray(item)
    const asked = readEvaluation(isObject ? { ...defaults, ...item } : item)
    const answer = await ask(decisions, organisationId, asked)
    return { isAllowed: answer.decision.allowed, json: evaluationJson(answer) }
  } catch (error) {
    if (!(error instanceof AssentError)) throw error
    const { code, message } = error
    return {
      isAllowed: false,
      json: JSON.stringify({ decision: false, context: { error: { code, message } } }),
    }
  }
}
