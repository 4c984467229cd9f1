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
export function checkJson(answer: Answer): string {
  const { decision, nowMs } = answer
  return `{"allowed":${decision.allowed},${shared(answer)},"decided_at":"${new Date(nowMs).toISOString()}"}`
}

/** The body of an AuthZEN evaluation: everything but the decision is context. */
export function evaluationJson(answer: Answer): string {
  return `{"decision":${answer.decision.allowed},"context":{${shared(answer)}}}`
}

/** Written by hand: reasons, times and positions need no quoting, and one string is cheaper than many objects. */
function shared({ decision, revision }: Answer): string {
  const { seq, notice } = decision.basis
  const told =
    `"reason":"${decision.reason}","because":${JSON.stringify(because(decision))},` +
    `"revision":"${formatRevision(revision)}","event":${seq === null ? 'null' : `{"seq":${seq}}`},` +
    `"notice":${notice === null ? 'null' : JSON.stringify(notice)}`
  if (!decision.allowed) return told
  const { categories, collectedFromMs, useUntilMs } = decision.obligations
  const obligations =
    `"obligations":{"categories":${JSON.stringify(categories)},` +
    `"collected_from":"${new Date(collectedFromMs).toISOString()}",` +
    `"use_until":"${new Date(useUntilMs).toISOString()}"}`
  return decision.assumed.length === 0
    ? `${told},${obligations}`
    : `${told},${obligations},"assumed":${JSON.stringify(decision.assumed)}`
}
