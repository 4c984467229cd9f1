import type { Policy } from '../domain/policy.ts'
import { QuestionPlan, type QuestionTerms } from './index/question-plan.ts'
import type { Shapes } from './index/shapes.ts'

/** Questions name what they like; past this many kinds of them plans are made anew. */
const plansMax = 500

/** One organisation's policy, and the plans of questions asked under it. */
export class OrganisationPolicy {
  readonly policy: Policy
  readonly #shapes: Shapes
  readonly #plain = new Map<string, QuestionPlan>()
  readonly #others = new Map<string, QuestionPlan>()

  constructor(policy: Policy, shapes: Shapes) {
    this.policy = policy
    this.#shapes = shapes
  }

  /** `terms` is kept with the plan; it must not change. */
  plan(terms: QuestionTerms): QuestionPlan {
    const { purpose, property, categories, recipient, regime, sourcePurpose } = terms
    const isPlain =
      property === null &&
      categories === null &&
      recipient === null &&
      regime === null &&
      sourcePurpose === null
    if (isPlain && !terms.demandsCollectedAt) {
      return this.#plain.get(purpose) ?? this.#make(this.#plain, purpose, terms)
    }
    const key = JSON.stringify([
      ...[purpose, property, recipient, regime, sourcePurpose],
      ...[terms.demandsCollectedAt, categories],
    ])
    return this.#others.get(key) ?? this.#make(this.#others, key, terms)
  }

  #make(plans: Map<string, QuestionPlan>, key: string, terms: QuestionTerms): QuestionPlan {
    if (plans.size >= plansMax) plans.clear()
    const plan = new QuestionPlan(this.policy, terms, this.#shapes)
    plans.set(key, plan)
    return plan
  }
}
