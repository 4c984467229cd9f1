import { AssentError } from '../../domain/errors.ts'
import type { ApiDeps } from '../deps.ts'
import { ask, checkJson } from '../hot/answer.ts'
import { readCheck } from '../hot/read-question.ts'
import { route } from '../route.ts'
import { checkRequest, explainResponse } from '../schemas/decisions.ts'

/** POST /v1/explain: the same decision as /v1/check, with every row of the table and what it saw. */
export const explain = ({ decisions }: Pick<ApiDeps, 'decisions'>) =>
  route({
    method: 'post',
    path: '/v1/explain',
    access: { scope: 'decisions:read' },
    tag: 'Decisions',
    summary: 'Why? Every row of the decision, in order',
    body: checkRequest,
    response: explainResponse,
    handle: async ({ principal: { organisationId }, body }) => {
      const asked = readCheck(body)
      // Asked once to hold the same rules: an unknown regime is an error, `at_least` is waited for.
      const answer = await ask(decisions, organisationId, asked)
      if (answer.decision.reason === 'stale')
        throw new AssentError('not_ready', 'This node is not fresh enough.')
      const explained = decisions.explain(organisationId, asked.question)
      return { json: `${checkJson(explained).slice(0, -1)},"trace":${JSON.stringify(explained.trace)}}` }
    },
  })
