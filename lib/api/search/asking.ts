import type { Decisions, Question } from '../../decisions/decisions.ts'
import { AssentError } from '../../domain/errors.ts'
import type { OrganisationId } from '../../domain/ids.ts'
import type { Policy } from '../../domain/policy.ts'
import type { Revision } from '../../domain/revision.ts'

/** How long a search waits for the revision that `at_least` names. */
const waitMs = 1_000

/**
 * Puts one question again and again with a part of it changed. A node that is stale would deny everyone, and a search
 * would seem to have found nobody: that is an error here, never an empty page.
 */
export class Asking {
  readonly organisationId: OrganisationId
  readonly policy: Policy
  readonly #decisions: Pick<Decisions, 'evaluate'>
  readonly #question: Question

  private constructor(
    decisions: Pick<Decisions, 'evaluate'>,
    organisationId: OrganisationId,
    policy: Policy,
    question: Question,
  ) {
    this.organisationId = organisationId
    this.policy = policy
    this.#decisions = decisions
    this.#question = question
  }

  /** Throws `regime_not_found`; `not_ready` where the node is stale or `atLeast` is not reached in a second. */
  static async begin(
    decisions: Pick<Decisions, 'evaluate' | 'policy' | 'waitFor'>,
    organisationId: OrganisationId,
    question: Question,
    atLeast: Revision | null,
  ): Promise<Asking> {
    if (atLeast !== null && !(await decisions.waitFor(atLeast, waitMs))) throw notReady()
    const policy = decisions.policy(organisationId)
    if (policy === undefined) throw notReady()
    if (question.regime !== null && !policy.regimes.has(question.regime)) {
      throw new AssentError('regime_not_found', `There is no regime ${JSON.stringify(question.regime)}.`)
    }
    return new Asking(decisions, organisationId, policy, question)
  }

  /** Whether the subject was ever recorded. */
  isKnown(): boolean {
    return this.#decisions.evaluate(this.organisationId, this.#question).isKnown
  }

  isPermitted(part: Partial<Question>): boolean {
    const { decision } = this.#decisions.evaluate(this.organisationId, { ...this.#question, ...part })
    if (decision.reason === 'stale') throw notReady()
    return decision.allowed
  }

  /** The same for another subject in the place of the question's first; nobody who was never recorded is. */
  isPermittedFor(namespace: string, id: string): boolean {
    const subjects = [{ namespace, id }, ...this.#question.subjects.slice(1)]
    const { decision, isKnown } = this.#decisions.evaluate(this.organisationId, {
      ...this.#question,
      subjects,
    })
    if (decision.reason === 'stale') throw notReady()
    return decision.allowed && isKnown
  }
}

const notReady = () => new AssentError('not_ready', 'This node cannot search now.')
