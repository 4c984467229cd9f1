import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Decisions } from '../decisions/decisions.ts'
import type { EvidenceFollower } from '../jobs/project-evidence.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { Authenticator } from './authenticate.ts'
import type { ApiDeps } from './deps.ts'
import { evaluationsRoute } from './evaluations-route.ts'
import { filterRoute } from './filter-route.ts'
import { type FastLane, openFastLane } from './hot/fast-lane.ts'
import { hotQuestions, hotRoute } from './hot/hot-route.ts'
import { KeyLimits } from './limits/key-limits.ts'
import { createMetrics, type Metrics, type OtherCounts } from './metrics.ts'
import { resolveRoute } from './resolve-route.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** The routes that answer from the index alone. */
export type DecisionApi = {
  /** What answers the request; undefined where it is no question of this kind. */
  readonly handlerOf: (request: IncomingMessage) => Handler | undefined
  /** The paths of these questions; each is a POST. */
  readonly paths: readonly string[]
  /** Answers plain questions before `server` reads them; see `openFastLane`. */
  readonly openFastLane: (server: Server) => FastLane
  readonly authenticator: Authenticator
  readonly metrics: Metrics
  readonly limits: KeyLimits
}

/** What any process that holds an index can answer: the main one, and each worker. Plain writes go through its lane. */
export function createDecisionApi(
  deps: Pick<ApiDeps, 'filters' | 'limits' | 'clock' | 'publicUrl' | 'log' | 'usage'> & {
    readonly decisions: Decisions
    readonly others?: OtherCounts | undefined
    /** Where this process is the one that writes. */
    readonly ledger?: Pick<Ledger, 'recordConsents' | 'load'> | undefined
    /** Where this process makes the log of evidence. */
    readonly evidence?: Pick<EvidenceFollower, 'lag'> | undefined
  },
): DecisionApi {
  const { decisions, usage, publicUrl, log } = deps
  const authenticator = new Authenticator(decisions, usage.uses)
  const limits = new KeyLimits(deps.limits)
  const counted = { usage: usage.counts, limits, ledger: deps.ledger, evidence: deps.evidence }
  const metrics = createMetrics(decisions, counted, deps.others)
  const shared = { decisions, authenticator, metrics, usage, publicUrl, log }
  const byPath = new Map<string, Handler>([
    ...hotQuestions.map((question): [string, Handler] => [question.path, hotRoute(question, shared)]),
    ['/access/v1/evaluations', evaluationsRoute(shared)],
    ['/v1/filter', filterRoute({ ...shared, limits, filters: deps.filters })],
    ['/v1/resolve', resolveRoute({ ...shared, limits, clock: deps.clock })],
  ])
  return {
    handlerOf({ method, url = '/' }) {
      if (method !== 'POST') return undefined
      const end = url.indexOf('?')
      return byPath.get(end < 0 ? url : url.slice(0, end))
    },
    paths: [...byPath.keys()],
    openFastLane: (server) => openFastLane(server, { ...shared, ledger: deps.ledger }),
    authenticator,
    metrics,
    limits,
  }
}
