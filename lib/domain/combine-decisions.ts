import type { Decision, Permit } from './decision.ts'
import { impossible } from './errors.ts'

/**
 * One answer about a record with several subjects: all must be permitted. The first one's own refusal is named as
 * it is, another's only as `co_subject_denied`, so that nobody learns of one person through another. A permit's
 * obligations are the narrowest of all.
 */
export function combineDecisions(decisions: readonly Decision[]): Decision {
  const [first, ...others] = decisions
  if (first === undefined) return impossible('a decision about nobody')
  if (!first.allowed) return first
  if (others.some(({ allowed }) => !allowed)) {
    return { allowed: false, reason: 'co_subject_denied', basis: { seq: null, notice: null, atMs: null } }
  }
  return (others as Permit[]).reduce(narrow, first)
}

function narrow(a: Permit, b: Permit): Permit {
  return {
    ...a,
    obligations: {
      categories: a.obligations.categories.filter((key) => b.obligations.categories.includes(key)),
      collectedFromMs: Math.max(a.obligations.collectedFromMs, b.obligations.collectedFromMs),
      useUntilMs: Math.min(a.obligations.useUntilMs, b.obligations.useUntilMs),
    },
  }
}
