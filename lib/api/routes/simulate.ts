import type { z } from '@hono/zod-openapi'
import { because } from '../../domain/because.ts'
import type { Decision, Query } from '../../domain/decision.ts'
import { AssentError } from '../../domain/errors.ts'
import { parseInstant } from '../../domain/parse-instant.ts'
import { type Simulated, type SimulatedPerson, simulate } from '../../ledger/simulate.ts'
import { itemsOf } from '../../releases/approvals.ts'
import type { ApiDeps } from '../deps.ts'
import { route } from '../route.ts'
import { simulateRequest, simulateResponse } from '../schemas/simulate.ts'
import { candidateOf } from './read-releases.ts'

type Asked = z.output<typeof simulateRequest>

/** POST /v1/simulate: what would be answered about a person who is made up. Nothing is stored. */
export const simulateRoute = ({
  decisions,
  releases,
  clock,
}: Pick<ApiDeps, 'decisions' | 'releases' | 'clock'>) =>
  route({
    method: 'post',
    path: '/v1/simulate',
    access: { scope: 'config:read' },
    tag: 'Configuration',
    summary: 'What would be answered about someone who is made up, and why',
    description:
      'Her history is planned, folded and decided as a real one is, in memory, under the configuration as it stands, or as a release would leave it. Nothing is stored. She counts as seen under the regimes of her place.',
    body: simulateRequest,
    response: simulateResponse,
    handle: async ({ principal: { organisationId }, body }) => {
      const standing = decisions.policy(organisationId)
      if (standing === undefined) throw new AssentError('not_ready', 'The configuration is not there yet.')
      const policy = body.release
        ? candidateOf(standing, itemsOf(await releases.find(organisationId, body.release)))
        : standing
      const query = queryOf(body.question, clock())
      return { body: answerOf(simulate(policy, personOf(body.person), query), query.nowMs) }
    },
  })

function personOf(person: Asked['person']): SimulatedPerson {
  return {
    age: typeof person.age === 'number' ? person.age : null,
    country: person.country ?? null,
    region: person.region ?? null,
    gpc: person.gpc ?? false,
    history: (person.history ?? []).map((act) => ({
      atMs: parseInstant(act.at)!,
      act: act.act,
      purpose: act.purpose,
      property: act.property ?? null,
      notice: act.notice ?? null,
      method: act.method ?? null,
      actor: act.actor ?? 'subject',
      explicit: act.explicit ?? false,
      namesGpcConflict: act.names_gpc_conflict ?? false,
    })),
  }
}

function queryOf(question: Asked['question'], nowMs: number): Query {
  const { at, collected_at: collectedAt } = question
  return {
    purpose: question.purpose,
    nowMs: at ? parseInstant(at)! : nowMs,
    freshness: 'fresh',
    // One that cannot be read lies in the future, which the decision denies.
    collectedAtMs: collectedAt ? (parseInstant(collectedAt) ?? Number.MAX_SAFE_INTEGER) : null,
    demandsCollectedAt: false,
    property: question.property ?? null,
    categories: question.categories ?? null,
    recipient: question.recipient ?? null,
    regime: null,
    sourcePurpose: null,
  }
}

function answerOf(simulated: Simulated, nowMs: number) {
  const { decision, trace, restsOn } = simulated
  return {
    allowed: decision.allowed,
    reason: decision.reason,
    because: because(decision),
    decided_at: new Date(nowMs).toISOString(),
    notice: decision.basis.notice,
    ...obligationsOf(decision),
    rests_on: typeof restsOn === 'number' ? { history: restsOn } : restsOn,
    trace,
    history: simulated.statuses.map((status) => ({ status })),
    regimes: simulated.regimes.map((each) => ({
      key: each.key,
      version: each.version,
      name: each.name,
      territory: each.territory,
      rule: each.rule,
      basis: each.basis,
      rule_of: each.ruleOf,
      is_tightened_by_age: each.isTightenedByAge,
      consent_age: each.consentAge,
      consent_lifetime_days: each.consentLifetimeDays,
      gpc_refuses: each.gpcRefuses,
      decides: each.decides,
    })),
  }
}

function obligationsOf(decision: Decision) {
  if (!decision.allowed) return {}
  const { categories, collectedFromMs, useUntilMs } = decision.obligations
  return {
    obligations: {
      categories,
      collected_from: new Date(collectedFromMs).toISOString(),
      use_until: new Date(useUntilMs).toISOString(),
    },
    ...(decision.assumed.length === 0 ? {} : { assumed: decision.assumed }),
  }
}
