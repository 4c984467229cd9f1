import { randomUUID } from 'node:crypto'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import { OpenAPIHono } from '@hono/zod-openapi'
import { AssentError } from '../domain/errors.ts'
import { InternalCredential } from './authenticate.ts'
import { createDecisionApi } from './create-decision-api.ts'
import type { ApiDeps } from './deps.ts'
import type { FastLane } from './hot/fast-lane.ts'
import { isGet } from './is-asked.ts'
import { addNodeRoutes } from './node-routes.ts'
import { problemOf } from './problem.ts'
import { replicaStateRoute } from './replica-state-route.ts'
import { addRoute } from './route.ts'
import { explain } from './routes/explain.ts'
import { foundFilter } from './routes/reading.ts'
import { replicaEvents } from './routes/replica.ts'

/**
 * Everything a node answers that only decides: the questions, and the feed for nodes that follow it in turn. Every
 * other address says what this node is, and whom it follows.
 */
export function createDecisionNodeApi(
  deps: Pick<
    ApiDeps,
    | 'decisions'
    | 'filters'
    | 'usage'
    | 'replica'
    | 'publicOrganisation'
    | 'publicUrl'
    | 'limits'
    | 'clock'
    | 'log'
  > & {
    /** Whom it follows, in words. */
    readonly follows: string
  },
): {
  readonly handler: (request: IncomingMessage, response: ServerResponse) => void
  readonly openFastLane: (server: Server) => FastLane
} {
  const { decisions, publicUrl, log } = deps
  const asked = createDecisionApi(deps)
  const { authenticator, metrics } = asked
  const replicaState = replicaStateRoute({
    ...{ authenticator, metrics, publicUrl, log },
    replica: deps.replica,
    operator: deps.publicOrganisation,
  })

  const app = new OpenAPIHono<{ Bindings: HttpBindings }>()
  // Nobody signs in here: the credential is known to no one.
  const internal = new InternalCredential(randomUUID(), { find: async () => undefined })
  for (const route of [explain(deps), foundFilter(deps), replicaEvents(deps)]) {
    addRoute(app, route, { authenticator, internal, publicUrl, log, metrics })
  }
  addNodeRoutes(app, { decisions, authenticator, metrics, publicUrl, role: 'decisions' })
  const problem = (error: unknown) => {
    const { status, body, headers } = problemOf(error, { publicUrl })
    return new Response(body, { status, headers })
  }
  app.notFound(() =>
    problem(
      new AssentError(
        'node_only_decides',
        `This node only answers questions (--role=decisions). It follows ${deps.follows}.`,
      ),
    ),
  )
  app.onError((error) => {
    log.error({ err: error }, 'a call failed')
    return problem(error)
  })
  const rest = getRequestListener(app.fetch, { overrideGlobalObjects: false })

  return {
    openFastLane: asked.openFastLane,
    handler(request, response) {
      const answers = asked.handlerOf(request)
      if (answers !== undefined) answers(request, response)
      else if (isGet(request, '/v1/replica/state')) replicaState(request, response)
      else void rest(request, response)
    },
  }
}
