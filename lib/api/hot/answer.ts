import type { Answer, Decisions } from '../../decisions/decisions.ts'
import { because } from '../../domain/because.ts'
import { AssentError } from '../../domain/errors.ts'
import type { OrganisationId } from '../../domain/ids.ts'
import { formatRevision } from '../../domain/revision.ts'
import type { Asked } from './read-question.ts'

/** How long an answer waits for the revision that `at_least` names. */
const waitMs = 1_000

/**
 * Asks once the wanted revision is applied; denies `stale` where it is not within a second. Throws
 * `regime_not_found`: a regime nobody knows must not be taken for a lax one.
 */
export function ask(
  decisions: Pick<Decisions, 'evaluate' | 'policy' | 'waitFor' | 'revision'>,
  organisationId: OrganisationId,
  { question, atLeast }: Asked,
): Answer | Promise<Answer> {
  const { regime } = question
  if (regime !== null && !decisions.policy(organisationId)?.regimes.has(regime)) {
    throw new AssentError('regime_not_found', `There is no regime ${JSON.stringify(regime)}.`)
  }
  if (atLeast === null) return decisions.evaluate(organisationId, question)
  return decisions.waitFor(atLeast, waitMs).then((isReached) => {
    const answer = decisions.evaluate(organisationId, question)
    if (isReached) return answer
    const basis = { seq: null, notice: null, atMs: null }
    return { ...answer, decision: { allowed: false, reason: 'stale', basis } }
  })
}

/** The body of `POST /v1/check`. */
export function checkBody(answer: Answer): Record<string, unknown> {
  const { decision, revision, nowMs } = answer
  return {
    allowed: decision.allowed,
    reason: decision.reason,
    because: because(decision),
    revision: formatRevision(revision),
    decided_at: new Date(nowMs).toISOString(),
    ...rest(answer),
  }
}

/** The body of an AuthZEN evaluation: everything but the decision is context. */
export function evaluationBody(answer: Answer): Record<string, unknown> {
  const { decision, revision } = answer
  return {
    decision: decision.allowed,
    context: {
      reason: decision.reason,
      because: because(decision),
      revision: formatRevision(revision),
      ...rest(answer),
    },
  }
}

function rest({ decision }: Answer): Record<string, unknown> {
  const { seq, notice } = decision.basis
  const shared = { event: seq === null ? null : { seq }, notice }
  if (!decision.allowed) return shared
  const { categories, collectedFromMs, useUntilMs } = decision.obligations
  return {
    ...shared,
    obligations: {
      categories,
      collected_from: new Date(collectedFromMs).toISOString(),
      use_until: new Date(useUntilMs).toISOString(),
    },
    ...(decision.assumed.length === 0 ? {} : { assumed: decision.assumed }),
  }
}
