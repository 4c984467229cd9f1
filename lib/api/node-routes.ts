import type { HttpBindings } from '@hono/node-server'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Decisions } from '../decisions/decisions.ts'
import { AssentError } from '../domain/errors.ts'
import { formatRevision } from '../domain/revision.ts'
import type { Authenticator } from './authenticate.ts'
import type { Metrics, OtherCounts } from './metrics.ts'
import { problemOf } from './problem.ts'

/** What every node says of itself: whether it lives and is ready, its metrics, and where it is asked. */
export function addNodeRoutes(
  app: OpenAPIHono<{ Bindings: HttpBindings }>,
  node: {
    readonly decisions: Decisions
    readonly authenticator: Authenticator
    readonly metrics: Metrics
    readonly publicUrl: string
    readonly role: 'all' | 'decisions'
    readonly workers?: OtherCounts | undefined
  },
): void {
  const { decisions, authenticator, metrics, publicUrl, role, workers } = node
  const problem = (error: unknown) => problemOf(error, { publicUrl })

  app.get('/healthz', () => Response.json({ status: 'ok' }))
  app.get('/readyz', () => {
    const lagMs = Math.round(decisions.lagMs())
    const state = {
      ready: decisions.isReady(),
      role,
      revision: formatRevision(decisions.revision()),
      lag_ms: Number.isFinite(lagMs) ? lagMs : null,
      ...(workers === undefined ? {} : { workers: { live: workers.live(), wanted: workers.wanted } }),
    }
    if (state.ready) return Response.json(state)
    const { status, body, headers } = problem(
      new AssentError('not_ready', 'This node does not know enough of the log to answer.'),
    )
    return new Response(JSON.stringify({ ...JSON.parse(body), ...state }), { status, headers })
  })
  app.get('/metrics', async (c) => {
    try {
      authenticator.key(c.env.incoming.headers.authorization, 'audit:read')
    } catch (error) {
      const { status, body, headers } = problem(error)
      return new Response(body, { status, headers })
    }
    return new Response(await metrics.text(), { headers: { 'Content-Type': metrics.contentType } })
  })
  app.get('/.well-known/authzen-configuration', () =>
    Response.json({
      policy_decision_point: publicUrl,
      access_evaluation_endpoint: `${publicUrl}/access/v1/evaluation`,
      access_evaluations_endpoint: `${publicUrl}/access/v1/evaluations`,
      ...(role === 'all'
        ? {
            search_subject_endpoint: `${publicUrl}/access/v1/search/subject`,
            search_action_endpoint: `${publicUrl}/access/v1/search/action`,
            search_resource_endpoint: `${publicUrl}/access/v1/search/resource`,
          }
        : {}),
    }),
  )
}
