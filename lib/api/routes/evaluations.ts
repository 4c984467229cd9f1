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
        return {
          body: JSON.parse(evaluationJson(await ask(decisions, organisationId, readEvaluation(defaults)))),
        }
      }
      const semantic = options?.evaluations_semantic ?? 'execute_all'
      const answers: Record<string, unknown>[] = []
      for (const item of items) {
        const answer = await answerItem(decisions, organisationId, defaults, item)
        answers.push(answer)
        if (semantic === 'deny_on_first_deny' && answer.decision === false) break
        if (semantic === 'permit_on_first_permit' && answer.decision === true) break
      }
      return { body: { evaluations: answers } }
    },
  })

async function answerItem(
  decisions: Decisions,
  organisationId: OrganisationId,
  defaults: object,
  item: unknown,
): Promise<Record<string, unknown>> {
  try {
    const isObject = typeof item === 'object' && item !== null && !Array.isArray(item)
    const asked = readEvaluation(isObject ? { ...defaults, ...item } : item)
    return JSON.parse(evaluationJson(await ask(decisions, organisationId, asked)))
  } catch (error) {
    if (!(error instanceof AssentError)) throw error
    return { decision: false, context: { error: { code: error.code, message: error.message } } }
  }
}
