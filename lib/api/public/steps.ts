import { isAiTraining } from '../../domain/ai-training.ts'
import { combineRegimes, judgeCapacity } from '../../domain/combine-regimes.ts'
import { isSameBranch } from '../../domain/confirmation.ts'
import type { CompiledPurpose } from '../../domain/policy.ts'
import type { Capacity, SubjectState } from '../../domain/state.ts'
import { type DeviceView, isAsked } from './device-view.ts'

/**
 * What must come before a yes can be recorded: her confirmation by mail, her age, a guardian's confirmation by mail, or one
 * that is stronger than mail.
 */
export const steps = ['confirm', 'age', 'guardian', 'guardian_stronger'] as const
export type Step = (typeof steps)[number]

/** Null where a yes counts at once. A no never needs a step. */
export function stepOf(view: DeviceView, purpose: CompiledPurpose): Step | null {
  if (!isAsked(view, purpose)) return null
  const capacity = capacityIn(view, view.state?.age ?? null)
  if (capacity === 'age_unknown') return 'age'
  if (capacity === 'guardian_required') {
    return needsMoreThanMail(view, purpose) || isRefusedByHerself(view, purpose)
      ? 'guardian_stronger'
      : 'guardian'
  }
  return purpose.needsConfirmation ? 'confirm' : null
}

/** Whether a yes counts only from someone whose age is known: nobody else is asked for hers. */
export function asksAge(view: DeviceView): boolean {
  return capacityIn(view, null) === 'age_unknown'
}

/** What a yes given here now, by someone of that age, would be held to be. */
function capacityIn({ policy, regimes, country }: DeviceView, age: SubjectState['age']): Capacity {
  return judgeCapacity(combineRegimes(policy, regimes, null), age, country, 'subject')
}

/** AI training and special categories (GDPR Art. 9), in it or in a part that its yes would cover. */
function needsMoreThanMail({ policy }: DeviceView, { key }: CompiledPurpose): boolean {
  const special = new Set(
    policy.organisation.categories.flatMap((category) => (category.special ? [category.key] : [])),
  )
  return [...policy.purposes.values()].some(
    (part) =>
      (part.key === key || (part.key.startsWith(`${key}.`) && !part.isRetired)) &&
      (isAiTraining(part.key) || part.versions.at(-1)!.categories.some((each) => special.has(each))),
  )
}

/** Her own no, which no guardian's yes lifts. */
function isRefusedByHerself({ state, property }: DeviceView, { key }: CompiledPurpose): boolean {
  return (state?.rows ?? []).some(
    (row) =>
      isSameBranch(row.purpose, key) &&
      (row.property === null || row.property === property) &&
      row.refusals.some(({ byGuardian }) => !byGuardian),
  )
}
